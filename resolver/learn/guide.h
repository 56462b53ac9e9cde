// The problem as the solver's provider, with a version that is preferred for each package where it
// fits: so the solver builds, and thereby checks, the stack that an episode found. Knows no scores.
#pragma once

#include <vector>

#include "resolver/pipeline/problem.h"
#include "resolver/solve/provider.h"

namespace resolver::learn {

class Guide final : public solve::Provider {
 public:
  explicit Guide(pipeline::Problem& problem) : problem_(problem) {}

  // Instead of all earlier preferences.
  void prefer(const std::vector<Chosen>& versions);

  solve::PackageId base(solve::PackageId package) const override { return problem_.base(package); }
  solve::Range existing(solve::PackageId package, const solve::Range& range) const override {
    return problem_.existing(package, range);
  }
  bool is_version(solve::PackageId package, solve::VersionIndex version) const override {
    return problem_.is_version(package, version);
  }
  solve::Priority priority(solve::PackageId package) const override {
    return problem_.priority(package);
  }
  pep::Result<std::optional<solve::VersionIndex>> choose(solve::PackageId package,
                                                         const solve::Range& allowed) override;
  pep::Result<std::variant<std::vector<solve::Dependency>, solve::Unusable>> dependencies(
      solve::PackageId package, solve::VersionIndex version) override {
    return problem_.dependencies(package, version);
  }
  std::vector<solve::External> take_externals() override { return problem_.take_externals(); }
  pep::Result<std::vector<solve::External>> check(const std::vector<Chosen>& solution) override {
    return problem_.check(solution);
  }

 private:
  pipeline::Problem& problem_;
  std::vector<solve::VersionIndex> preferred_;  // by package; UINT32_MAX: none
};

}  // namespace resolver::learn
