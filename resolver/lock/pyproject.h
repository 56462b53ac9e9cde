// Reads [project] dependencies, optional-dependencies and [dependency-groups] of a pyproject.toml
// (PEP 621, 735). What a build backend would compute ("dynamic") is refused with the reason:
// nothing is executed here.
#pragma once

#include "resolver/lock/manifest.h"

namespace resolver::lock {

pep::Result<Requirements> read_pyproject(const std::string& path, const Selection& selection);
pep::Result<Requirements> read_pyproject_text(std::string_view text, const std::string& name,
                                              const Selection& selection);

}  // namespace resolver::lock
