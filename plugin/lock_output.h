// The files that a lock is written to, and the format of each by its name.
#pragma once

#include <optional>
#include <string>

#include "pep/result.h"
#include "plugin/options.h"

namespace plugin {

struct RunResult;

enum class LockFormat { kPylock, kRequirements, kPipfile };

// By the name of the file; `of_stdout` is --format, which says it for "-". None: no lock has such a
// name.
std::optional<LockFormat> lock_format(const std::string& path, const std::string& of_stdout);
bool writes_pipfile_lock(const AdviseOptions& options);

// Writes the lock of the first product to every output.
pep::Status write_locks(const AdviseOptions& options, const RunResult& result);

}  // namespace plugin
