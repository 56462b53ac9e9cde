// Says in sentences why no solution exists: the derivation of the failing incompatibility, after
// the error reports of PubGrub. Knows no names itself; a Describer words the facts.
#pragma once

#include <string>
#include <vector>

#include "resolver/solve/solver.h"

namespace resolver::solve {

class Describer {
 public:
  virtual ~Describer() = default;
  // A package in a range, e.g. "flask >=2,<3", "flask 2.0.1", "flask" if `range` is all of its
  // versions.
  virtual std::string versions(PackageId package, const Range& range) const = 0;
  // Whole clauses, without capital or full stop.
  virtual std::string no_versions(PackageId package, const Range& range) const = 0;
  virtual std::string depends(PackageId package, const Range& range,
                              std::uint32_t detail) const = 0;
  virtual std::string external(const Incompatibility& incompatibility) const = 0;
};

// Lines of text, each a sentence; at most about `most` of them: a longer derivation is told by its
// facts alone.
std::string explain(const Solver& solver, IncompatibilityId failure, const Describer& describer,
                    std::size_t most = 24);

// The externals and dependencies that the failure rests on, each once, in the order in which they
// are told.
std::vector<IncompatibilityId> facts_of(const Solver& solver, IncompatibilityId failure);

}  // namespace resolver::solve
