#include "rpmenv/inspect.h"

#include <unistd.h>

#include <cstdio>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/exit_code.h"
#include "plugin/report/terminal_text.h"
#include "rpmenv/inspect_json.h"
#include "rpmenv/root.h"

namespace plugin {

namespace {

int fail(const pep::Error& error, const OutputOptions& output) {
  return report_failure(error, output, kEnvironmentMismatch);
}

}  // namespace

int run_inspect(const InspectCommandOptions& options) {
  auto root = rpmenv::open_root(options.root);
  if (!root) return fail(root.error(), options.output);
  auto facts = rpmenv::inspect(**root, {.modules = options.modules});
  if (!facts) return fail(facts.error(), options.output);
  const std::string text =
      options.json ? rpmenv::inspect_json(*facts) : rpmenv::inspect_summary(*facts);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (options.output.verbosity >= 0 && !options.json) {
    for (const std::string& warning : facts->warnings)
      std::fprintf(stderr, "warning: %s\n", printable(warning).c_str());
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return fail(pep::error(pep::Fault::kIo, "standard output cannot be written"), options.output);
  }
  return rpmenv::has_damaged_database(*facts) ? kEnvironmentMismatch : kDone;
}

}  // namespace plugin
