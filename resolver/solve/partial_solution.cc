#include "resolver/solve/partial_solution.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace resolver::solve {

PartialSolution::Assignment& PartialSolution::slot(PackageId package) {
  if (package >= assignments_.size()) {
    assignments_.resize(package + 1);
    in_touched_.resize(package + 1, 0);
  }
  return assignments_[package];
}

void PartialSolution::touch(PackageId package) {
  if (in_touched_[package] != 0) return;
  in_touched_[package] = 1;
  touched_.push_back(package);
}

std::vector<PackageId> PartialSolution::take_touched() {
  for (PackageId package : touched_) in_touched_[package] = 0;
  return std::exchange(touched_, {});
}

void PartialSolution::decide(PackageId package, VersionIndex version) {
  Assignment& assignment = slot(package);
  assert(assignment.version == kNotDecided);
  ++level_;
  assignment.version = version;
  assignment.decision_level = level_;
  assignment.decision_position = trail_size();
  assignment.current = Term::in(Range::one(version));
  trail_.push_back(package);
}

void PartialSolution::derive(PackageId package, const Term& term, IncompatibilityId cause) {
  Assignment& assignment = slot(package);
  assert(assignment.version == kNotDecided);
  assignment.current = assignment.derivations.empty() ? term : intersect(assignment.current, term);
  assignment.derivations.push_back({trail_size(), level_, cause, assignment.current});
  trail_.push_back(package);
  touch(package);
}

void PartialSolution::backtrack(std::uint32_t level) {
  while (!trail_.empty()) {
    PackageId package = trail_.back();
    Assignment& assignment = assignments_[package];
    bool decision = assignment.version != kNotDecided;
    std::uint32_t made_at =
        decision ? assignment.decision_level : assignment.derivations.back().level;
    if (made_at <= level) break;
    if (decision) {
      assignment.version = kNotDecided;
    } else {
      assignment.derivations.pop_back();
    }
    if (!assignment.derivations.empty())
      assignment.current = assignment.derivations.back().accumulated;
    trail_.pop_back();
    touch(package);
  }
  level_ = level;
}

PartialSolution::Satisfier PartialSolution::satisfier(PackageId package, const Term& term) const {
  const Assignment& assignment = assignments_[package];
  auto found = std::partition_point(
      assignment.derivations.begin(), assignment.derivations.end(), [&](const Derivation& made) {
        return relation(made.accumulated, term) != Relation::kSatisfied;
      });
  if (found != assignment.derivations.end()) return {found->position, found->level, found->cause};
  assert(assignment.version != kNotDecided);
  return {assignment.decision_position, assignment.decision_level, kNoIncompatibility};
}

PartialSolution::Satisfier PartialSolution::satisfier(PackageId package, const Term& term,
                                                      const Term& also) const {
  const Assignment& assignment = assignments_[package];
  auto found = std::partition_point(
      assignment.derivations.begin(), assignment.derivations.end(), [&](const Derivation& made) {
        return relation(intersect(made.accumulated, also), term) != Relation::kSatisfied;
      });
  if (found != assignment.derivations.end()) return {found->position, found->level, found->cause};
  assert(assignment.version != kNotDecided);
  return {assignment.decision_position, assignment.decision_level, kNoIncompatibility};
}

}  // namespace resolver::solve
