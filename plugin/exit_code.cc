#include "plugin/exit_code.h"

namespace plugin {

ExitCode exit_code_of(pep::Fault fault) {
  switch (fault) {
    case pep::Fault::kUsage:
    case pep::Fault::kConfig:
    case pep::Fault::kMalformed:
    case pep::Fault::kNotFound:
    case pep::Fault::kIo:
      return kUsageError;
    case pep::Fault::kEnvironment:
      return kEnvironmentMismatch;
    case pep::Fault::kIntegrity:
      return kIntegrityFailure;
    case pep::Fault::kUnreachable:
      return kUnavailable;
    case pep::Fault::kConflict:
      return kConflictingInputs;
    case pep::Fault::kInternal:
      break;
  }
  return kInternalError;
}

const char* name_of(pep::Fault fault) {
  switch (fault) {
    case pep::Fault::kUsage:
      return "usage";
    case pep::Fault::kConfig:
      return "configuration";
    case pep::Fault::kMalformed:
      return "malformed";
    case pep::Fault::kNotFound:
      return "not_found";
    case pep::Fault::kEnvironment:
      return "environment";
    case pep::Fault::kIntegrity:
      return "integrity";
    case pep::Fault::kUnreachable:
      return "unavailable";
    case pep::Fault::kConflict:
      return "conflict";
    case pep::Fault::kIo:
      return "io";
    case pep::Fault::kInternal:
      break;
  }
  return "internal";
}

}  // namespace plugin
