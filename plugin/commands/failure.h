// How a command ends that could not do its work.
#pragma once

#include "pep/result.h"
#include "plugin/exit_code.h"
#include "plugin/options.h"

namespace plugin {

// Prints the error with its place, then one last line with the exit code, which is returned.
// `not_found` is the code for what the command was given and is not there.
int report_failure(const pep::Error& error, const OutputOptions& output,
                   ExitCode not_found = kUsageError);

}  // namespace plugin
