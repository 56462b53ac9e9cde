// The report of one run: what was decided and why. The shape is that of `--json` (schema
// seshat.report/1); each format has a writer of its own. Knows nothing of how the answer was found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "plugin/report/history.h"
#include "resolver/lock/lock.h"
#include "rpmenv/target.h"

namespace plugin {

enum class Outcome { kLocked, kNoSolution, kNotAcceptable, kUnavailable, kError };

// One line of justification or stack_info.
struct ReportEntry {
  std::string type = "INFO";  // INFO, WARNING, ERROR
  std::string message;
  std::string link;
  std::optional<std::string> package_name;
  std::optional<std::string> unit;  // null: the resolver itself
  std::optional<std::string> advisory, cve_id, cve_name, version_range;
  bool operator==(const ReportEntry&) const = default;
};

struct Product {
  double score = 0;
  bool optimal = false;
  resolver::lock::Lock lock;
  std::vector<ReportEntry> justification;  // sorted by package_name, type, message by the writer
  std::string advised_manifest_changes = "[]";  // JSON
};

struct ReportError {
  std::string code;  // no_solution, usage, malformed, …
  std::string message;
  std::string file;  // may be empty
  int line = 0;
  int column = 0;
};

struct Input {
  std::string path;
  std::string digest;  // "sha256:…"
};

struct SearchFigures {
  std::string predictor = "latest";
  std::string generator;  // of the random numbers; empty: none were needed
  std::uint64_t seed = 0, episodes = 0, best_episode = 0, iterations = 0, accepted = 0,
                rejected = 0;
  double seconds = 0;  // printed with --timings only
};

struct Figures {
  std::uint64_t pages = 0, metadata = 0, versions_visited = 0, requests = 0, bytes = 0,
                decisions = 0, conflicts = 0, incompatibilities = 0, units_included = 0,
                units_total = 0;
  double seconds = 0;  // printed with --timings only
};

struct Report {
  Outcome outcome = Outcome::kError;
  int exit_code = 1;
  std::optional<rpmenv::Target> target;
  std::string facts_digest;  // "sha256:…"; empty without a root
  std::vector<Input> inputs;
  std::vector<Product> products;  // best first
  std::vector<ReportEntry> stack_info;
  std::vector<ReportError> errors;
  std::string explanation;
  bool degraded = false;
  SearchFigures search;
  Figures statistics;
  std::optional<History> history;  // where it was recorded
  bool timings = false;
};

std::string_view title_of(Outcome outcome);  // "No solution", for a heading
// By package name (none first), type and message: the order in every format.
std::vector<ReportEntry> sorted_justification(std::vector<ReportEntry> justification);

std::string report_json(
    const Report& report);  // sorted keys, LF, ends with a newline; credentials in URLs as ****
std::string report_markdown(const Report& report);
std::string report_sarif(const Report& report);  // SARIF 2.1.0
// One page that needs nothing else: no script, no other file, no network.
std::string report_html(const Report& report);

struct TableStyle {
  bool color = false;
  int width = 100;
};
// For a person: what was locked and why, warnings first; or the explanation.
std::string report_table(const Report& report, const TableStyle& style);

}  // namespace plugin
