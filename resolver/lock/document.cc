// Looking into documents; see document.h.
#include "resolver/lock/document.h"

#include <algorithm>

namespace resolver::lock {

const Value* Value::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &Member::name);
  return found == members.end() ? nullptr : &found->value;
}

std::string_view Value::string(std::string_view name) const {
  const Value* value = find(name);
  return value != nullptr && value->is_string() ? std::string_view(value->text)
                                                : std::string_view();
}

std::string_view kind_name(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kNull:
      return "null";
    case Value::Kind::kBoolean:
      return "a boolean";
    case Value::Kind::kInteger:
      return "an integer";
    case Value::Kind::kReal:
      return "a number";
    case Value::Kind::kString:
      return "a string";
    case Value::Kind::kTime:
      return "a time";
    case Value::Kind::kArray:
      return "an array";
    case Value::Kind::kTable:
      return "a table";
  }
  return "nothing";
}

pep::Error error_at(const SourceText& source, const Value& value, std::string what) {
  return source.error(pep::Fault::kMalformed, value.line, value.column, std::move(what));
}

}  // namespace resolver::lock
