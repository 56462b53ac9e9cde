// Whether the index still has the files that a lock or the hashes of a requirement vouch for. A
// file of another content under a known name is no reason to take another file: it is a reason to
// stop.
#pragma once

#include "plugin/inputs.h"
#include "resolver/index/client.h"
#include "resolver/pipeline/stack.h"

namespace plugin {

// kIntegrity, at the place of the requirement, if the pinned version has a file of the locked name
// with another hash, or none with any of the hashes given. With a stack only what it holds is
// looked at; a page that cannot be had says nothing.
pep::Status check_hashes(const Inputs& inputs, const rpmenv::Target& target,
                         const resolver::pipeline::Stack* stack, resolver::index::Client& client);

}  // namespace plugin
