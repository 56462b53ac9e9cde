// Everything that requirements point at besides an index, and what that points at in turn: read
// before anything is resolved, since each is the one version of its name. Whoever the user named
// may name others by URL; a release of an index may not.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pep/result.h"
#include "plugin/direct/source.h"
#include "plugin/inputs.h"
#include "resolver/index/overlay_client.h"
#include "resolver/lock/lock.h"
#include "rpmenv/target.h"

namespace plugin::direct {

using Origins = std::map<pep::Name, resolver::lock::DirectOrigin>;

// Whether any requirement, constraint or override points elsewhere than at an index.
bool has_directs(const Inputs& inputs);

// Gives `client` what was found, and requirements the names that only the metadata told. kConflict
// if one name comes from two places.
pep::Result<Origins> read_directs(Inputs& inputs, const rpmenv::Target& target,
                                  resolver::index::OverlayClient& client, Builder* builder);

}  // namespace plugin::direct
