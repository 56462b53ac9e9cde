#include "prescriptions/explain.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "prescriptions/describe.h"
#include "prescriptions/field.h"
#include "prescriptions/json_text.h"
#include "prescriptions/match.h"

namespace prescriptions {
namespace {

void append_faults(std::string& out, const std::vector<Fault>& faults) {
  out += "[";
  const char* separator = "\n    ";
  for (const Fault& fault : faults) {
    out += std::exchange(separator, ",\n    ");
    out += "{\"code\": ";
    append_json(out, fault.code);
    out += ", \"message\": ";
    append_json(out, fault.message);
    out += ", \"file\": ";
    append_json(out, fault.file);
    out += fmt::format(", \"line\": {}, \"column\": {}, \"path\": ", fault.line, fault.column);
    append_json(out, fault.path);
    out += "}";
  }
  out += faults.empty() ? "]" : "\n  ]";
}

void append_lines(std::string& out, const char* word, const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    out += fault.file;
    if (fault.line > 0) out += fmt::format(":{}:{}", fault.line, fault.column);
    out += fmt::format(": {}: {}{}{} [{}]\n", word, fault.path, fault.path.empty() ? "" : ": ",
                       fault.message, fault.code);
  }
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string lint_json(const Reading& reading) {
  std::string out = fmt::format(
      "{{\n  \"schema\": \"seshat.lint/1\",\n  \"files\": {},\n  \"units\": {},\n  \"errors\": ",
      reading.documents, reading.book.units.size());
  append_faults(out, reading.errors);
  out += ",\n  \"warnings\": ";
  append_faults(out, reading.warnings);
  return out + "\n}\n";
}

std::string lint_text(const Reading& reading) {
  std::string out;
  append_lines(out, "error", reading.errors);
  append_lines(out, "warning", reading.warnings);
  return out + fmt::format("{}, {}: {}, {}\n", counted(reading.documents, "file"),
                           counted(reading.book.units.size(), "unit"),
                           counted(reading.errors.size(), "error"),
                           counted(reading.warnings.size(), "warning"));
}

std::string list_units(const Rulebook& book) {
  std::vector<const Unit*> units;
  for (const Unit& unit : book.units) units.push_back(&unit);
  std::ranges::sort(units, {}, [](const Unit* unit) {
    return std::pair(kind_of(*unit), std::string_view(unit->qualified));
  });
  std::string out;
  for (const Unit* unit : units) {
    out += fmt::format("{:<19} {}  {}:{}\n", type_name_of(unit->body), unit->qualified,
                       book.files[unit->origin.file], unit->origin.line);
  }
  return out;
}

std::vector<const Unit*> find_units(const Rulebook& book, std::string_view name) {
  std::vector<const Unit*> whole;
  std::vector<const Unit*> bare;
  for (const Unit& unit : book.units) {
    if (unit.qualified == name) whole.push_back(&unit);
    if (unit.name == name) bare.push_back(&unit);
  }
  return whole.empty() ? bare : whole;
}

std::vector<std::string> near_names(const Rulebook& book, std::string_view name) {
  std::vector<std::string> found;
  constexpr std::size_t kMost = 3;
  for (const Unit& unit : book.units) {
    const bool near =
        !nearest(name, {unit.name}).empty() || !nearest(name, {unit.qualified}).empty();
    if (near && std::ranges::find(found, unit.qualified) == found.end())
      found.push_back(unit.qualified);
    if (found.size() == kMost) break;
  }
  return found;
}

std::string explain(const Unit& unit, const Rulebook& book, const Situation* situation) {
  std::string out = fmt::format("{} ({}), {}:{}\n", unit.qualified, type_name_of(unit.body),
                                book.files[unit.origin.file], unit.origin.line);
  const std::vector<std::string> conditions = conditions_of(*unit.should_include);
  out += conditions.empty() ? "It always takes part.\n" : "It takes part if all of this holds:\n";
  for (const std::string& condition : conditions) out += fmt::format("  - {}\n", condition);
  const std::vector<std::string> effects = effects_of(unit.body);
  out += effects.empty() ? "It does nothing.\n" : "What it does:\n";
  for (const std::string& effect : effects) out += fmt::format("  - {}\n", effect);
  if (situation != nullptr) {
    const Answer answer = includes(*unit.should_include, *situation);
    out += answer ? std::string("Here it takes part")
                  : fmt::format("Here it stays out: {}: {}", answer.condition, answer.reason);
    out += answer && unit.should_include->has_dependencies()
               ? ", if the units that it depends on do.\n"
               : ".\n";
  }
  return out;
}

}  // namespace prescriptions
