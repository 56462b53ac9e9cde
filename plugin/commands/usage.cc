#include <cstdio>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/report/terminal_text.h"
#include "plugin/usage/sources.h"
#include "prescriptions/json_text.h"

namespace plugin {

namespace {

std::string as_json(const LibraryUsage& usage) {
  std::string out = "{";
  const char* separator = "\n  ";
  for (const auto& [library, symbols] : usage) {
    out += separator;
    prescriptions::append_json(out, library);
    out += ": [";
    const char* comma = "";
    for (const std::string& symbol : symbols) {
      out += comma;
      prescriptions::append_json(out, symbol);
      comma = ", ";
    }
    out += "]";
    separator = ",\n  ";
  }
  return out + (usage.empty() ? "}\n" : "\n}\n");
}

}  // namespace

int run_usage(const UsageOptions& options) {
  auto found = usage_of(options.directory);
  if (!found) return report_failure(found.error(), options.output);
  if (options.output.verbosity >= 0) {
    for (const std::string& warning : found->warnings)
      std::fprintf(stderr, "warning: %s\n", printable(warning).c_str());
  }
  std::string text;
  if (options.json) {
    text = as_json(found->usage);
  } else {
    for (const auto& [library, symbols] : found->usage)
      text += printable(fmt::format("{}: {}", library, fmt::join(symbols, ", "))) + "\n";
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return kDone;
  return report_failure(pep::error(pep::Fault::kIo, "standard output cannot be written"),
                        options.output);
}

}  // namespace plugin
