// Whether a lock still is what the user asks, in one target. Follows the requirements from the
// manifest through the metadata of the locked versions; chooses and resolves nothing. What an index
// would have to say is taken from the store where it is there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "resolver/index/client.h"
#include "resolver/lock/lock.h"
#include "resolver/pipeline/plan.h"
#include "resolver/pipeline/question.h"
#include "rpmenv/target.h"

namespace plugin {

// One reason why the lock is stale.
struct Stale {
  std::string package;  // empty: the lock as a whole
  std::string what;     // a sentence without its full stop
};

struct LockFindings {
  std::vector<Stale> stale;               // in the order in which requirements were followed
  std::vector<pep::Name> unknown;         // whose page or metadata could not be read, sorted
  std::vector<pep::Name> taken_on_trust;  // whose needs are those that the lock lists, sorted
  pep::Error why_unknown;                 // the first reason, if there is any
  bool edited = false;  // rules may edit the stack: requirements do not tell all that is in it
  std::vector<const resolver::lock::Package*> packages;  // that the lock has for the target
};

struct LockQuestion {
  const rpmenv::Target& target;
  const resolver::pipeline::Plan& plan;
  const resolver::pipeline::Question& question;
  const resolver::lock::Lock& lock;
  // What the user's URLs and paths stand for by now.
  const std::map<pep::Name, resolver::lock::DirectOrigin>& origins;
  bool universal = false;  // a lock for all platforms: it may hold what is not needed here
  // Whether a lock's own list of dependencies will do where metadata cannot be read.
  bool trusts_lists = false;
  // Whether the lock notes which branch a commit was on, as pylock.toml does.
  bool notes_revisions = false;
};

// Only an index that says nonsense is an error; one that does not answer leaves packages unknown.
pep::Result<LockFindings> check_lock(const LockQuestion& asked, resolver::index::Client& client);

}  // namespace plugin
