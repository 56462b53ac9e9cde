// A lock read as what a user asks for: exactly the versions and files that it has, so that
// resolving it verifies it.
#pragma once

#include "resolver/lock/manifest.h"

namespace resolver::lock {

// What is for development is asked for with --dev or --group only. A lock for all platforms says
// not always where a package is needed: of poetry.lock, uv.lock and pdm.lock only packages that no
// other one needs are requirements, the rest constraints.
pep::Result<Requirements> read_lock_as_manifest(const std::string& path,
                                                const Selection& selection);

}  // namespace resolver::lock
