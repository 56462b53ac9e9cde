#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <sstream>

#include "fmt/format.h"
#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/exit_code.h"
#include "plugin/report/terminal_text.h"
#include "plugin/rule_sources.h"
#include "plugin/rule_test.h"
#include "plugin/rules.h"
#include "prescriptions/explain.h"
#include "prescriptions/lint.h"
#include "prescriptions/shipped.h"
#include "prescriptions/sources.h"
#include "rpmenv/inspect.h"
#include "rpmenv/root.h"

namespace plugin {

namespace {

using prescriptions::Reading;
using Action = PrescriptionsOptions::Action;

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

// Rules come from strangers: nothing of them may move the cursor.
std::string printable_lines(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += printable(line) + "\n";
  return out;
}

int fail(const pep::Error& error, const PrescriptionsOptions& options) {
  return report_failure(error, options.output);
}

// The given sources, or the shipped rules.
pep::Result<Reading> read_rules(const PrescriptionsOptions& options, RuleSources& sources) {
  if (!options.sources.empty()) return sources.read_all();
  return prescriptions::read_documents(prescriptions::shipped_documents());
}

int lint(const PrescriptionsOptions& options, Reading& reading) {
  prescriptions::lint(reading);
  print(options.format == "json"    ? prescriptions::lint_json(reading)
        : options.format == "sarif" ? prescriptions::lint_sarif(reading)
                                    : printable_lines(prescriptions::lint_text(reading)));
  return reading.errors.empty() ? kDone : kUsageError;
}

// What --root and --environment say; nothing if neither is given.
pep::Result<std::unique_ptr<prescriptions::Situation>> situation(
    const PrescriptionsOptions& options) {
  if (!options.root && !options.environment) return std::unique_ptr<prescriptions::Situation>();
  auto made = std::make_unique<prescriptions::Situation>();
  if (options.root) {
    auto root = rpmenv::open_root(*options.root);
    if (!root) {
      pep::Error error = std::move(root).error();
      if (error.fault == pep::Fault::kNotFound) error.fault = pep::Fault::kEnvironment;
      return error;
    }
    auto facts = rpmenv::inspect(**root);
    if (!facts) return std::move(facts).error();
    auto target = rpmenv::target_of(*facts, "", std::nullopt, std::nullopt);
    if (!target) return std::move(target).error();
    *made = prescriptions::situation_of(*target, &*facts);
  }
  if (options.environment) {
    auto declared = prescriptions::read_environment(*options.environment, *made);
    if (!declared) return std::move(declared).error();
    if (declared->recommendation_type) made->recommendation_type = *declared->recommendation_type;
  }
  return made;
}

pep::Error no_such_unit(const PrescriptionsOptions& options, const Reading& reading) {
  const auto near = prescriptions::near_names(reading.book, options.unit);
  const std::string remedy = near.empty()
                                 ? std::string("; `seshat prescriptions list` shows all")
                                 : fmt::format("; did you mean {}?", fmt::join(near, " or "));
  return pep::error(pep::Fault::kUsage,
                    fmt::format("no unit is called {}{}", options.unit, remedy));
}

int compile(const PrescriptionsOptions& options, const Reading& reading) {
  const std::string bytes = compile_rules(reading);
  if (options.target == "-") {
    if (isatty(STDOUT_FILENO) != 0) {
      return fail(pep::error(pep::Fault::kUsage,
                             "compiled prescriptions are no text for a terminal: name a file"),
                  options);
    }
    print(bytes);
    return kDone;
  }
  if (auto written = write_rules(options.target, bytes); !written)
    return fail(written.error(), options);
  if (options.output.verbosity >= 0) {
    print(fmt::format("{}: {} units of {} files, {} bytes\n", options.target,
                      reading.book.units.size(), reading.documents, bytes.size()));
  }
  return kDone;
}

// The document that a unit is in, as it is on disk or shipped.
pep::Result<std::string> document_of(const PrescriptionsOptions& options,
                                     const RuleSources& sources, const std::string& file) {
  std::string text;
  std::vector<prescriptions::Fault> faults;
  if (options.sources.empty()) {
    for (const prescriptions::Document& document : prescriptions::shipped_documents()) {
      if (document.file == file) return document.text;
    }
  }
  if (!prescriptions::read_text(sources.place_of(file), text, faults)) {
    const std::string remedy = sources.compiled().empty()
                                   ? ""
                                   : "; compiled files hold no text: explain says what a unit does";
    return pep::error(pep::Fault::kNotFound, file + ": " + faults[0].message + remedy);
  }
  return text;
}

int show(const PrescriptionsOptions& options, const RuleSources& sources, const Reading& reading) {
  const auto units = prescriptions::find_units(reading.book, options.unit);
  if (units.empty()) return fail(no_such_unit(options, reading), options);
  const char* separator = "";
  for (const prescriptions::Unit* unit : units) {
    const std::string& file = reading.book.files[unit->origin.file];
    auto text = document_of(options, sources, file);
    if (!text) return fail(text.error(), options);
    print(printable_lines(fmt::format("{}# {}, {}:{}\n{}", separator, unit->qualified, file,
                                      unit->origin.line, prescriptions::lines_of(*unit, *text))));
    separator = "\n";
  }
  return kDone;
}

int explain(const PrescriptionsOptions& options, const Reading& reading) {
  const auto units = prescriptions::find_units(reading.book, options.unit);
  if (units.empty()) return fail(no_such_unit(options, reading), options);
  const auto where = situation(options);
  if (!where) return fail(where.error(), options);
  const char* separator = "";
  for (const prescriptions::Unit* unit : units) {
    print(separator + printable_lines(prescriptions::explain(*unit, reading.book, where->get())));
    separator = "\n";
  }
  return kDone;
}

int test(const PrescriptionsOptions& options) {
  std::vector<RuleVerdict> verdicts;
  for (const std::string& file : options.cases) {
    auto cases = read_rule_cases(file);
    if (!cases) return fail(cases.error(), options);
    for (const RuleCase& declared : *cases) {
      auto verdict = run_rule_case(declared, {.prescriptions = options.sources, .reorder = {}});
      if (!verdict) return fail(verdict.error(), options);
      verdicts.push_back(*std::move(verdict));
    }
  }
  print(options.json ? rule_verdicts_json(verdicts)
                     : printable_lines(rule_verdicts_text(verdicts)));
  const bool passed =
      std::ranges::all_of(verdicts, [](const RuleVerdict& one) { return one.faults.empty(); });
  return passed ? kDone : kUsageError;
}

int run(const PrescriptionsOptions& options) {
  if (options.action == Action::kTest) return test(options);
  auto sources = RuleSources::of(options.sources, "", {});
  if (!sources) return fail(sources.error(), options);
  auto read = read_rules(options, *sources);
  if (!read) return fail(read.error(), options);
  Reading& reading = *read;
  if (options.action == Action::kLint) return lint(options, reading);
  if (!reading.errors.empty()) return fail(prescriptions::error_of(reading), options);
  if (options.action == Action::kCompile) return compile(options, reading);
  if (options.action == Action::kShow) return show(options, *sources, reading);
  if (options.action == Action::kExplain) return explain(options, reading);
  print(printable_lines(prescriptions::list_units(reading.book)));
  return kDone;
}

}  // namespace

int run_prescriptions(const PrescriptionsOptions& options) {
  const int code = run(options);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  return fail(pep::error(pep::Fault::kIo, "standard output cannot be written"), options);
}

}  // namespace plugin
