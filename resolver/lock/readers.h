// Readers of locks: as preferences, and for what fetches, installs or checks one.
// A lock says less than the Lock it was written from: what a format does not carry stays at its
// default.
#pragma once

#include <string>
#include <string_view>

#include "resolver/lock/lock.h"

namespace resolver::lock {

pep::Result<Lock> read_pylock(std::string_view text, const std::string& name);
// A requirements file in which every line pins one version; hashes as artifacts without a file
// name.
pep::Result<Lock> read_locked_requirements(std::string_view text, const std::string& name);

// By the name of the file: pylock*.toml, Pipfile.lock, *.txt …
pep::Result<Lock> read_lock(const std::string& path);

// "pylock.toml" or "pylock.NAME.toml" (PEP 751).
bool is_pylock_filename(std::string_view filename);

}  // namespace resolver::lock
