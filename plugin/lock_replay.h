// Resolves what is asked once more with every version held to that of a lock: what rules make of
// it, and whether a locked pre-release is still what would be taken. Finds no other versions.
#pragma once

#include <vector>

#include "plugin/lock_check.h"
#include "resolver/index/client.h"

namespace plugin {

// Whether a pre-release is locked that only the lack of a final release justifies.
bool is_in_doubt(const resolver::lock::Package& package, const resolver::pipeline::Policy& policy);

struct Replay {
  const rpmenv::Target& target;
  const resolver::pipeline::Plan& plan;
  const resolver::pipeline::Question& question;
  const std::vector<const resolver::lock::Package*>& packages;  // of the lock, for the target
  bool edited = false;     // requirements alone do not tell what is missing or superfluous
  bool universal = false;  // the lock may hold what is not needed here
};

// Adds what speaks against the lock.
pep::Status replay_lock(const Replay& replay, resolver::index::Client& client,
                        std::vector<Stale>& stale);

// The same for a lock whose metadata cannot be read: what rules say of the versions and the lists
// of dependencies that it holds itself. Asks no index.
void judge_lock(const Replay& replay, std::vector<Stale>& stale);

}  // namespace plugin
