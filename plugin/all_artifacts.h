// `--all-artifacts`: the files of locked versions that other targets can use.
#pragma once

#include "resolver/lock/lock.h"
#include "resolver/pipeline/question.h"
#include "resolver/pipeline/stack.h"

namespace plugin {

// Adds, after the files that fit the target, the other wheels and one sdist of each version, as the
// policy admits them; marked `elsewhere`.
void add_all_artifacts(const resolver::pipeline::Stack& stack,
                       const resolver::pipeline::Policy& policy, resolver::lock::Lock& lock);

}  // namespace plugin
