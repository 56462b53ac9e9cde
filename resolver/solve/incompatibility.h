// A set of terms that cannot all hold, and why: the clauses of PubGrub, and the nodes of its
// explanation.
#pragma once

#include <cstdint>
#include <vector>

#include "resolver/solve/term.h"

namespace resolver::solve {

using IncompatibilityId = std::uint32_t;
inline constexpr IncompatibilityId kNoIncompatibility = UINT32_MAX;

struct Literal {
  PackageId package;
  Term term;
};

enum class Cause : std::uint8_t {
  kRoot,         // the root is selected
  kNoVersions,   // no usable version in the range
  kDependency,   // the first literal's versions depend on the second's range
  kSameVersion,  // an extra is of the version of its package
  kExternal,     // the provider says so: an unusable version, a rule; `detail` is the provider's
                 // number
  kDerived,      // follows from `left` and `right`
};

struct Incompatibility {
  std::vector<Literal> literals;  // each package once
  Cause cause = Cause::kDerived;
  std::uint32_t detail = 0;  // kExternal and kDependency: a number the provider knows
  IncompatibilityId left = kNoIncompatibility;
  IncompatibilityId right = kNoIncompatibility;

  const Term* term_of(PackageId package) const {
    for (const Literal& literal : literals) {
      if (literal.package == package) return &literal.term;
    }
    return nullptr;
  }
};

}  // namespace resolver::solve
