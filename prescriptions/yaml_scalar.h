// What a YAML scalar is, by the rules of YAML 1.1: `yes` is a boolean, `010` is 8, `1:30` is 90,
// `1e3` is a string. Only the core types; dates are told apart so that they are not taken for
// strings.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace prescriptions {

enum class ScalarType : std::uint8_t {
  kNull,
  kBool,
  kInt,
  kFloat,
  kTimestamp,
  kString,
  kMerge,
  kValue
};

// The type of a plain (unquoted, untagged) scalar.
ScalarType plain_scalar_type(std::string_view text);

// Values of scalars of that type. None if the number is too large for us.
bool bool_value(std::string_view text);
std::optional<std::int64_t> int_value(std::string_view text);
std::optional<double> float_value(std::string_view text);

}  // namespace prescriptions
