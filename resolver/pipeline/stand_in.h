// What rules let stand in the place of some versions of a package: nothing (step.SkipPackage) or
// another package (pseudonym). To the solver such a choice is one more version of the package; it
// is never part of a stack.
#pragma once

#include "resolver/pipeline/plan.h"
#include "resolver/solve/range.h"

namespace resolver::pipeline {

struct StandIn {
  const StackRule* skip = nullptr;           // nothing, where it fires
  const PseudonymRule* pseudonym = nullptr;  // or another package
  solve::Range versions;                     // those it may stand in for
  const RuleHead& head() const { return skip != nullptr ? skip->head : pseudonym->head; }
};

// Whether the rule asks for nothing but its candidate: what it does is then known of each version.
bool is_unconditional(const StackRule& rule);
// Whether who requires whom, or what is for development only, decides if the rule fires: a matter
// of all packages.
bool depends_on_whole_stack(const StackRule& rule);

}  // namespace resolver::pipeline
