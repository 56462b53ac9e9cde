// Faults as SARIF 2.1.0, which code hosts and editors show beside the lines.
#include <set>
#include <utility>

#include "fmt/format.h"
#include "prescriptions/explain.h"
#include "prescriptions/json_text.h"

namespace prescriptions {
namespace {

void append_results(std::string& out, const char* level, const std::vector<Fault>& faults,
                    const char*& separator) {
  for (const Fault& fault : faults) {
    out += std::exchange(separator, ",\n      ");
    out += fmt::format("{{\"level\": \"{}\", \"ruleId\": ", level);
    append_json(out, fault.code);
    out += ", \"message\": {\"text\": ";
    append_json(out, fault.path.empty() ? fault.message : fault.path + ": " + fault.message);
    out += "}, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ";
    append_json(out, fault.file);
    out += "}";
    if (fault.line > 0) {
      out += fmt::format(", \"region\": {{\"startLine\": {}, \"startColumn\": {}}}", fault.line,
                         fault.column > 0 ? fault.column : 1);
    }
    out += "}}]}";
  }
}

}  // namespace

std::string lint_sarif(const Reading& reading) {
  std::set<std::string> codes;
  for (const auto* faults : {&reading.errors, &reading.warnings}) {
    for (const Fault& fault : *faults) codes.insert(fault.code);
  }
  std::string out =
      "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
      "  \"version\": \"2.1.0\",\n  \"runs\": [{\n    \"tool\": {\"driver\": {\"name\": "
      "\"seshat prescriptions lint\", \"rules\": [";
  const char* separator = "";
  for (const std::string& code : codes) {
    out += std::exchange(separator, ", ");
    out += "{\"id\": ";
    append_json(out, code);
    out += "}";
  }
  out += "]}},\n    \"results\": [";
  separator = "\n      ";
  append_results(out, "error", reading.errors, separator);
  append_results(out, "warning", reading.warnings, separator);
  return out + "]\n  }]\n}\n";
}

std::string lines_of(const Unit& unit, std::string_view document) {
  std::string found;
  const auto column = static_cast<std::size_t>(unit.origin.column > 0 ? unit.origin.column - 1 : 0);
  for (int line = 1; !document.empty(); ++line) {
    const std::size_t end = document.find('\n');
    const std::string_view text = document.substr(0, end);
    document.remove_prefix(end == std::string_view::npos ? document.size() : end + 1);
    if (line < unit.origin.line) continue;
    const std::size_t indent = text.find_first_not_of(' ');
    const bool blank = indent == std::string_view::npos;
    if (line > unit.origin.line && !blank && indent < column) break;
    found.append(text).append("\n");
  }
  while (found.ends_with("\n\n")) found.pop_back();
  return found;
}

}  // namespace prescriptions
