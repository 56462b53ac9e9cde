// The command line: every option with its SESHAT_* variable, checked before anything else happens.
#pragma once

#include <string>
#include <variant>

#include "plugin/options.h"

namespace plugin {

// The command line was answered by itself: --help, or a fault. `text` goes to standard output with
// exit code 0, else to standard error.
struct Answered {
  int exit_code = 0;
  std::string text;
};

using Command = std::variant<Answered, AdviseOptions, InspectCommandOptions, FetchOptions,
                             InstallOptions, PrescriptionsOptions, VerifyOptions, CacheOptions,
                             UsageOptions, IndexExportOptions, MonkeyOptions, ReportOptions,
                             ConfigOptions, LabelsOptions, ProvenanceOptions, BuildHookOptions>;

Command read_command_line(int argc, const char* const* argv);

}  // namespace plugin
