// What a user could change so that there is a solution: one change at a time is tried by resolving
// with it, the smallest first. Nothing is suggested that was not tried.
#pragma once

#include <string>

#include "resolver/index/client.h"
#include "resolver/pipeline/problem.h"
#include "resolver/solve/solver.h"

namespace plugin {

// A sentence ("What would help: …"), empty if no change that was tried helps. The changes: leaving
// out a constraint or the bounds of a requirement that the failure rests on, the policies that the
// user set (cut-off, pre-releases, yanked files, only wheels or none), another Python. Bounded in
// number and time; an index that does not answer ends it.
std::string tried_repair(const resolver::pipeline::Problem& problem,
                         const resolver::solve::Solver& solver,
                         resolver::solve::IncompatibilityId failure,
                         resolver::index::Client& client);

}  // namespace plugin
