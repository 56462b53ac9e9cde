// Asks the index for what a resolution will probably need next, while the solver is still at work:
// on each new page the metadata of the best candidate, on each metadata the pages of its
// dependencies. A guess that is wrong costs one request. Called on the client's threads and on the
// solver's.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "resolver/index/client.h"
#include "resolver/pipeline/candidate.h"
#include "resolver/pipeline/question.h"
#include "rpmenv/target.h"

namespace resolver::pipeline {

class Prefetcher {
 public:
  Prefetcher(const rpmenv::Target& target, index::Client& client, const Policy& policy)
      : target_(target), client_(client), policy_(policy), filter_(target, policy) {}

  // A requirement that will have to be met. Asks for its page.
  void require(const pep::Requirement& requirement);
  void on_page(const index::Page& page);
  void on_metadata(const index::Page& page, const pep::Metadata& metadata);

 private:
  struct Wish {
    std::vector<pep::SpecifierSet> specifiers;
    std::set<pep::Name> extras;
  };

  const rpmenv::Target& target_;
  index::Client& client_;
  const Policy& policy_;
  std::mutex mutex_;  // guards what follows
  CandidateFilter filter_;
  std::unordered_map<std::string, Wish> wishes_;
};

}  // namespace resolver::pipeline
