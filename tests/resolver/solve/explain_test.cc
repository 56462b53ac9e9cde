#include "resolver/solve/explain.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/resolver/solve/table_provider.h"

namespace resolver::solve::test {
namespace {

// Packages are called a, b, c …; versions are indices.
class Letters : public Describer {
 public:
  std::string versions(PackageId package, const Range& range) const override {
    std::string text = name(package);
    if (range.is_all()) return text;
    for (const Interval& interval : range) {
      text += interval.end == interval.begin + 1
                  ? fmt::format(" {}", interval.begin)
                  : fmt::format(" {}-{}", interval.begin, interval.end - 1);
    }
    return text;
  }
  std::string no_versions(PackageId package, const Range& range) const override {
    return "no version of " + versions(package, range) + " exists";
  }
  std::string depends(PackageId package, const Range& range, std::uint32_t detail) const override {
    return (package == kRootPackage ? "you require" : versions(package, range) + " requires") +
           fmt::format(" #{}", detail);
  }
  std::string external(const Incompatibility& incompatibility) const override {
    return fmt::format("rule {} speaks", incompatibility.detail);
  }

 private:
  static std::string name(PackageId package) {
    return package == 0 ? "root" : std::string(1, static_cast<char>('a' + package - 1));
  }
};

std::string explanation(TableProvider& problem) {
  Solver solver(problem);
  auto outcome = solver.solve();
  return explain(solver, std::get<Unsatisfiable>(*outcome).root, Letters());
}

TEST(Explain, AMissingPackage) {
  TableProvider problem;
  PackageId a = problem.package(0);
  problem.need(kRootPackage, 0, a, Range::all());
  std::string text = explanation(problem);
  EXPECT_NE(text.find("no version of a exists"), std::string::npos) << text;
  EXPECT_NE(text.find("your requirements cannot be satisfied"), std::string::npos) << text;
}

TEST(Explain, TwoRequirementsThatDisagree) {
  TableProvider problem;
  PackageId a = problem.package(1);
  PackageId b = problem.package(2);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(kRootPackage, 0, b, Range::one(0));
  problem.need(a, 0, b, Range::one(1));
  std::string text = explanation(problem);
  EXPECT_NE(text.find("a 0 requires #1"), std::string::npos) << text;
  EXPECT_NE(text.find("you require #1"), std::string::npos) << text;
}

TEST(Explain, ARuleIsNamed) {
  TableProvider problem;
  PackageId a = problem.package(1);
  PackageId b = problem.package(1);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(kRootPackage, 0, b, Range::all());
  problem.forbid({{a, Term::in(Range::one(0))}, {b, Term::in(Range::all())}});
  EXPECT_NE(explanation(problem).find("rule 7 speaks"), std::string::npos);
}

TEST(Explain, ALongDerivationIsToldByItsFacts) {
  TableProvider problem;
  PackageId a = problem.package(60);
  PackageId b = problem.package(61);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(kRootPackage, 0, b, Range::one(60));
  for (VersionIndex i = 0; i < 60; ++i) problem.need(a, i, b, Range::one(i));
  std::string text = explanation(problem);
  EXPECT_NE(text.find("a 0-59 requires"), std::string::npos) << text;
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 30);
}

}  // namespace
}  // namespace resolver::solve::test
