#include "resolver/solve/solver.h"

#include <gtest/gtest.h>

#include "tests/resolver/solve/table_provider.h"

namespace resolver::solve::test {
namespace {

TEST(Solver, AnEmptyProblemSelectsTheRootOnly) {
  TableProvider problem;
  Solver solver(problem);
  EXPECT_EQ(chosen(solver.solve()), (std::map<PackageId, VersionIndex>{{0, 0}}));
}

TEST(Solver, TheNewestVersionIsTaken) {
  TableProvider problem;
  PackageId a = problem.package(4);
  problem.need(kRootPackage, 0, a, Range::between(0, 3));
  Solver solver(problem);
  EXPECT_EQ(chosen(solver.solve())[a], 2U);
}

TEST(Solver, AConflictMakesItTakeAnOlderVersion) {
  TableProvider problem;
  PackageId a = problem.package(2);
  PackageId b = problem.package(2);
  PackageId c = problem.package(2);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(kRootPackage, 0, b, Range::all());
  problem.need(a, 1, c, Range::one(1));
  problem.need(b, 1, c, Range::one(0));
  problem.need(b, 0, c, Range::all());
  Solver solver(problem);
  auto versions = chosen(solver.solve());
  EXPECT_EQ(versions[a], 1U);
  EXPECT_EQ(versions[b], 0U);
  EXPECT_EQ(versions[c], 1U);
}

TEST(Solver, AnUnusableVersionIsPassedOver) {
  TableProvider problem;
  PackageId a = problem.package(3);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.unusable(a, 2);
  Solver solver(problem);
  EXPECT_EQ(chosen(solver.solve())[a], 1U);
}

TEST(Solver, CyclesResolve) {
  TableProvider problem;
  PackageId a = problem.package(1);
  PackageId b = problem.package(1);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(a, 0, b, Range::all());
  problem.need(b, 0, a, Range::all());
  Solver solver(problem);
  EXPECT_EQ(chosen(solver.solve()).size(), 3U);
}

TEST(Solver, AVersionThatDependsOnAnotherOfItselfIsPassedOver) {
  TableProvider problem;
  PackageId a = problem.package(2);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(a, 1, a, Range::one(0));
  Solver solver(problem);
  EXPECT_EQ(chosen(solver.solve())[a], 0U);
}

TEST(Solver, AnEmptyRangeOfADependencyRejectsTheVersion) {
  TableProvider problem;
  PackageId a = problem.package(2);
  PackageId b = problem.package(0);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(a, 1, b, Range());
  Solver solver(problem);
  auto versions = chosen(solver.solve());
  EXPECT_EQ(versions[a], 0U);
  EXPECT_FALSE(versions.contains(b));
}

TEST(Solver, AnExtraIsOfTheVersionOfItsPackage) {
  TableProvider problem;
  PackageId a = problem.package(3);
  PackageId extra = problem.package(3, a);
  PackageId b = problem.package(2);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(kRootPackage, 0, extra, Range::all());
  problem.need(kRootPackage, 0, b, Range::one(0));
  problem.need(extra, 2, b, Range::one(1));
  Solver solver(problem);
  auto versions = chosen(solver.solve());
  EXPECT_EQ(versions[a], 1U);
  EXPECT_EQ(versions[extra], 1U);
}

TEST(Solver, ARuleOverTwoPackagesIsObeyed) {
  TableProvider problem;
  PackageId pillow = problem.package(3);
  PackageId numpy = problem.package(2);
  problem.need(kRootPackage, 0, pillow, Range::all());
  problem.need(kRootPackage, 0, numpy, Range::all());
  problem.forbid({{pillow, Term::in(Range::one(2))}, {numpy, Term::in(Range::all())}});
  Solver solver(problem);
  EXPECT_EQ(chosen(solver.solve())[pillow], 1U);
}

TEST(Solver, ARuleOverAPackageThatIsNotSelectedDoesNothing) {
  TableProvider problem;
  PackageId pillow = problem.package(3);
  PackageId numpy = problem.package(2);
  problem.need(kRootPackage, 0, pillow, Range::all());
  problem.forbid({{pillow, Term::in(Range::one(2))}, {numpy, Term::in(Range::all())}});
  Solver solver(problem);
  EXPECT_EQ(chosen(solver.solve())[pillow], 2U);
}

TEST(Solver, WhatTheFinishedStackViolatesIsLearned) {
  TableProvider problem;
  PackageId a = problem.package(3);
  PackageId b = problem.package(3);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(a, 2, b, Range::all());
  problem.need(a, 1, b, Range::all());
  problem.forbid_at_the_end({{a, Term::in(Range::one(2))}, {b, Term::in(Range::between(1, 3))}});
  Solver solver(problem);
  auto versions = chosen(solver.solve());
  EXPECT_EQ(versions[a], 2U);
  EXPECT_EQ(versions[b], 0U);
}

TEST(Solver, NoSolutionIsAnOutcome) {
  TableProvider problem;
  PackageId a = problem.package(2);
  PackageId b = problem.package(2);
  problem.need(kRootPackage, 0, a, Range::all());
  problem.need(kRootPackage, 0, b, Range::one(0));
  problem.need(a, 0, b, Range::one(1));
  problem.need(a, 1, b, Range::one(1));
  Solver solver(problem);
  auto outcome = solver.solve();
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(std::holds_alternative<Unsatisfiable>(*outcome));
}

TEST(Solver, DependenciesAreAskedForOncePerVersionEvenWhenItSolvesAgain) {
  TableProvider problem;
  PackageId a = problem.package(3);
  problem.need(kRootPackage, 0, a, Range::all());
  Solver solver(problem);
  auto first = chosen(solver.solve());
  auto second = chosen(solver.solve());
  EXPECT_EQ(first, second);
  for (const auto& [key, times] : problem.asked) EXPECT_EQ(times, 1);
}

TEST(Solver, OnlyVersionsThatAreTriedAreAskedFor) {
  TableProvider problem;
  PackageId a = problem.package(1000);
  problem.need(kRootPackage, 0, a, Range::all());
  Solver solver(problem);
  chosen(solver.solve());
  EXPECT_EQ(solver.figures().versions_visited, 1U);
}

TEST(Solver, VersionsWithEqualDependenciesShareOneIncompatibility) {
  TableProvider problem;
  PackageId a = problem.package(500);
  PackageId b = problem.package(2);
  problem.need(kRootPackage, 0, b, Range::one(0));
  problem.need(kRootPackage, 0, a, Range::all());
  for (VersionIndex i = 0; i < 500; ++i) problem.need(a, i, b, Range::one(1));
  Solver solver(problem);
  auto outcome = solver.solve();
  ASSERT_TRUE(outcome);
  const auto* no = std::get_if<Unsatisfiable>(&*outcome);
  ASSERT_NE(no, nullptr);
}

// A long run of versions that conflict is not read one by one, and the newest that fits is found
// all the same.
TEST(Solver, AFarAwayVersionIsFoundInFewLooks) {
  for (VersionIndex boundary : {3U, 500U, 977U, 1500U, 1979U, 1990U}) {
    TableProvider problem;
    PackageId a = problem.package(2000);
    PackageId b = problem.package(2);
    problem.need(kRootPackage, 0, b, Range::one(0));
    problem.need(kRootPackage, 0, a, Range::all());
    for (VersionIndex i = 0; i < 2000; ++i)
      problem.need(a, i, b, Range::one(i <= boundary ? 0 : 1));
    Solver solver(problem);
    EXPECT_EQ(chosen(solver.solve())[a], boundary);
    EXPECT_LT(solver.figures().versions_visited, 60U) << boundary;
  }
}

// boto3 needs the botocore of its own version, and only an old botocore admits the urllib3 that is
// asked for.
TEST(Solver, AFarAwayVersionIsFoundThroughAnotherPackage) {
  TableProvider problem;
  PackageId urllib3 = problem.package(10);
  PackageId boto3 = problem.package(1500);
  PackageId botocore = problem.package(1800);
  problem.need(kRootPackage, 0, urllib3, Range::between(0, 5));
  problem.need(kRootPackage, 0, boto3, Range::all());
  for (VersionIndex i = 0; i < 1500; ++i)
    problem.need(boto3, i, botocore, Range::between(i, i + 3));
  for (VersionIndex i = 0; i < 1800; ++i) {
    problem.need(botocore, i, urllib3, i < 400 ? Range::between(0, 5) : Range::between(5, 10));
  }
  Solver solver(problem);
  auto versions = chosen(solver.solve());
  EXPECT_EQ(versions[boto3], 399U);
  EXPECT_EQ(versions[botocore], 399U);
  EXPECT_LT(solver.figures().versions_visited, 150U);
}

// As above, but each boto3 admits all later botocore of its series, those among them that were
// rejected one by one before the search began.
TEST(Solver, WhatWasRejectedOneByOneIsSuspectedToo) {
  TableProvider problem;
  PackageId urllib3 = problem.package(10);
  PackageId boto3 = problem.package(1800);
  PackageId botocore = problem.package(1800);
  problem.need(kRootPackage, 0, urllib3, Range::between(0, 5));
  problem.need(kRootPackage, 0, boto3, Range::all());
  for (VersionIndex i = 0; i < 1800; ++i) {
    problem.need(boto3, i, botocore, Range::between(i, (i / 150 + 1) * 150));
    problem.need(botocore, i, urllib3, i < 400 ? Range::between(0, 5) : Range::between(5, 10));
  }
  Solver solver(problem);
  EXPECT_EQ(chosen(solver.solve())[boto3], 399U);
  EXPECT_LT(solver.figures().versions_visited, 100U);
}

TEST(Solver, ASingleFittingVersionAmongManyIsFound) {
  for (VersionIndex only : {0U, 7U, 1234U, 1998U}) {
    TableProvider problem;
    PackageId a = problem.package(2000);
    PackageId b = problem.package(2);
    problem.need(kRootPackage, 0, b, Range::one(0));
    problem.need(kRootPackage, 0, a, Range::all());
    for (VersionIndex i = 0; i < 2000; ++i) problem.need(a, i, b, Range::one(i == only ? 0 : 1));
    Solver solver(problem);
    EXPECT_EQ(chosen(solver.solve())[a], only);
  }
}

TEST(Solver, AnInterruptIsAnError) {
  TableProvider problem;
  std::atomic<bool> cancel = true;
  Solver solver(problem);
  auto outcome = solver.solve(&cancel);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().what, "interrupted");
}

}  // namespace
}  // namespace resolver::solve::test
