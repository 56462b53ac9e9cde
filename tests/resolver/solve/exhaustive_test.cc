// Random small problems: an exhaustive search says whether a solution exists, and every solution is
// checked by hand.
#include <gtest/gtest.h>

#include <random>

#include "resolver/solve/solver.h"
#include "tests/resolver/solve/table_provider.h"

namespace resolver::solve::test {
namespace {

using Versions = std::map<PackageId, VersionIndex>;

bool holds(TableProvider& problem, const std::vector<External>& forbidden,
           const Versions& versions) {
  for (const auto& [package, version] : versions) {
    if (problem.is_unusable(package, version)) return false;
    PackageId base = problem.base(package);
    if (base != kNoPackage && (!versions.contains(base) || versions.at(base) != version))
      return false;
    for (const Need& need : problem.needs(package, version)) {
      auto found = versions.find(need.package);
      if (found == versions.end() || !need.range.contains(found->second)) return false;
    }
  }
  for (const External& external : forbidden) {
    bool all = true;
    for (const Literal& literal : external.literals) {
      auto found = versions.find(literal.package);
      all = all && found != versions.end() && literal.term.range.contains(found->second);
    }
    if (all) return false;
  }
  return true;
}

// Whether any assignment of the packages from `next` on completes `versions`.
bool exists(TableProvider& problem, const std::vector<External>& forbidden, Versions& versions,
            PackageId next) {
  if (next == problem.packages()) return holds(problem, forbidden, versions);
  if (exists(problem, forbidden, versions, next + 1)) return true;
  for (VersionIndex i = 0; i < problem.count(next); ++i) {
    versions[next] = i;
    if (exists(problem, forbidden, versions, next + 1)) return true;
    versions.erase(next);
  }
  return false;
}

struct Case {
  TableProvider problem;
  std::vector<External> forbidden;
};

Case random_case(unsigned seed) {
  std::mt19937 random(seed);
  auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  Case made;
  unsigned packages = 3 + below(4);
  for (unsigned i = 0; i < packages; ++i) {
    bool extra = i > 0 && below(5) == 0;
    PackageId base = extra ? 1 + below(i) : kNoPackage;
    if (extra && made.problem.base(base) != kNoPackage) base = kNoPackage;
    made.problem.package(base == kNoPackage ? 1 + below(4) : made.problem.count(base), base);
  }
  auto range = [&](PackageId package) {
    Range some;
    for (VersionIndex v = 0; v < made.problem.count(package); ++v) {
      if (below(5) < 3) some = unite(some, Range::one(v));
    }
    return some;
  };
  for (PackageId package = 0; package <= packages; ++package) {
    for (VersionIndex v = 0; v < made.problem.count(package); ++v) {
      if (package != 0 && below(12) == 0) made.problem.unusable(package, v);
      for (unsigned n = below(package == 0 ? 4 : 3); n-- > 0;) {
        PackageId of = 1 + below(packages);
        made.problem.need(package, v, of, range(of));
      }
    }
  }
  for (unsigned n = below(4); n-- > 0;) {
    External external;
    for (unsigned k = 1 + below(3); k-- > 0;) {
      PackageId of = 1 + below(packages);
      bool twice = false;
      for (const Literal& literal : external.literals) twice = twice || literal.package == of;
      if (!twice) external.literals.push_back({of, Term::in(range(of))});
    }
    bool empty = false;
    for (const Literal& literal : external.literals) empty = empty || literal.term.range.empty();
    if (empty) continue;
    made.forbidden.push_back(external);
    if (below(2) == 0) {
      made.problem.forbid(external.literals);
    } else {
      made.problem.forbid_at_the_end(external.literals);
    }
  }
  return made;
}

TEST(SolverExhaustively, AgreesOnTenThousandRandomProblems) {
  int satisfiable = 0;
  for (unsigned seed = 0; seed < 10000; ++seed) {
    Case made = random_case(seed);
    Solver solver(made.problem);
    auto outcome = solver.solve();
    ASSERT_TRUE(outcome) << "seed " << seed;
    Versions root{{kRootPackage, 0}};
    if (std::holds_alternative<Solution>(*outcome)) {
      ++satisfiable;
      ASSERT_TRUE(holds(made.problem, made.forbidden, chosen(outcome))) << "seed " << seed;
      auto again = solver.solve();
      ASSERT_TRUE(holds(made.problem, made.forbidden, chosen(again))) << "seed " << seed;
    } else {
      ASSERT_FALSE(exists(made.problem, made.forbidden, root, 1)) << "seed " << seed;
    }
  }
  EXPECT_GT(satisfiable, 2000);
  EXPECT_LT(satisfiable, 9500);
}

}  // namespace
}  // namespace resolver::solve::test
