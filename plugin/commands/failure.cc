#include "plugin/commands/failure.h"

#include <unistd.h>

#include <cstdio>

#include "plugin/report/error.h"
#include "plugin/report/terminal_text.h"
#include "plugin/terminal.h"

namespace plugin {

int report_failure(const pep::Error& error, const OutputOptions& output, ExitCode not_found) {
  const int code = error.fault == pep::Fault::kNotFound ? not_found : exit_code_of(error.fault);
  std::fputs(describe(error, use_color(output, STDERR_FILENO)).c_str(), stderr);
  std::fprintf(stderr, "seshat: failed: %s [exit code %d]\n", printable(error.what).c_str(), code);
  return code;
}

}  // namespace plugin
