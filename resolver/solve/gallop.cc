// Finding a version far away. A package of thousands of versions may be incompatible with something
// decided down to a version far below. Dependencies change rarely from one version to the next, so
// that place is searched for by doubling steps down and halving steps up. Versions passed over in
// between are suspects: what depends on suspects alone is looked at later. Nothing is ruled out by
// suspicion: when nothing else is left they are tried one by one. So no solution is lost; in rare
// cases a suspect would have done after all, and the version chosen is an older one.
#include <algorithm>

#include "resolver/solve/solver.h"

namespace resolver::solve {

namespace {
// So many rejections in a row begin a gallop. Below that, every version is looked at.
constexpr std::uint32_t kGallopAfter = 16;
}  // namespace

Solver::Descent& Solver::descent(PackageId package) {
  if (package >= descents_.size()) descents_.resize(package + 1);
  return descents_[package];
}

// The version to decide: the provider's choice, or a promising one far below if that needs
// suspects.
pep::Result<std::optional<VersionIndex>> Solver::choose(PackageId package, const Range& allowed) {
  auto first = provider_.choose(package, allowed);
  if (!any_suspects_ || !first || !*first) return first;
  if (const Range& suspects = descent(package).suspects; suspects.contains(**first)) {
    auto other = provider_.choose(package, subtract(allowed, suspects));
    if (!other) return other;
    if (*other) first = std::move(other);
  }
  auto usable = learn_dependencies(package, **first);
  if (!usable) return std::move(usable).error();
  if (!*usable || !needs_suspects(package, **first)) return first;
  auto found = gallop(package, **first, **first, allowed);
  if (!found || *found) return found;
  return first;
}

// Counts rejections of versions in falling order; many of them make it search below.
pep::Status Solver::note_rejection(PackageId package, VersionIndex version, const Range& allowed) {
  if (provider_.base(package) != kNoPackage || package == kRootPackage) return pep::Done{};
  Descent& fall = descent(package);
  const bool goes_on = fall.rejections > 0 && version < fall.last;
  fall.rejections = goes_on ? fall.rejections + 1 : 1;
  if (!goes_on) fall.first = version;
  fall.last = version;
  if (fall.rejections != kGallopAfter) return pep::Done{};
  fall.rejections = 0;
  // The package may be confined for the moment; where its dependencies change is a matter of all
  // its versions.
  auto found = gallop(package, version, fall.first, solution_.level() > 1 ? Range::all() : allowed);
  if (!found) return std::move(found).error();
  return pep::Done{};
}

// The newest promising version below `from`, as far as doubling and halving find it; none if there
// is none. What lies above it up to `first` becomes suspect, versions that were rejected one by one
// included: a dependency that admits those and suspects alone is as hopeless.
pep::Result<std::optional<VersionIndex>> Solver::gallop(PackageId package, VersionIndex from,
                                                        VersionIndex first, const Range& allowed) {
  VersionIndex bad = from;
  std::optional<VersionIndex> good;
  for (VersionIndex step = 1; bad > 0 && !good; step *= 2) {
    // A step beyond the oldest version becomes half of the way to it.
    const VersionIndex below = bad > step ? bad - step + 1 : (bad + 1) / 2;
    auto next =
        provider_.choose(package, intersect(allowed, Range::between(0, std::min(below, bad))));
    if (!next) return std::move(next).error();
    if (!*next) break;
    auto fits = promising(package, **next);
    if (!fits) return std::move(fits).error();
    if (*fits) {
      good = **next;
    } else {
      bad = **next;
    }
  }
  if (!good) return std::optional<VersionIndex>();
  while (*good + 1 < bad) {
    const VersionIndex middle = *good + (bad - *good) / 2;
    auto next =
        provider_.choose(package, intersect(allowed, Range::between(*good + 1, middle + 1)));
    if (next && !*next)
      next = provider_.choose(package, intersect(allowed, Range::between(middle + 1, bad)));
    if (!next) return std::move(next).error();
    if (!*next) break;
    auto fits = promising(package, **next);
    if (!fits) return std::move(fits).error();
    (*fits ? *good : bad) = **next;
  }
  Descent& fall = descent(package);
  fall.suspects = unite(fall.suspects, Range::between(*good + 1, first + 1));
  any_suspects_ = true;
  return good;
}

pep::Result<bool> Solver::promising(PackageId package, VersionIndex version) {
  auto usable = learn_dependencies(package, version);
  if (!usable) return std::move(usable).error();
  return *usable && !needs_suspects(package, version);
}

// Whether a dependency of the version admits suspects only.
bool Solver::needs_suspects(PackageId package, VersionIndex version) const {
  if (package >= by_package_.size()) return false;
  for (IncompatibilityId id : by_package_[package]) {
    const Incompatibility& known = incompatibilities_[id];
    if (known.cause != Cause::kDependency || known.literals.size() != 2) continue;
    const Literal& needed = known.literals[1];
    if (known.literals[0].package != package || !known.literals[0].term.range.contains(version))
      continue;
    if (needed.package >= descents_.size() || descents_[needed.package].suspects.empty()) continue;
    if (subset(provider_.existing(needed.package, needed.term.range),
               descents_[needed.package].suspects)) {
      return true;
    }
  }
  return false;
}

}  // namespace resolver::solve
