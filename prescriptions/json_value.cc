// A YAML value as JSON text: how manifest changes, which we never interpret, are kept.
#include <cmath>
#include <string>

#include "fmt/format.h"
#include "prescriptions/json_text.h"
#include "prescriptions/read_parts.h"

namespace prescriptions {
namespace {

constexpr std::size_t kLargestJson = 1U << 20U;

void append_scalar(std::string& out, const Field& field) {
  const std::string_view text = field.text();
  switch (field.node().scalar) {
    case ScalarType::kNull:
      out += "null";
      return;
    case ScalarType::kBool:
      out += bool_value(text) ? "true" : "false";
      return;
    case ScalarType::kInt:
      if (const auto value = int_value(text)) {
        out += std::to_string(*value);
        return;
      }
      break;
    case ScalarType::kFloat:
      if (const auto value = float_value(text); value && std::isfinite(*value)) {
        out += fmt::format("{}", *value);
        return;
      }
      break;
    default:
      break;
  }
  append_json(out, text);
}

bool append(std::string& out, const Field& field) {
  if (out.size() > kLargestJson) {
    field.error("too_large", "the value is too large");
    return false;
  }
  if (field.is_list()) {
    out += '[';
    const char* separator = "";
    for (const std::vector<Field> items = field.list(0); const Field& item : items) {
      out += separator;
      if (!append(out, item)) return false;
      separator = ", ";
    }
    out += ']';
  } else if (field.is_map()) {
    FieldMap map(field);
    out += '{';
    const char* separator = "";
    for (const auto& [key, value] : map.all()) {
      out += separator;
      append_json(out, key);
      out += ": ";
      if (!append(out, value)) return false;
      separator = ", ";
    }
    out += '}';
  } else {
    append_scalar(out, field);
  }
  return true;
}

}  // namespace

std::optional<std::string> json_of(const Field& field) {
  std::string out;
  if (!append(out, field)) return std::nullopt;
  return out;
}

}  // namespace prescriptions
