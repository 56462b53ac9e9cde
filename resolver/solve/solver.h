// A conflict-driven solver over version ranges (PubGrub: Weizenbaum 2018, "PubGrub: Next-Generation
// Version Solving"). Lazy: a version's dependencies are asked for only when it is about to be
// decided. Knows no HTTP, no YAML, no reward. What it learns stays learned: solve() may be called
// again after the provider changed its preferences. One thread at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <unordered_map>
#include <variant>
#include <vector>

#include "pep/result.h"
#include "resolver/solve/partial_solution.h"
#include "resolver/solve/provider.h"

namespace resolver::solve {

struct Solution {
  // The root and extras included, in the order in which something was first learned of each.
  std::vector<Provider::Chosen> chosen;
};

// No assignment satisfies the root. `root` is the incompatibility that says so; its derivation is
// the explanation.
struct Unsatisfiable {
  IncompatibilityId root = kNoIncompatibility;
};

using SolveOutcome = std::variant<Solution, Unsatisfiable>;

struct SolveFigures {
  std::uint64_t decisions = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t versions_visited =
      0;  // versions whose dependencies were asked for, extras not counted
};

class Solver {
 public:
  explicit Solver(Provider& provider) : provider_(provider) {}

  // An Error is the provider's, or kInternal with "interrupted" when `cancel` became true.
  pep::Result<SolveOutcome> solve(const std::atomic<bool>* cancel = nullptr);

  const Incompatibility& incompatibility(IncompatibilityId id) const {
    return incompatibilities_[id];
  }
  std::size_t incompatibility_count() const { return incompatibilities_.size(); }
  const SolveFigures& figures() const { return figures_; }

 private:
  // What the provider says of a package, asked for once.
  struct Traits {
    bool known = false;
    PackageId base = kNoPackage;
    Priority priority;
  };
  // How often a package's version was rejected because of another's, and the reverse.
  struct Heat {
    std::uint32_t affected = 0;
    std::uint32_t culprit = 0;
  };

  IncompatibilityId add(Incompatibility incompatibility);
  void index(IncompatibilityId id);
  void unindex(IncompatibilityId id);
  void add_external(External external);
  void add_dependency(PackageId package, VersionIndex version, const Dependency& dependency);
  bool merge_dependency(PackageId package, VersionIndex version, const Dependency& dependency);

  // False if the root cannot be selected; failure_ says why.
  bool propagate(PackageId changed);
  bool visit(IncompatibilityId id, IncompatibilityId& conflict);
  bool link_extra(PackageId package, IncompatibilityId& conflict);
  bool resolve(IncompatibilityId conflict);
  // Versions of one package that were rejected one after the other, each at its first look.
  struct Descent {
    std::uint32_t rejections = 0;
    VersionIndex first = 0;
    VersionIndex last = 0;
    Range suspects;  // passed over unread: probably they would be rejected too
  };
  struct Step;
  Step last_step(const Incompatibility& incompatibility) const;
  Incompatibility prior_cause(const Incompatibility& later, IncompatibilityId later_id,
                              IncompatibilityId cause, PackageId package) const;
  bool is_failure(const Incompatibility& incompatibility) const;
  void backtrack(std::uint32_t level);
  void mark_changed(PackageId package);

  PackageId pick();
  const Traits& traits(PackageId package);
  std::uint64_t key(PackageId package);  // lower is decided earlier
  void enqueue(PackageId package);
  void await(PackageId base, PackageId extra);
  void release_extras(PackageId base);
  pep::Status advance(PackageId package, PackageId& changed);
  pep::Result<std::optional<VersionIndex>> choose(PackageId package, const Range& allowed);
  pep::Result<std::optional<VersionIndex>> gallop(PackageId package, VersionIndex from,
                                                  VersionIndex first, const Range& allowed);
  pep::Result<bool> promising(PackageId package, VersionIndex version);
  bool needs_suspects(PackageId package, VersionIndex version) const;
  pep::Status note_rejection(PackageId package, VersionIndex version, const Range& allowed);
  Descent& descent(PackageId package);
  pep::Result<bool> learn_dependencies(PackageId package, VersionIndex version);
  pep::Result<bool> accept(Solution& solution);
  void note_conflict(PackageId package, IncompatibilityId conflict);

  Provider& provider_;
  PartialSolution solution_;
  std::deque<Incompatibility> incompatibilities_;
  std::vector<std::vector<IncompatibilityId>> by_package_;
  std::unordered_map<std::uint64_t, IncompatibilityId>
      last_dependency_;                     // (package, dependency) -> latest
  std::vector<std::vector<bool>> visited_;  // by package and version
  std::vector<PackageId> changed_;
  std::vector<char> in_changed_;
  std::vector<std::uint32_t> contradicted_;        // by incompatibility: 1 + level, 0 if not
  std::vector<IncompatibilityId> contradictions_;  // in order, to undo
  std::vector<Traits> traits_;
  // Undecided packages by key. An entry counts if the package is undecided still and has that key.
  struct Entry {
    std::uint64_t key;
    PackageId package;
    bool operator>(const Entry& other) const { return key > other.key; }
  };
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
  struct Awaiting {
    std::vector<PackageId> extras;  // that wait until this package is decided
    bool waits = false;             // this extra does
  };
  std::vector<Awaiting> awaiting_;
  std::vector<Heat> heat_;
  std::vector<Descent> descents_;
  bool any_suspects_ = false;
  PackageId deciding_ = kNoPackage;  // whose decision is being propagated
  bool started_ = false;
  IncompatibilityId failure_ = kNoIncompatibility;
  SolveFigures figures_;
};

}  // namespace resolver::solve
