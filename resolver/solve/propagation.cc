// Unit propagation and conflict resolution of the solver.
#include <algorithm>
#include <cassert>

#include "resolver/solve/solver.h"

namespace resolver::solve {

bool Solver::propagate(PackageId changed) {
  if (changed != kNoPackage) mark_changed(changed);
  while (!changed_.empty()) {
    PackageId package = changed_.back();
    changed_.pop_back();
    in_changed_[package] = 0;
    IncompatibilityId conflict = kNoIncompatibility;
    if (package < by_package_.size()) {
      // The newest first: learned ones say most. The list cannot grow while it is walked.
      const auto& ids = by_package_[package];
      for (std::size_t i = ids.size(); i-- > 0 && conflict == kNoIncompatibility;) {
        if (contradicted_[ids[i]] == 0) visit(ids[i], conflict);
      }
    }
    if (conflict == kNoIncompatibility) link_extra(package, conflict);
    if (conflict == kNoIncompatibility) continue;
    mark_changed(package);  // what was not looked at yet may hold at the level we go back to
    if (!resolve(conflict)) return false;
  }
  return true;
}

// Looks at one incompatibility: derives what follows from it, or reports it as the conflict.
bool Solver::visit(IncompatibilityId id, IncompatibilityId& conflict) {
  const Literal* open = nullptr;
  for (const Literal& literal : incompatibilities_[id].literals) {
    const auto* assignment = solution_.find(literal.package);
    Relation found = assignment == nullptr ? Relation::kInconclusive
                                           : relation(assignment->current, literal.term);
    if (found == Relation::kSatisfied) continue;
    if (found == Relation::kContradicted) {
      contradicted_[id] = solution_.level() + 1;
      contradictions_.push_back(id);
      return false;
    }
    if (open != nullptr) return false;  // two open literals: nothing follows yet
    open = &literal;
  }
  if (open == nullptr) {
    conflict = id;
    return false;
  }
  solution_.derive(open->package, open->term.negation(), id);
  contradicted_[id] = solution_.level() + 1;
  contradictions_.push_back(id);
  mark_changed(open->package);
  return true;
}

// An extra and its package are of one version: what is known of the extra holds for the package.
bool Solver::link_extra(PackageId package, IncompatibilityId& conflict) {
  const PackageId base = provider_.base(package);
  if (base == kNoPackage) return false;
  const auto* extra = solution_.find(package);
  if (extra == nullptr || !extra->current.positive) return false;
  const auto* known = solution_.find(base);
  const Range range = extra->current.range;
  if (known != nullptr && known->current.positive && subset(known->current.range, range))
    return false;
  IncompatibilityId id = add({.literals = {{package, Term::in(range)}, {base, Term::not_in(range)}},
                              .cause = Cause::kSameVersion});
  index(id);
  return visit(id, conflict);
}

// The literal of an incompatibility that came to hold last, and the level at which all others held.
struct Solver::Step {
  PackageId package = kNoPackage;
  PartialSolution::Satisfier satisfier;
  std::uint32_t previous_level = 0;
};

Solver::Step Solver::last_step(const Incompatibility& incompatibility) const {
  Step step;
  std::uint32_t others = 0;
  for (const Literal& literal : incompatibility.literals) {
    auto satisfier = solution_.satisfier(literal.package, literal.term);
    if (step.package == kNoPackage || satisfier.position > step.satisfier.position) {
      if (step.package != kNoPackage) others = std::max(others, step.satisfier.level);
      step.package = literal.package;
      step.satisfier = satisfier;
    } else {
      others = std::max(others, satisfier.level);
    }
  }
  step.previous_level = others;
  if (step.satisfier.cause != kNoIncompatibility) {
    // The last derivation may have needed earlier knowledge of the same package.
    Term derived = incompatibilities_[step.satisfier.cause].term_of(step.package)->negation();
    const Term& asked = *incompatibility.term_of(step.package);
    if (relation(derived, asked) != Relation::kSatisfied) {
      auto earlier = solution_.satisfier(step.package, asked, derived);
      step.previous_level = std::max(step.previous_level, earlier.level);
    }
  }
  return step;
}

bool Solver::is_failure(const Incompatibility& incompatibility) const {
  if (incompatibility.literals.empty()) return true;
  return incompatibility.literals.size() == 1 &&
         incompatibility.literals[0].package == kRootPackage &&
         incompatibility.literals[0].term.positive;
}

Incompatibility Solver::prior_cause(const Incompatibility& later, IncompatibilityId later_id,
                                    IncompatibilityId cause, PackageId package) const {
  Incompatibility prior;
  prior.left = later_id;
  prior.right = cause;
  const Incompatibility& earlier = incompatibilities_[cause];
  for (const Literal& literal : later.literals) {
    if (literal.package == package) continue;
    const Term* other = earlier.term_of(literal.package);
    prior.literals.push_back(
        {literal.package, other == nullptr ? literal.term : intersect(literal.term, *other)});
  }
  for (const Literal& literal : earlier.literals) {
    if (literal.package != package && later.term_of(literal.package) == nullptr) {
      prior.literals.push_back(literal);
    }
  }
  Term merged = unite(*later.term_of(package), *earlier.term_of(package));
  if (!merged.always()) prior.literals.push_back({package, std::move(merged)});
  return prior;
}

// Learns the root cause of a conflict and backtracks to where it makes a difference. False if there
// is no such place.
bool Solver::resolve(IncompatibilityId conflict) {
  ++figures_.conflicts;
  if (deciding_ != kNoPackage) note_conflict(deciding_, conflict);
  IncompatibilityId id = conflict;
  while (true) {
    const Incompatibility& incompatibility = incompatibilities_[id];
    if (is_failure(incompatibility)) {
      failure_ = id;
      return false;
    }
    Step step = last_step(incompatibility);
    if (step.satisfier.cause == kNoIncompatibility || step.previous_level < step.satisfier.level) {
      backtrack(step.previous_level);
      if (id != conflict) index(id);
      deciding_ = kNoPackage;
      IncompatibilityId again = kNoIncompatibility;
      visit(id, again);
      assert(again == kNoIncompatibility);
      return true;
    }
    id = add(prior_cause(incompatibility, id, step.satisfier.cause, step.package));
  }
}

}  // namespace resolver::solve
