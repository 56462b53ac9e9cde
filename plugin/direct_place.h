// Whether a lock's place of a package is the one that is asked for.
#pragma once

#include "resolver/lock/lock.h"

namespace plugin {

// A branch that moved is the same place, another branch is not; `notes_revisions`: the lock tells
// which branch it was.
bool is_same_place(const resolver::lock::DirectOrigin& asked,
                   const resolver::lock::DirectOrigin& locked, bool notes_revisions);

}  // namespace plugin
