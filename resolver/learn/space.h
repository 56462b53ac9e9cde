// Which packages and versions can be part of a stack, and what each needs: read from the problem,
// many files at a time. Versions that no rule and no requirement tells apart are alike; the
// preferred one of each kind comes first, further ones as far as the budget goes. The same inputs
// give the same space.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "resolver/index/client.h"
#include "resolver/pipeline/problem.h"

namespace resolver::learn {

struct SpaceOptions {
  std::optional<std::uint32_t> latest_versions;  // of each package
  std::size_t scored = 4096;      // metadata files read for packages that scores name
  std::size_t others = 1024;      // and for others
  std::function<bool()> stopped;  // becomes true: what was read so far has to do
};

class Space {
 public:
  using Needs = std::vector<solve::Dependency>;
  struct Version {
    solve::VersionIndex index;
    Needs needs;
  };
  struct Package {
    solve::PackageId id = solve::kNoPackage;
    bool scored = false;                                    // a rule that scores names it
    std::vector<Version> versions;                          // usable, preferred first
    std::map<solve::PackageId, std::vector<Needs>> extras;  // needs by place in `versions`
  };

  Space(pipeline::Problem& problem, index::Client& client, const SpaceOptions& options)
      : problem_(problem), client_(client), options_(options) {}

  // `first`: a solution, all of whose versions are part of the space.
  pep::Status explore(const std::vector<solve::Provider::Chosen>& first);

  const Needs& root() const { return root_; }
  const std::vector<Package>& packages() const { return packages_; }  // by id of the base package
  bool complete() const { return complete_; }  // nothing that a stack could hold was left out
  bool stopped() const { return stopped_; }    // before it was done
  pipeline::Problem& problem() const { return problem_; }

 private:
  struct Looked {  // a version whose metadata was read
    bool usable = false;
    Needs needs;
    std::map<solve::PackageId, Needs> extras;
  };
  struct Knowledge {
    bool known = false;
    bool scored = false;
    solve::Range constrained = solve::Range::all();
    std::vector<solve::Range> ranges;  // that some requirement admits, each once
    std::vector<solve::PackageId> extras;
    std::optional<solve::VersionIndex> first;
    std::map<solve::VersionIndex, Looked> looked;
    std::map<solve::VersionIndex, std::string> marks;  // which patterns of rules it meets
    std::vector<solve::VersionIndex> order;            // candidates, preferred first
    bool stale = true;                                 // `order`
  };

  Knowledge& know(solve::PackageId base);
  pep::Status need(const Needs& needs);
  pep::Status look(solve::PackageId base, solve::VersionIndex version);
  pep::Result<std::optional<Needs>> needs_of(solve::PackageId package, solve::VersionIndex version);
  pep::Status put_in_order(solve::PackageId base, Knowledge& known);
  const std::string& marks(solve::PackageId base, Knowledge& known, solve::VersionIndex version);
  pep::Result<std::size_t> look_further(std::uint32_t round);
  void gather();

  pipeline::Problem& problem_;
  index::Client& client_;
  SpaceOptions options_;
  Needs root_;
  std::map<solve::PackageId, Knowledge> known_;
  std::vector<Package> packages_;
  std::size_t read_ = 0;
  bool left_ = false;  // versions were left out in the last round
  bool complete_ = true;
  bool stopped_ = false;
};

}  // namespace resolver::learn
