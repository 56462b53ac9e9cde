// Holds the files of a locked package against its index and a target: can one of them be installed,
// are they what the index has, which metadata speak for them?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "resolver/index/client.h"
#include "resolver/lock/lock.h"
#include "resolver/pipeline/candidate.h"

namespace plugin {

class LockedFiles {
 public:
  LockedFiles(const rpmenv::Target& target, const resolver::pipeline::Policy& policy)
      : target_(target), policy_(policy), filter_(target, policy) {}

  struct Checked {
    std::vector<std::string> stale;           // reasons, as predicates of the package
    const pep::Metadata* metadata = nullptr;  // of the locked version; null if it is not known
    std::optional<pep::Error> unreachable;    // why the page or the metadata could not be read
  };
  // Errors only for what is neither stale nor out of reach.
  // `pinned`: the user names this version, so that it may be a yanked one.
  pep::Result<Checked> check(const resolver::lock::Package& package, bool pinned,
                             resolver::index::Client& client);

 private:
  void check_index(const resolver::lock::Package& package, const resolver::index::Page& page,
                   Checked& checked) const;
  void check_files(const resolver::lock::Package& package, const resolver::index::Page& page,
                   std::uint32_t version, bool pinned, Checked& checked);
  void check_names(const resolver::lock::Package& package, Checked& checked);
  bool fits(const resolver::lock::Artifact& artifact, const pep::Name& name) const;

  const rpmenv::Target& target_;
  const resolver::pipeline::Policy& policy_;
  resolver::pipeline::CandidateFilter filter_;
};

}  // namespace plugin
