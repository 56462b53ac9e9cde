#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <utility>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/configuration.h"
#include "plugin/exit_code.h"
#include "plugin/lock_output.h"
#include "plugin/report/error.h"
#include "plugin/report/report.h"
#include "plugin/report/terminal_text.h"
#include "plugin/run.h"
#include "plugin/terminal.h"
#include "resolver/lock/lock.h"

namespace plugin {

namespace {

void print(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

using ReportWriter = std::string (*)(const Report&);

ReportWriter report_writer(const std::string& path) {
  if (path.ends_with(".json")) return report_json;
  if (path.ends_with(".html")) return report_html;
  if (path.ends_with(".sarif")) return report_sarif;
  return path.ends_with(".md") ? report_markdown : nullptr;
}

// Why a file could not be written there, as far as that can be told beforehand.
std::string unwritable(const std::string& path) {
  if (path == "-") return "";
  std::error_code unknown;
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  const std::string place = directory.empty() ? "." : directory.string();
  if (!std::filesystem::is_directory(place, unknown)) {
    return fmt::format("{} cannot be written: there is no directory {}", path, place);
  }
  if (std::filesystem::is_directory(path, unknown))
    return path + " cannot be written: it is a directory";
  if (access(place.c_str(), W_OK) != 0)
    return fmt::format("{} cannot be written: {} is not writable", path, place);
  return "";
}

// What can't be written is refused before anything is asked of an index.
std::string unknown_format(const AdviseOptions& options) {
  for (const std::string& path : options.outputs) {
    if (options.check) {
      if (path == "-") return "--check needs a lock that is a file; - is standard output";
      continue;
    }
    if (!lock_format(path, options.format)) {
      return fmt::format(
          "--output {}: no lock format has such a name; use pylock.toml, pylock.NAME.toml, "
          "NAME.txt or Pipfile.lock",
          path);
    }
  }
  for (const std::string& path : options.reports) {
    if (report_writer(path) == nullptr) {
      return fmt::format(
          "--report {}: no report format has such a name; use NAME.json, .html, .sarif or .md",
          path);
    }
  }
  for (const auto* paths : {&options.outputs, &options.reports}) {
    if (options.check && paths == &options.outputs) continue;
    for (const std::string& path : *paths) {
      if (std::string fault = unwritable(path); !fault.empty()) return fault;
    }
  }
  const bool to_stdout =
      std::find(options.outputs.begin(), options.outputs.end(), "-") != options.outputs.end();
  if (options.json && to_stdout)
    return "--json and --output - both want standard output; choose one";
  return "";
}

pep::Status write_reports(const AdviseOptions& options, const Report& report) {
  for (const std::string& path : options.reports) {
    const std::string bytes = report_writer(path)(report);
    if (auto written = resolver::lock::write_file(path, bytes); !written) {
      return std::move(written).error().in("writing the report");
    }
  }
  if (options.history) {
    const History nothing;
    auto written = resolver::lock::write_file(
        *options.history, history_text(report.history ? *report.history : nothing));
    if (!written) return std::move(written).error().in("writing the history");
  }
  return pep::Done{};
}

// Of a failed build the first line is the reason, and what the backend said stands below it. Empty
// if nothing was built.
std::string failed_build(const std::string& explanation) {
  const std::size_t at = explanation.find(" cannot be built: ");
  if (at == std::string::npos) return {};
  const std::size_t before = explanation.rfind('\n', at);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  return explanation.substr(begin, explanation.find('\n', at) - begin);
}

// Line by line, the first one behind `begin`.
void print_lines(std::FILE* stream, std::string begin, const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line); begin = begin.empty() ? "" : "  ")
    print(stream, begin + printable(line) + "\n");
}

// Where an explanation ends is what it comes to; questions after it are only help.
std::string last_sentence(const std::string& explanation) {
  if (std::string reason = failed_build(explanation); !reason.empty()) return reason;
  constexpr std::size_t kShort = 400;  // a short explanation fits the line as it is
  std::string whole;
  std::string before;
  std::string last;
  std::istringstream lines(explanation);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.ends_with('?') || line.starts_with("What would help: ")) continue;
    before = std::exchange(last, line);
    whole += (whole.empty() ? "" : " ") + line;
  }
  if (whole.size() <= kShort) return whole.empty() ? explanation : whole;
  if (last.starts_with("And because ")) {
    // It goes on from what the sentence before came to.
    const std::size_t conclusion = before.rfind(", ");
    if (before.ends_with('.')) before.pop_back();
    const std::string ground =
        conclusion == std::string::npos ? "" : before.substr(conclusion + 2) + " and ";
    last = "Because " + ground + last.substr(12);
  }
  return last;
}

// The last line of standard error of a build that stops: what, and the exit code.
std::string last_line(const Report& report) {
  const char* what = "failed";
  if (report.exit_code == kLockStale) what = "stopped: the lock is stale";
  if (report.outcome == Outcome::kNoSolution) what = "stopped: no solution";
  if (report.outcome == Outcome::kNotAcceptable) what = "stopped: not acceptable";
  if (report.outcome == Outcome::kUnavailable) what = "stopped: index unavailable";
  std::string why = last_sentence(report.explanation);
  if (report.exit_code == kLockStale && !report.errors.empty()) {
    const std::size_t more = report.errors.size() - 1;
    why = report.errors[0].message + (more == 0 ? "" : fmt::format(" (and {} more)", more));
  }
  for (const ReportEntry& entry : report.stack_info) {
    if (entry.type == "INFO" || !entry.unit || report.outcome != Outcome::kNotAcceptable) continue;
    why = entry.message + (entry.link.empty() ? "" : " (" + entry.link + ")");
    break;
  }
  return fmt::format("seshat: {}: {} [exit code {}]\n", what, printable(why), report.exit_code);
}

// Later ones know better: what a run made of its options, and what the configuration says.
void print_settings(std::FILE* stream, const AdviseOptions& options, const RunResult& result,
                    const std::vector<Setting>& configured) {
  std::vector<Setting> all = options.given;
  for (const auto* more : {&configured, &result.settings}) {
    for (const Setting& setting : *more) {
      const auto same = std::find_if(all.begin(), all.end(),
                                     [&](const Setting& one) { return one.name == setting.name; });
      if (same == all.end()) {
        all.push_back(setting);
      } else if (same->origin == "default" || same->origin == "command line") {
        same->value = setting.value;  // an option's own origin is more exact
        if (same->origin == "default") same->origin = setting.origin;
      }
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Setting& a, const Setting& b) { return a.name < b.name; });
  for (const Setting& setting : all) {
    print(stream, fmt::format("{:<26} {}  ({})\n", setting.name, printable(setting.value),
                              printable(setting.origin)));
  }
}

void print_for_people(const AdviseOptions& options, const RunResult& result) {
  const bool to_stderr = options.json || std::find(result.outputs.begin(), result.outputs.end(),
                                                   "-") != result.outputs.end();
  if (options.output.verbosity < 0) return;
  if (options.check) {
    const bool fresh = result.report.outcome == Outcome::kLocked;
    std::istringstream lines(result.report.explanation);
    for (std::string text; !options.json && !result.failure && std::getline(lines, text);)
      print(fresh ? stdout : stderr, printable(text) + "\n");
    return;
  }
  if (result.report.outcome == Outcome::kLocked && !options.json) {
    std::FILE* stream = to_stderr ? stderr : stdout;
    const int descriptor = to_stderr ? STDERR_FILENO : STDOUT_FILENO;
    print(stream, report_table(result.report, {.color = use_color(options.output, descriptor),
                                               .width = terminal_width(descriptor)}));
  } else if (!options.json && !result.failure) {
    print(stderr, report_table(result.report, {.color = use_color(options.output, STDERR_FILENO),
                                               .width = terminal_width(STDERR_FILENO)}));
  } else if (!result.failure && !failed_build(result.report.explanation).empty()) {
    print_lines(stderr, "", result.report.explanation);  // what the backend said
  }
}

}  // namespace

int run_advise(const AdviseOptions& given) {
  AdviseOptions options = given;
  auto configured = apply_configuration(options);
  if (!configured) return report_failure(configured.error(), options.output);
  if (options.output.verbosity >= 0) {
    for (const std::string& warning : configured->warnings)
      print_lines(stderr, "warning: ", warning);
  }
  if (std::string refused = unknown_format(options); !refused.empty()) {
    return report_failure(pep::error(pep::Fault::kUsage, refused), options.output);
  }
  ProgressLine line(options.output);
  ProgressSink sink;
  if (line.active()) sink = [&](const Progress& progress) { line.show(progress); };
  RunResult result = advise(options, sink);
  line.clear();
  Report& report = result.report;
  if (options.output.verbosity >= 0) {
    for (const std::string& warning : result.warnings) print_lines(stderr, "warning: ", warning);
  }
  if (options.output.verbosity > 0) {
    for (const std::string& detail : result.details)
      print(stderr, "note: " + printable(detail) + "\n");
  }
  if (options.show_config)
    print_settings(options.json ? stderr : stdout, options, result, configured->settings);
  if (report.outcome == Outcome::kLocked && !options.dry_run && !options.check &&
      !options.check_only) {
    if (auto written = write_locks(options, result); !written)
      return report_failure(written.error(), options.output);
  }
  report.degraded |= options.degrade && report.exit_code != kDone;
  if (!options.dry_run) {
    if (auto written = write_reports(options, report); !written)
      return report_failure(written.error(), options.output);
  }
  if (options.json) print(stdout, report_json(report));
  print_for_people(options, result);
  if (result.failure)
    print(stderr, describe(*result.failure, use_color(options.output, STDERR_FILENO)));
  if (report.exit_code != kDone) print(stderr, last_line(report));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return report_failure(pep::error(pep::Fault::kIo, "standard output cannot be written"),
                          options.output);
  }
  return report.exit_code;
}

}  // namespace plugin
