#include "rpmenv/inspect.h"

#include <unistd.h>

#include <cstdio>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/exit_code.h"
#include "plugin/report/terminal_text.h"
#include "rpmenv/facts_diff.h"
#include "rpmenv/inspect_json.h"
#include "rpmenv/root.h"

namespace plugin {

namespace {

int fail(const pep::Error& error, const OutputOptions& output) {
  return report_failure(error, output, kEnvironmentMismatch);
}

pep::Result<rpmenv::Facts> look_at(const std::string& path, const std::string& image_config,
                                   const InspectCommandOptions& options) {
  auto root = rpmenv::open_root(path, image_config);
  if (!root) return std::move(root).error();
  return rpmenv::inspect(**root, {.modules = options.modules, .symbols = options.symbols});
}

void warn(const rpmenv::Facts& facts, const OutputOptions& output, const std::string& image = "") {
  if (output.verbosity < 0) return;
  for (const std::string& warning : facts.warnings)
    std::fprintf(stderr, "warning: %s\n", printable(image + warning).c_str());
}

pep::Status print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return pep::Done{};
  return pep::error(pep::Fault::kIo, "standard output cannot be written");
}

// A difference is an answer, not a failure: the exit code speaks of what could be read, as without
// --diff.
int run_diff(const InspectCommandOptions& options) {
  auto before = look_at(options.diff[0], "", options);
  if (!before) return fail(before.error(), options.output);
  auto after = look_at(options.diff[1], "", options);
  if (!after) return fail(after.error(), options.output);
  const rpmenv::FactsDiff diff = rpmenv::diff_facts(*before, *after);
  const std::string text = options.json ? rpmenv::diff_json(diff) : rpmenv::diff_summary(diff);
  if (auto printed = print(text); !printed) return fail(printed.error(), options.output);
  warn(*before, options.output, options.diff[0] + ": ");
  warn(*after, options.output, options.diff[1] + ": ");
  const bool damaged =
      rpmenv::has_damaged_database(*before) || rpmenv::has_damaged_database(*after);
  return damaged ? kEnvironmentMismatch : kDone;
}

}  // namespace

int run_inspect(const InspectCommandOptions& options) {
  if (!options.diff.empty()) return run_diff(options);
  auto facts = look_at(options.root, options.image_config, options);
  if (!facts) return fail(facts.error(), options.output);
  const std::string text =
      options.json ? rpmenv::inspect_json(*facts) : rpmenv::inspect_summary(*facts);
  if (auto printed = print(text); !printed) return fail(printed.error(), options.output);
  if (!options.json) warn(*facts, options.output);
  return rpmenv::has_damaged_database(*facts) ? kEnvironmentMismatch : kDone;
}

}  // namespace plugin
