// TOML by toml++, used by its headers and without exceptions. The only file that knows that
// library.

// Version 3.3 asserts, or under NDEBUG assumes, what malformed input can break ("a = { [" is
// enough). Here every such assertion is checked and throws, and parse_toml catches it.
#undef NDEBUG
namespace {
struct BrokenAssertion {};
}  // namespace
#define TOML_ASSERT(expr) (static_cast<bool>(expr) ? static_cast<void>(0) : throw BrokenAssertion())
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <fmt/format.h>

#include <algorithm>

// Some assertions stand in functions that may not throw: those about the library's callers, not
// about its input.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wterminate"
#include <toml++/toml.h>
#pragma GCC diagnostic pop

#include "resolver/lock/document.h"

namespace resolver::lock {
namespace {

// The library bounds nested values; dotted keys ("a.a.a…") it does not, and destroys what they make
// recursively.
constexpr int kMostDots = 100;

int line_with_long_key(const SourceText& source) {
  for (std::size_t number = 1; number <= source.line_count(); ++number) {
    int dots = 0;
    for (const char c : source.line(number)) {
      if (c == '.' && ++dots > kMostDots) return static_cast<int>(number);
      if (c == '=' || c == ',' || c == '/') dots = 0;
    }
  }
  return 0;
}

std::int64_t seconds_since_epoch(const toml::date_time& time) {
  const std::int64_t year =
      static_cast<std::int64_t>(time.date.year) - (time.date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = time.date.month + (time.date.month > 2 ? -3 : 9);
  const std::int64_t day_of_year = (153 * month + 2) / 5 + time.date.day - 1;
  const std::int64_t days =
      era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
  const std::int64_t offset = time.offset ? time.offset->minutes : 0;
  return days * 86400 + time.time.hour * 3600 + time.time.minute * 60 + time.time.second -
         offset * 60;
}

void set_place(Value& value, const toml::source_region& region) {
  value.line = static_cast<int>(region.begin.line);
  value.column = static_cast<int>(region.begin.column);
}

Value converted(const toml::node& node);

Value converted_table(const toml::table& table) {
  Value value;
  value.kind = Value::Kind::kTable;
  value.members.reserve(table.size());
  for (const auto& [key, child] : table) {
    Member member{std::string(key.str()), converted(child)};
    // A table's own place may be that of its first key; the key says better where to look.
    if (member.value.is_table() || member.value.line == 0) set_place(member.value, key.source());
    value.members.push_back(std::move(member));
  }
  // The library sorts by name; people wrote them in an order.
  std::ranges::stable_sort(value.members, [](const Member& a, const Member& b) {
    return std::pair(a.value.line, a.value.column) < std::pair(b.value.line, b.value.column);
  });
  return value;
}

Value converted(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    Value value = converted_table(*table);
    set_place(value, node.source());
    return value;
  }
  Value value;
  set_place(value, node.source());
  if (const auto* array = node.as_array()) {
    value.kind = Value::Kind::kArray;
    value.items.reserve(array->size());
    for (const toml::node& item : *array) value.items.push_back(converted(item));
  } else if (const auto* text = node.as_string()) {
    value.kind = Value::Kind::kString;
    value.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.kind = Value::Kind::kInteger;
    value.integer = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    value.kind = Value::Kind::kReal;
    value.real = real->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = Value::Kind::kBoolean;
    value.boolean = boolean->get();
  } else if (const auto* time = node.as_date_time()) {
    value.kind = Value::Kind::kTime;
    value.integer = seconds_since_epoch(time->get());
  } else {
    value.kind = Value::Kind::kTime;  // a local date or time: nothing of ours asks for one
  }
  return value;
}

}  // namespace

pep::Result<Value> parse_toml(const SourceText& source) {
  if (const int line = line_with_long_key(source); line != 0) {
    return source.error(pep::Fault::kMalformed, line, 1,
                        fmt::format("a key of more than {} parts", kMostDots));
  }
  toml::parse_result parsed;
  try {
    parsed = toml::parse(std::string_view(source.text()));
  } catch (const BrokenAssertion&) {
    return source.error(pep::Fault::kMalformed, 0, 0,
                        "no valid TOML: a key or value is missing or misplaced");
  }
  if (!parsed) {
    const toml::source_region& region = parsed.error().source();
    std::string what(parsed.error().description());
    if (what.starts_with("Error while parsing ")) what = "no valid TOML: in " + what.substr(20);
    return source.error(pep::Fault::kMalformed, static_cast<int>(region.begin.line),
                        static_cast<int>(region.begin.column), std::move(what));
  }
  return converted_table(parsed.table());
}

}  // namespace resolver::lock
