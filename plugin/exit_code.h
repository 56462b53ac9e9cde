// The program's exit codes: stable, documented in README.md, tested.
#pragma once

#include "pep/result.h"

namespace plugin {

enum ExitCode : int {
  kDone = 0,
  kInternalError = 1,
  kUsageError = 2,  // usage, configuration, malformed input
  kConflictingInputs = 3,
  kNoSolution = 4,
  kLockStale = 5,
  kEnvironmentMismatch = 6,
  kIntegrityFailure = 7,
  kNotAcceptable = 8,
  kUnavailable = 9,  // network or index; the only one worth a retry
  kInstallFailed = 10,
  kVerifyFailed = 11,
};

ExitCode exit_code_of(pep::Fault fault);
// The stable word for a fault in reports ("malformed", "unavailable", …).
const char* name_of(pep::Fault fault);

}  // namespace plugin
