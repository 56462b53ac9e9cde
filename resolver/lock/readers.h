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

pep::Result<Lock> read_pipfile_lock(std::string_view text, const std::string& name);

// Locks for all platforms at once. What they say of one is found by resolving again, so these serve
// as preferences: a package that several versions are locked of is there several times, each with
// its marker.
pep::Result<Lock> read_poetry_lock(std::string_view text, const std::string& name);
pep::Result<Lock> read_uv_lock(std::string_view text, const std::string& name);
pep::Result<Lock> read_pdm_lock(std::string_view text, const std::string& name);

// By the name of the file: pylock*.toml, *.txt, Pipfile.lock, poetry.lock, uv.lock, pdm.lock.
pep::Result<Lock> read_lock(const std::string& path);

// By name: poetry.lock, uv.lock, pdm.lock.
bool is_universal_lock(const std::string& path);

// "pylock.toml" or "pylock.NAME.toml" (PEP 751).
bool is_pylock_filename(std::string_view filename);

}  // namespace resolver::lock
