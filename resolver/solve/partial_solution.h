// What is assigned so far: decisions and derivations in the order they were made, each with its
// decision level. Knows nothing of providers; the incompatibilities are given to it.
#pragma once

#include <cstdint>
#include <vector>

#include "resolver/solve/incompatibility.h"

namespace resolver::solve {

class PartialSolution {
 public:
  static constexpr std::uint32_t kNotDecided = UINT32_MAX;

  struct Derivation {
    std::uint32_t position;  // in the trail
    std::uint32_t level;     // decisions before it
    IncompatibilityId cause;
    Term accumulated;  // all that is known of the package from here on
  };

  struct Assignment {
    std::vector<Derivation> derivations;
    std::uint32_t version = kNotDecided;
    std::uint32_t decision_position = 0;
    std::uint32_t decision_level = 0;
    Term current;  // what is known now
    bool known() const { return !derivations.empty() || version != kNotDecided; }
  };

  // The moment from which a term held.
  struct Satisfier {
    std::uint32_t position = 0;
    std::uint32_t level = 0;
    IncompatibilityId cause = kNoIncompatibility;  // none: a decision
  };

  std::uint32_t level() const { return level_; }
  const Assignment* find(PackageId package) const {
    return package < assignments_.size() && assignments_[package].known() ? &assignments_[package]
                                                                          : nullptr;
  }

  void decide(PackageId package, VersionIndex version);
  // `term` holds because of `cause`.
  void derive(PackageId package, const Term& term, IncompatibilityId cause);
  // Forgets all that was assigned after `level`.
  void backtrack(std::uint32_t level);

  // When `term` began to hold. It must hold now.
  Satisfier satisfier(PackageId package, const Term& term) const;
  // When `term` began to hold given that `also` holds anyway. It must hold now.
  Satisfier satisfier(PackageId package, const Term& term, const Term& also) const;

  // Whether the package is to be selected and has no version yet.
  bool undecided(PackageId package) const {
    const Assignment* known = find(package);
    return known != nullptr && known->current.positive && known->version == kNotDecided;
  }
  // Packages of which something was learned or forgotten since the last call, each once.
  std::vector<PackageId> take_touched();
  std::uint32_t trail_size() const { return static_cast<std::uint32_t>(trail_.size()); }
  const std::vector<PackageId>& trail() const { return trail_; }

 private:
  Assignment& slot(PackageId package);
  void touch(PackageId package);

  std::vector<Assignment> assignments_;
  std::vector<PackageId> trail_;
  std::vector<PackageId> touched_;
  std::vector<char> in_touched_;
  std::uint32_t level_ = 0;
};

}  // namespace resolver::solve
