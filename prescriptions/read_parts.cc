// Versions, names, links, entries and patterns of prescription documents.
#include "prescriptions/read_parts.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "pep/name.h"
#include "prescriptions/lint.h"

namespace prescriptions {
namespace {

constexpr std::string_view kJustificationPages = "https://thoth-station.ninja/j/";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A scheme, "://", and some host.
bool is_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front())) return false;
  const auto is_scheme = [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  };
  if (!std::ranges::all_of(text.substr(0, colon), is_scheme)) return false;
  const std::string_view rest = text.substr(colon + 3);
  return !rest.empty() && rest.find_first_of("/?#") != 0;
}

bool is_slug(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-';
  });
}

std::optional<Severity> read_severity(const Field& field) {
  const auto word = field.one_of({"INFO", "WARNING", "ERROR"});
  if (!word) return std::nullopt;
  return static_cast<Severity>(*word);
}

std::optional<std::string> take_optional_string(FieldMap& map, std::string_view key) {
  const auto field = map.optional(key);
  return field ? field->string() : std::nullopt;
}

Entry read_entry(const Field& field, bool is_justification) {
  Entry entry;
  FieldMap map(field);
  if (const auto type = map.required("type"))
    entry.type = read_severity(*type).value_or(Severity::kInfo);
  if (const auto message = map.required("message")) entry.message = message->string().value_or("");
  if (const auto link = map.required("link")) entry.link = read_link(*link).value_or("");
  if (is_justification) {
    if (const auto name = map.optional("package_name")) entry.package_name = read_name(*name);
    entry.advisory = take_optional_string(map, "advisory");
    entry.cve_id = take_optional_string(map, "cve_id");
    entry.cve_name = take_optional_string(map, "cve_name");
    if (const auto range = map.optional("version_range")) {
      if (const auto parsed = read_range(*range)) entry.version_range = parsed->text();
    }
  }
  map.refuse_others();
  return entry;
}

std::optional<IndexPattern> read_index(const Field& field) {
  IndexPattern pattern;
  if (!field.is_map()) {
    auto url = field.string();
    if (!url) return std::nullopt;
    pattern.url = std::move(*url);
    return pattern;
  }
  FieldMap map(field);
  pattern.negated = true;
  if (const auto url = map.required("not")) pattern.url = url->string().value_or("");
  map.refuse_others();
  return pattern;
}

// "==1.0" or "===1.0". Null is admitted, as in the original, and means any.
void read_locked_version(const Field& field, PackageChoice& choice) {
  if (field.is_null()) return;
  const auto text = field.string();
  if (!text) return;
  if (!text->starts_with("==")) {
    field.error("bad_version",
                fmt::format("\"{}\" is no locked version; write for example ==1.0.0", *text));
    return;
  }
  std::string_view version = std::string_view(*text).substr(text->starts_with("===") ? 3 : 2);
  while (version.starts_with(' ')) version.remove_prefix(1);
  auto parsed = pep::Version::parse(version);
  if (!parsed) {
    field.error("bad_version",
                fmt::format("\"{}\" locks no PEP 440 version; write for example ==1.0.0", *text));
    return;
  }
  choice.locked_version = *std::move(parsed);
}

}  // namespace

std::optional<std::string> read_name(const Field& field) {
  auto name = field.string();
  if (!name || pep::is_normalized_name(*name)) return name;
  const std::string normal = pep::Name::of(*name).str();
  const auto valid = pep::Name::parse(*name);
  field.error("not_normalized",
              valid ? fmt::format("the package name \"{}\" is not in normal form; write \"{}\"",
                                  *name, normal)
                    : fmt::format("\"{}\" is no package name", *name));
  return std::nullopt;
}

std::optional<VersionRange> read_range(const Field& field) {
  if (!field.is_scalar(ScalarType::kString)) {
    field.expected("a text with a version specifier such as \">=1.0,<2.0\"");
    return std::nullopt;
  }
  auto range = VersionRange::parse(field.text());
  if (!range) {
    field.error("bad_version", range.error().what);
    return std::nullopt;
  }
  for (const VersionRange::TextClause& clause : range->text_clauses()) {
    if (clause.op == "==" || clause.op == "!=") {
      field.warning(
          "text_version",
          fmt::format("\"{}\" is no PEP 440 version; it is compared as text", clause.text));
    } else {
      field.error("text_version",
                  fmt::format("\"{}\" is no PEP 440 version, which \"{}\" cannot compare",
                              clause.text, clause.op));
    }
  }
  if (is_empty(*range)) {
    field.warning("empty_range",
                  fmt::format("no version is in \"{}\": the parts of a specifier must all hold",
                              range->text()));
  }
  return std::move(*range);
}

std::optional<std::string> read_link(const Field& field) {
  auto text = field.string();
  if (!text || is_url(*text)) return text;
  if (is_slug(*text)) return std::string(kJustificationPages) + *text;
  field.error("bad_link",
              fmt::format("\"{}\" is neither an absolute URL nor a slug of [a-z0-9_-]", *text));
  return std::nullopt;
}

std::vector<std::string> read_strings(const Field& field, std::size_t least) {
  std::vector<std::string> strings;
  for (const std::vector<Field> items = field.list(least); const Field& item : items) {
    if (auto value = item.string()) strings.push_back(std::move(*value));
  }
  return strings;
}

std::optional<PackagePattern> read_pattern(const Field& field, bool needs_name) {
  FieldMap map(field);
  if (!map.valid()) return std::nullopt;
  PackagePattern pattern;
  const auto name = needs_name ? map.required("name") : map.optional("name");
  if (name) pattern.name = read_name(*name).value_or("");
  if (const auto version = map.optional("version")) {
    if (auto range = read_range(*version)) pattern.version = std::move(*range);
  }
  if (const auto index = map.optional("index_url")) pattern.index_url = read_index(*index);
  if (const auto develop = map.optional("develop")) pattern.develop = develop->boolean();
  map.refuse_others();
  return pattern;
}

std::vector<PackagePattern> read_patterns(const Field& field, std::size_t least, bool need_names) {
  std::vector<PackagePattern> patterns;
  for (const std::vector<Field> items = field.list(least); const Field& item : items) {
    if (auto pattern = read_pattern(item, need_names)) patterns.push_back(std::move(*pattern));
  }
  return patterns;
}

std::optional<PackageChoice> read_choice(const Field& field, bool complete) {
  FieldMap map(field);
  if (!map.valid()) return std::nullopt;
  PackageChoice choice;
  if (const auto name = map.required("name")) choice.name = read_name(*name).value_or("");
  const auto get = [&](std::string_view key) {
    return complete ? map.required(key) : map.optional(key);
  };
  if (const auto version = get("locked_version")) read_locked_version(*version, choice);
  if (const auto index = get("index_url")) choice.index_url = index->string();
  if (complete) {
    if (const auto develop = map.required("develop"))
      choice.develop = develop->boolean().value_or(false);
  }
  map.refuse_others();
  return choice;
}

void take_stack_info(FieldMap& run, Notices& notices) {
  if (const auto entries = run.optional("stack_info")) {
    for (const std::vector<Field> items = entries->list(0); const Field& item : items) {
      notices.stack_info.push_back(read_entry(item, false));
    }
  }
  if (const auto log = run.optional("log")) {
    FieldMap map(*log);
    Log line;
    if (const auto message = map.required("message")) line.message = message->string().value_or("");
    if (const auto type = map.required("type"))
      line.type = read_severity(*type).value_or(Severity::kInfo);
    map.refuse_others();
    notices.log = std::move(line);
  }
}

void take_justification(FieldMap& run, Notices& notices) {
  const auto entries = run.optional("justification");
  if (!entries) return;
  for (const std::vector<Field> items = entries->list(1); const Field& item : items) {
    notices.justification.push_back(read_entry(item, true));
  }
}

void take_ending(FieldMap& run, Ending& ending) {
  ending.not_acceptable = take_optional_string(run, "not_acceptable");
  ending.eager_stop_pipeline = take_optional_string(run, "eager_stop_pipeline");
  run.exclude("not_acceptable", "eager_stop_pipeline");
}

std::optional<double> take_score(FieldMap& run) {
  const auto field = run.optional("score");
  if (!field) return std::nullopt;
  const auto score = field->floating();
  if (score && !std::isfinite(*score)) {
    field->error("bad_value", "a score must be a finite number between -1.0 and 1.0");
    return std::nullopt;
  }
  if (score && std::abs(*score) > 1) {
    field->warning("clamped_score",
                   fmt::format("the score counts as {}: scores lie between -1.0 and 1.0",
                               *score > 0 ? "1.0" : "-1.0"));
  }
  return score;
}

}  // namespace prescriptions
