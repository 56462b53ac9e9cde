// The search against models whose best stack is known.
#include "resolver/learn/search.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "resolver/learn/bound.h"
#include "resolver/learn/local_search.h"
#include "resolver/learn/predictor.h"
#include "tests/resolver/learn/planted.h"

namespace resolver::learn {
namespace {

using test::Planted;

TEST(Search, TheProofAgreesWithTryingEveryStack) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    const Planted made = test::make_small(seed);
    if (made.first.empty()) continue;
    const std::vector<test::Tried> all = test::try_all(made.model);
    const SearchResult found = search(made.model, made.first, {.limit = 50, .count = 3});
    ASSERT_TRUE(found.proven) << "seed " << seed;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, all.size()); ++i) {
      ASSERT_LT(i, found.best.size()) << "seed " << seed;
      ASSERT_NEAR(found.best[i].score, all[i].score, 1e-9) << "seed " << seed << " place " << i;
    }
  }
}

TEST(Search, EpisodesNeverEndBelowTheFirstStack) {
  for (const char* predictor : {"td", "annealing", "hill-climbing", "mcts", "random-walk",
                                "sampling", "latest", "package-combinations"}) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      const Planted made = test::make_small(seed);
      if (made.first.empty()) continue;
      const SearchResult found =
          search(made.model, made.first, {.predictor = predictor, .limit = 40, .prove = false});
      ASSERT_FALSE(found.best.empty());
      EXPECT_GE(found.best[0].score, made.model.total(made.first) - 1e-9);
      EXPECT_NEAR(found.best[0].score, made.model.total(found.best[0].values), 1e-9);
      EXPECT_EQ(found.figures.episodes, 40U);
    }
  }
}

TEST(Search, TheSameSeedGivesTheSameStacks) {
  const Planted made = test::make_planted(20, 10, 3);
  const SearchOptions options{.seed = 7, .limit = 500, .count = 4, .prove = false};
  const SearchResult a = search(made.model, made.first, options);
  const SearchResult b = search(made.model, made.first, options);
  ASSERT_EQ(a.best.size(), b.best.size());
  for (std::size_t i = 0; i < a.best.size(); ++i) EXPECT_EQ(a.best[i].values, b.best[i].values);
  EXPECT_EQ(a.figures.iterations, b.figures.iterations);
}

TEST(Search, PlantedStacksAreProvenAtOnce) {
  for (auto [packages, versions] : {std::pair{6, 5}, {10, 8}, {20, 10}, {40, 10}}) {
    const Planted made = test::make_planted(static_cast<std::uint32_t>(packages),
                                            static_cast<std::uint32_t>(versions), 1);
    const SearchResult found = search(made.model, made.first, {});
    EXPECT_TRUE(found.proven) << packages;
    EXPECT_EQ(found.best[0].values, made.best) << packages;
  }
}

TEST(Search, EpisodesAloneFindThePlantedStack) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Planted made = test::make_planted(20, 10, seed);
    const SearchResult found =
        search(made.model, made.first, {.seed = seed, .limit = 500, .prove = false});
    EXPECT_EQ(found.best[0].values, made.best) << seed;
  }
}

TEST(Search, TheBeamIsAsWideAsMemoryAllows) {
  const Planted made = test::make_forest(10, 8, 1);
  SearchOptions options{
      .predictor = "random-walk", .limit = 2000, .count = 2, .beam = 1'000'000, .prove = false};
  const std::size_t wide = search(made.model, made.first, options).best.size();
  options.memory = 4096;
  const SearchResult narrow = search(made.model, made.first, options);
  EXPECT_GT(wide, 200U);
  EXPECT_LT(narrow.best.size(), 60U);
  EXPECT_GE(narrow.best.size(), 2U);
}

TEST(Search, NothingIsExploredOnceExploitationIsAskedFor) {
  const Planted made = test::make_planted(20, 10, 2);
  const std::atomic<bool> exploit{true};
  std::uint64_t explored = 0;
  SearchOptions options{.limit = 300, .prove = false};
  options.exploit = &exploit;
  options.observe = [&](const Observation& seen) { explored += seen.explored ? 1 : 0; };
  EXPECT_EQ(search(made.model, made.first, options).figures.episodes, 300U);
  EXPECT_EQ(explored, 0U);
}

// Ties are broken by what is preferred, and cost no more than what is without ties.
TEST(Search, OfEqualScoresTheFreshestIsFoundAtOnce) {
  Model model;
  for (int v = 0; v < 300; ++v) model.add_variable(20, false);
  std::vector<std::uint8_t> newest(20, 0);
  newest[0] = newest[1] = 1;
  for (Variable v = 0; v + 1 < 300; v += 2) {
    model.add_weight(v, 7, 0.5);
    model.add_pair(v, std::vector<std::uint8_t>(20, 1), v + 1, newest, -kHard);
  }
  model.finish();
  std::vector<Value> first(300, 0);
  for (Variable v = 1; v < 300; v += 2) first[v] = 5;
  const SearchResult found = search(model, first, {.limit = 10});
  ASSERT_TRUE(found.proven);
  EXPECT_LE(found.figures.episodes, 10U);
  for (Variable v = 0; v < 300; ++v) EXPECT_EQ(found.best[0].values[v], v % 2 == 0 ? 7U : 2U) << v;
}

TEST(Search, EveryStackIsGivenOnceWhereAllAreAskedFor) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Planted made = test::make_small(seed);
    if (made.first.empty()) continue;
    const std::vector<test::Tried> all = test::try_all(made.model);
    const SearchResult found = search(made.model, made.first, {.aim = Aim::kAll, .count = 100'000});
    std::set<std::vector<Value>> seen;
    for (const Ranked& one : found.best) seen.insert(one.values);
    ASSERT_EQ(seen.size(), found.best.size()) << seed;
    ASSERT_EQ(seen.size(), all.size()) << seed;
  }
}

TEST(Bound, IsTheOptimumOfAForest) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Planted made = test::make_forest(6, 4, seed);
    const Bound bound(made.model, 1U << 15);
    EXPECT_TRUE(bound.exact());
    EXPECT_NEAR(bound.upper(), test::try_all(made.model)[0].score, 1e-9);
  }
}

TEST(Bound, IsNeverBelowTheOptimum) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const Planted made = test::make_small(seed);
    if (made.first.empty()) continue;
    for (std::size_t limit : {4U, 16U, 256U}) {
      const Bound bound(made.model, limit);
      ASSERT_GE(bound.upper(), made.model.total(made.best) - 1e-9) << seed;
    }
  }
}

}  // namespace
}  // namespace resolver::learn
