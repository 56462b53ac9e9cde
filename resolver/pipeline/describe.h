// Words for what a resolution rests on, for the explanation of a failure: names, ranges as
// specifiers, why versions are no candidates in this image, which rule refused what.
#pragma once

#include <string>

#include "resolver/pipeline/problem.h"
#include "resolver/solve/explain.h"

namespace resolver::pipeline {

class ProblemDescriber final : public solve::Describer {
 public:
  explicit ProblemDescriber(Problem& problem) : problem_(problem) {}
  std::string versions(solve::PackageId id, const solve::Range& range) const override;
  std::string no_versions(solve::PackageId id, const solve::Range& range) const override;
  std::string depends(solve::PackageId id, const solve::Range& range,
                      std::uint32_t number) const override;
  std::string external(const solve::Incompatibility& incompatibility) const override;

 private:
  std::string name(solve::PackageId id) const;
  std::string listed(solve::PackageId id, const solve::Range& range) const;
  std::string stand_in_text(solve::PackageId id, const solve::Range& range) const;
  std::string range_text(solve::PackageId id, const solve::Range& range) const;

  Problem& problem_;
};

// Whether a rule (a sieve or a refusal) is among the reasons of the failure: the outcome is then
// "not acceptable".
struct RefusalFacts {
  std::vector<const StackRule*> rules;
  std::vector<const SieveRule*> sieves;
  bool any() const { return !rules.empty() || !sieves.empty(); }
};
RefusalFacts refusals_in(const solve::Solver& solver, solve::IncompatibilityId failure,
                         Problem& problem);

}  // namespace resolver::pipeline
