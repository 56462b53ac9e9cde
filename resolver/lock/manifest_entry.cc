// Places of requirements in documents; see manifest_entry.h.
#include "resolver/lock/manifest_entry.h"

#include <fmt/format.h>

#include "resolver/lock/requirement_text.h"

namespace resolver::lock {

pep::Result<RootRequirement> parse_entry(const SourceText& source, const Value& value,
                                         std::string_view text) {
  auto parsed = parse_requirement_text(text);
  if (!parsed) {
    const auto& place = parsed.error().place;
    const int inside = place && place->column > 0 ? place->column : 1;
    return source.error(pep::Fault::kMalformed, value.line, value.column + inside,
                        parsed.error().what);
  }
  parsed->place = source.place(value.line, value.column);
  parsed->excerpt = std::string(source.line(static_cast<std::size_t>(value.line)));
  return parsed;
}

pep::Status expect_kind(const SourceText& source, const Value& value, Value::Kind kind,
                        std::string_view what) {
  if (value.kind == kind) return pep::Done{};
  Value expected;
  expected.kind = kind;
  return error_at(source, value,
                  fmt::format("{} is {}, not {}", what, kind_name(value), kind_name(expected)));
}

pep::Result<SourceText> read_source(const std::string& path) {
  auto bytes = read_file(path);
  if (!bytes) return std::move(bytes).error();
  return SourceText::decode(std::move(*bytes), path);
}

}  // namespace resolver::lock
