// Reads the files of `seshat prescriptions test`.
#include "plugin/rule_case.h"

#include <algorithm>
#include <limits>

#include "fmt/format.h"
#include "prescriptions/declared.h"

namespace plugin {

namespace {

using prescriptions::Field;
using prescriptions::FieldMap;

std::vector<std::string> texts(const Field& list) {
  std::vector<std::string> found;
  for (const Field& item : list.list(0)) found.emplace_back(item.text());
  return found;
}

// "NAME VERSION [unfit]: [requirements]"
std::vector<DeclaredRelease> releases(const Field& field) {
  std::vector<DeclaredRelease> found;
  FieldMap map(field);
  for (const auto& [key, value] : map.all()) {
    const std::size_t blank = key.find(' ');
    if (blank == std::string::npos) {
      value.error("bad_release", fmt::format("\"{}\" is no NAME VERSION", key));
      continue;
    }
    DeclaredRelease made{
        .name = key.substr(0, blank), .version = key.substr(blank + 1), .needs = texts(value)};
    if (const std::size_t mark = made.version.find(' '); mark != std::string::npos) {
      if (made.version.substr(mark + 1) != "unfit")
        value.error("bad_release", fmt::format("\"{}\" is no NAME VERSION [unfit]", key));
      made.version.resize(mark);
      made.unfit = true;
    }
    found.push_back(std::move(made));
  }
  return found;
}

// A map, or its text.
std::string text_or_map(const Field& field) {
  return field.is_map() ? prescriptions::json_of(field).value_or("") : std::string(field.text());
}

void take(FieldMap& map, const char* key, std::string& value) {
  if (const auto field = map.optional(key)) value = field->text();
}
void take(FieldMap& map, const char* key, std::vector<std::string>& value) {
  if (const auto field = map.optional(key)) value = texts(*field);
}
void take(FieldMap& map, const char* key, std::optional<std::vector<std::string>>& value) {
  if (const auto field = map.optional(key)) value = texts(*field);
}

void take_question(FieldMap& map, RuleCase& made) {
  if (const auto field = map.optional("index")) made.index = releases(*field);
  if (const auto field = map.optional("other")) made.other = releases(*field);
  take(map, "index_path", made.index_path);
  take(map, "other_path", made.other_path);
  take(map, "ask", made.ask);
  take(map, "develop", made.develop);
  take(map, "constraints", made.constraints);
  take(map, "rules", made.rules);
  if (const auto field = map.optional("environment")) made.environment = text_or_map(*field);
  if (const auto field = map.optional("library_usage")) made.library_usage = text_or_map(*field);
  take(map, "python", made.python);
  take(map, "type", made.type);
  if (const auto field = map.optional("count")) {
    const auto count = field->integer();
    if (count && (*count < 1 || *count > 1000)) field->expected("a number from 1 to 1000");
    made.count = static_cast<std::uint32_t>(count.value_or(1));
  }
}

void take_answer(FieldMap& map, const Field& item, RuleCase& made) {
  const auto locked = map.optional("locked");
  const auto products = map.optional("products");
  take(map, "refused", made.refused);
  if ((locked ? 1 : 0) + (products ? 1 : 0) + (made.refused.empty() ? 0 : 1) != 1)
    item.error("no_answer", "a case has one of locked, products and refused");
  if (locked) made.locked.push_back(texts(*locked));
  if (products) {
    for (const Field& product : products->list(1)) made.locked.push_back(texts(product));
  }
  take(map, "stack_info", made.stack_info);
  take(map, "justification", made.justification);
  take(map, "locked_develop", made.locked_develop);
  take(map, "units", made.units);
  if (const auto field = map.optional("score")) {
    made.score = field->is_scalar(prescriptions::ScalarType::kInt)
                     ? static_cast<double>(field->integer().value_or(0))
                     : field->floating();
  }
  if (const auto field = map.optional("visited")) made.visited = field->integer();
  if (const auto field = map.optional("requires")) {
    FieldMap dependencies(*field);
    for (const auto& [name, list] : dependencies.all()) made.dependencies[name] = texts(list);
  }
}

}  // namespace

pep::Result<std::vector<RuleCase>> read_rule_cases(const std::string& path) {
  std::vector<RuleCase> cases;
  auto read = prescriptions::read_declared(path, [&](const Field& root) {
    for (const Field& item : root.list(1)) {
      FieldMap map(item);
      if (!map.valid()) continue;
      RuleCase made;
      made.file = path;
      made.line = item.line();
      if (const auto name = map.required("case")) made.name = name->text();
      take_question(map, made);
      take_answer(map, item, made);
      map.refuse_others();
      cases.push_back(std::move(made));
    }
  });
  if (!read) return std::move(read).error();
  return cases;
}

}  // namespace plugin
