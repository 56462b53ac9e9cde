#include "resolver/solve/solver.h"

#include <algorithm>
#include <cassert>

namespace resolver::solve {

namespace {
// After so many conflicts between two packages their order of decision is changed.
constexpr std::uint32_t kConflictThreshold = 5;
constexpr std::uint32_t kEarlyRank = 2;
constexpr std::uint32_t kLateRank = 9;
}  // namespace

pep::Result<SolveOutcome> Solver::solve(const std::atomic<bool>* cancel) {
  if (!started_) {
    index(add({.literals = {{kRootPackage, Term::not_in(Range::one(0))}}, .cause = Cause::kRoot}));
    started_ = true;
  } else {
    backtrack(0);
  }
  if (failure_ != kNoIncompatibility) return SolveOutcome(Unsatisfiable{failure_});
  PackageId changed = kRootPackage;
  while (true) {
    if (cancel != nullptr && cancel->load(std::memory_order_relaxed)) {
      return pep::error(pep::Fault::kInternal, "interrupted");
    }
    if (!propagate(changed)) return SolveOutcome(Unsatisfiable{failure_});
    PackageId package = pick();
    if (package != kNoPackage) {
      if (auto advanced = advance(package, changed); !advanced) return std::move(advanced).error();
      continue;
    }
    Solution solution;
    auto accepted = accept(solution);
    if (!accepted) return std::move(accepted).error();
    if (*accepted) return SolveOutcome(std::move(solution));
    changed = kNoPackage;
  }
}

// Tries one version of `package`, or learns why none is left. `changed` becomes what must be
// propagated next.
pep::Status Solver::advance(PackageId package, PackageId& changed) {
  const Range allowed = solution_.find(package)->current.range;
  changed = package;
  std::optional<VersionIndex> version;
  const PackageId base = provider_.base(package);
  if (base != kNoPackage) {
    version = solution_.find(base)
                  ->version;  // pick() decides the base first, link_extra() keeps them equal
    assert(allowed.contains(*version));
  } else {
    auto choice = choose(package, allowed);
    if (!choice) return std::move(choice).error();
    version = *choice;
  }
  if (!version) {
    index(add({.literals = {{package, Term::in(allowed)}}, .cause = Cause::kNoVersions}));
    return pep::Done{};
  }
  auto usable = learn_dependencies(package, *version);
  if (!usable) return std::move(usable).error();
  if (!*usable) return note_rejection(package, *version, allowed);
  solution_.decide(package, *version);
  release_extras(package);
  deciding_ = package;
  ++figures_.decisions;
  return pep::Done{};
}

// False if the version is not to be decided: it is unusable, or its dependencies contradict what is
// known already.
pep::Result<bool> Solver::learn_dependencies(PackageId package, VersionIndex version) {
  if (package >= visited_.size()) visited_.resize(package + 1);
  auto& visited = visited_[package];
  if (version >= visited.size()) visited.resize(version + 1, false);
  std::size_t first_new = incompatibilities_.size();
  if (!visited[version]) {
    visited[version] = true;
    if (provider_.base(package) == kNoPackage && package != kRootPackage &&
        provider_.is_version(package, version)) {
      ++figures_.versions_visited;
    }
    auto found = provider_.dependencies(package, version);
    if (!found) return std::move(found).error();
    if (const auto* unusable = std::get_if<Unusable>(&*found)) {
      index(add({.literals = {{package, Term::in(Range::one(version))}},
                 .cause = Cause::kExternal,
                 .detail = unusable->detail}));
      return false;
    }
    for (const Dependency& dependency : std::get<0>(*found))
      add_dependency(package, version, dependency);
    for (External& external : provider_.take_externals()) add_external(std::move(external));
  }
  // With this version decided, would one of its incompatibilities hold entirely? Then deciding it
  // is wasted work.
  const Term decided = Term::in(Range::one(version));
  for (std::size_t id = first_new; id < incompatibilities_.size(); ++id) {
    const Incompatibility& incompatibility = incompatibilities_[id];
    bool holds =
        std::all_of(incompatibility.literals.begin(), incompatibility.literals.end(),
                    [&](const Literal& literal) {
                      if (literal.package == package)
                        return relation(decided, literal.term) == Relation::kSatisfied;
                      const auto* assignment = solution_.find(literal.package);
                      return assignment != nullptr &&
                             relation(assignment->current, literal.term) == Relation::kSatisfied;
                    });
    if (holds) {
      note_conflict(package, static_cast<IncompatibilityId>(id));
      return false;
    }
  }
  return true;
}

pep::Result<bool> Solver::accept(Solution& solution) {
  for (PackageId package : solution_.trail()) {
    const auto* assignment = solution_.find(package);
    if (assignment->version == PartialSolution::kNotDecided) continue;
    if (solution.chosen.empty() || solution.chosen.back().package != package) {
      solution.chosen.push_back({package, assignment->version});
    }
  }
  // A package stands in the trail once for each thing learned of it; keep the first mention.
  std::vector<char> seen(by_package_.size() + 1, 0);
  std::erase_if(solution.chosen, [&](const Provider::Chosen& chosen) {
    if (chosen.package >= seen.size()) seen.resize(chosen.package + 1, 0);
    return std::exchange(seen[chosen.package], 1) != 0;
  });
  auto violated = provider_.check(solution.chosen);
  if (!violated) return std::move(violated).error();
  if (violated->empty()) return true;
  for (External& external : *violated) add_external(std::move(external));
  return false;
}

void Solver::enqueue(PackageId package) {
  if (solution_.undecided(package)) queue_.push({key(package), package});
}

PackageId Solver::pick() {
  for (PackageId package : solution_.take_touched()) enqueue(package);
  while (!queue_.empty()) {
    const Entry entry = queue_.top();
    const bool counts = solution_.undecided(entry.package) && key(entry.package) == entry.key;
    const PackageId base = counts ? traits(entry.package).base : kNoPackage;
    const auto* known = base == kNoPackage ? nullptr : solution_.find(base);
    const bool waits =
        base != kNoPackage && (known == nullptr || known->version == PartialSolution::kNotDecided);
    // It stays in the queue: it may not be decided this time, its versions may be rejected one by
    // one.
    if (counts && !waits) return entry.package;
    queue_.pop();
    if (waits) await(base, entry.package);
  }
  return kNoPackage;
}

// An extra is decided after its package: it leaves the queue until then.
void Solver::await(PackageId base, PackageId extra) {
  const PackageId most = std::max(base, extra);
  if (most >= awaiting_.size()) awaiting_.resize(most + 1);
  if (std::exchange(awaiting_[extra].waits, true)) return;
  awaiting_[base].extras.push_back(extra);
}

void Solver::release_extras(PackageId base) {
  if (base >= awaiting_.size()) return;
  for (PackageId extra : std::exchange(awaiting_[base].extras, {})) {
    awaiting_[extra].waits = false;
    enqueue(extra);
  }
}

const Solver::Traits& Solver::traits(PackageId package) {
  if (package >= traits_.size()) traits_.resize(package + 1);
  Traits& known = traits_[package];
  if (!known.known) {
    known = {
        .known = true, .base = provider_.base(package), .priority = provider_.priority(package)};
  }
  return known;
}

std::uint64_t Solver::key(PackageId package) {
  const Traits& known = traits(package);
  const Range& allowed = solution_.find(package)->current.range;
  const bool one_left = allowed.size() == 1 && allowed.begin()->end == allowed.begin()->begin + 1;
  std::uint32_t rank = known.priority.rank;
  if (one_left) {
    rank = std::min(rank, kPinnedRank);
  } else if (rank > kPinnedRank && package < heat_.size()) {
    const Heat& heat = heat_[package];
    if (heat.affected >= kConflictThreshold && heat.affected >= heat.culprit) {
      rank = kEarlyRank;
    } else if (heat.culprit >= kConflictThreshold) {
      rank = kLateRank;
    }
  }
  return (std::uint64_t{rank} << 32) | known.priority.order;
}

void Solver::note_conflict(PackageId package, IncompatibilityId conflict) {
  for (const Literal& literal : incompatibilities_[conflict].literals) {
    PackageId most = std::max(package, literal.package);
    if (most >= heat_.size()) heat_.resize(most + 1);
    if (literal.package == package) continue;
    ++heat_[package].affected;
    ++heat_[literal.package].culprit;
    enqueue(package);
    enqueue(literal.package);
  }
}

IncompatibilityId Solver::add(Incompatibility incompatibility) {
  incompatibilities_.push_back(std::move(incompatibility));
  contradicted_.push_back(0);
  return static_cast<IncompatibilityId>(incompatibilities_.size() - 1);
}

void Solver::index(IncompatibilityId id) {
  for (const Literal& literal : incompatibilities_[id].literals) {
    if (literal.package >= by_package_.size()) by_package_.resize(literal.package + 1);
    by_package_[literal.package].push_back(id);
  }
}

void Solver::unindex(IncompatibilityId id) {
  for (const Literal& literal : incompatibilities_[id].literals) {
    auto& ids = by_package_[literal.package];
    ids.erase(std::find(ids.rbegin(), ids.rend(), id).base() - 1);
  }
}

void Solver::add_external(External external) {
  for (const Literal& literal : external.literals) mark_changed(literal.package);
  index(add({.literals = std::move(external.literals),
             .cause = Cause::kExternal,
             .detail = external.detail}));
}

void Solver::add_dependency(PackageId package, VersionIndex version, const Dependency& dependency) {
  if (dependency.package == package) {
    if (dependency.range.contains(version)) return;
    index(add({.literals = {{package, Term::in(Range::one(version))}},
               .cause = Cause::kDependency,
               .detail = dependency.detail}));
    return;
  }
  if (merge_dependency(package, version, dependency)) return;
  Incompatibility added{.literals = {{package, Term::in(Range::one(version))}},
                        .cause = Cause::kDependency,
                        .detail = dependency.detail};
  if (!dependency.range.empty())
    added.literals.push_back({dependency.package, Term::not_in(dependency.range)});
  IncompatibilityId id = add(std::move(added));
  index(id);
  last_dependency_[(std::uint64_t{package} << 32) | dependency.package] = id;
}

// Versions with the same dependency share one incompatibility over their range: one learned fact
// covers them all.
bool Solver::merge_dependency(PackageId package, VersionIndex version,
                              const Dependency& dependency) {
  auto found = last_dependency_.find((std::uint64_t{package} << 32) | dependency.package);
  if (found == last_dependency_.end()) return false;
  const Incompatibility& last = incompatibilities_[found->second];
  const bool same = dependency.range.empty() ? last.literals.size() == 1
                                             : last.literals.size() == 2 &&
                                                   last.literals[1].term.range == dependency.range;
  if (!same) return false;
  Incompatibility merged = last;
  merged.literals[0].term.range = unite(merged.literals[0].term.range, Range::one(version));
  unindex(found->second);
  found->second = add(std::move(merged));
  index(found->second);
  return true;
}

void Solver::mark_changed(PackageId package) {
  if (package >= in_changed_.size()) in_changed_.resize(package + 1, 0);
  if (in_changed_[package] != 0) return;
  in_changed_[package] = 1;
  changed_.push_back(package);
}

void Solver::backtrack(std::uint32_t level) {
  solution_.backtrack(level);
  while (!contradictions_.empty() && contradicted_[contradictions_.back()] > level + 1) {
    contradicted_[contradictions_.back()] = 0;
    contradictions_.pop_back();
  }
}

}  // namespace resolver::solve
