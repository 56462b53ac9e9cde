// A TOML or JSON document as values that know where they stand. What the readers of manifests and
// locks walk through.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/lock/source_text.h"

namespace resolver::lock {

struct Member;

struct Value {
  enum class Kind { kNull, kBoolean, kInteger, kReal, kString, kTime, kArray, kTable };
  Kind kind = Kind::kNull;
  bool boolean = false;
  std::int64_t integer = 0;  // for kTime: seconds since the epoch, UTC
  double real = 0;
  std::string text;
  std::vector<Value> items;
  std::vector<Member> members;  // in the order of the text; names are unique
  int line = 0;                 // 0: the format's parser does not say
  int column = 0;               // bytes, from 1

  // For the TOML parser alone: how the table or array came to be, and which one it is.
  enum class Made : std::uint8_t { kValue, kImplicitly, kByHeader, kByDottedKey, kByArrayHeader };
  Made made = Made::kValue;
  std::uint32_t id = 0;

  bool is_string() const { return kind == Kind::kString; }
  bool is_array() const { return kind == Kind::kArray; }
  bool is_table() const { return kind == Kind::kTable; }
  const Value* find(std::string_view name) const;  // null if it is missing, or this is no table
  // The text of the string called `name`; empty if there is none.
  std::string_view string(std::string_view name) const;
};

struct Member {
  std::string name;
  Value value;
};

pep::Result<Value> parse_toml(const SourceText& source);
pep::Result<Value> parse_json(const SourceText& source);

std::string_view kind_name(const Value& value);  // "a string", "an array", …
// Malformed at the place of `value`.
pep::Error error_at(const SourceText& source, const Value& value, std::string what);

}  // namespace resolver::lock
