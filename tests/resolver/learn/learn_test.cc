// Learning on a real problem: an index on loopback, rules from YAML, the solver; against trying
// every stack.
#include "resolver/learn/learn.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/resolver/learn/universe.h"
#include "tests/resolver/pipeline/rules.h"
#include "tests/support/loopback_server.h"

namespace resolver::learn {
namespace {

using test::Universe;

// One resolution of a universe, kept together because each part points at those before it.
struct Resolution {
  pipeline::PlannedRules rules;
  rpmenv::Target target;
  std::unique_ptr<index::Client> client;
  pipeline::Question question;
  std::unique_ptr<pipeline::Problem> problem;
  std::unique_ptr<Guide> guide;
  std::unique_ptr<solve::Solver> solver;
  std::vector<solve::Provider::Chosen> first;  // empty: no solution

  Universe::Stack stack(const std::vector<solve::Provider::Chosen>& chosen) const {
    Universe::Stack found;
    for (const auto& one : pipeline::stack_of(*problem, chosen).packages)
      found[one.name.str()] = one.version.str();
    return found;
  }
  Learned learn(const LearnOptions& options) {
    return *learn::learn(*client, *problem, *guide, *solver, first, options);
  }
};

std::unique_ptr<Resolution> resolve(const Universe& universe, const std::string& index_url) {
  auto made = std::make_unique<Resolution>();
  made->rules = pipeline::plan_of(universe.prescription());
  made->target = *rpmenv::declared_target("3.11", "manylinux_2_28_x86_64");
  made->client = std::move(*index::Client::open({.index_urls = {index_url}}));
  for (const Universe::Need& need : universe.roots) {
    made->question.requirements.push_back(
        {.requirement = *pep::Requirement::parse(universe.requirement(need)),
         .develop = need.develop});
  }
  made->problem = std::make_unique<pipeline::Problem>(made->target, *made->client, made->rules.plan,
                                                      made->question);
  made->guide = std::make_unique<Guide>(*made->problem);
  made->solver = std::make_unique<solve::Solver>(*made->guide);
  auto outcome = made->solver->solve();
  EXPECT_TRUE(outcome);
  if (auto* solution = std::get_if<solve::Solution>(&*outcome)) made->first = solution->chosen;
  return made;
}

class Learn : public testing::Test {
 protected:
  std::unique_ptr<Resolution> resolve_seed(std::uint64_t seed) {
    universe_ = test::make_universe(seed);
    universe_.publish(server_);
    all_ = universe_.try_all();
    return resolve(universe_, server_.url());
  }

  support::LoopbackServer server_;
  Universe universe_;
  std::vector<std::pair<double, Universe::Stack>> all_;
};

TEST_F(Learn, FindsTheBestStackAndClaimsNoMoreThanIsTrue) {
  int proven = 0;
  int solvable = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    const auto resolution = resolve_seed(seed);
    ASSERT_EQ(resolution->first.empty(), all_.empty());
    if (all_.empty()) continue;
    ++solvable;
    const Learned learned = resolution->learn({.search = {.limit = 300}});
    ASSERT_EQ(learned.stacks.size(), 1U);
    EXPECT_NEAR(learned.stacks[0].score, all_[0].first, 1e-9);
    proven += learned.stacks[0].optimal ? 1 : 0;
  }
  EXPECT_GT(solvable, 20);
  EXPECT_GE(proven, solvable * 4 / 5);
}

std::uint64_t universes() {
  const char* asked = std::getenv("SESHAT_UNIVERSES");
  return asked == nullptr ? 100 : std::strtoull(asked, nullptr, 10);
}

// SESHAT_UNIVERSES=N tries N of them.
TEST_F(Learn, ClaimsNoMoreThanIsTrueWherePackagesAreSkippedReplacedAndRemoved) {
  std::uint64_t proven = 0;
  std::uint64_t solvable = 0;
  std::uint64_t best = 0;
  const std::vector<std::string> predictors = {"td",     "annealing",           "hill-climbing",
                                               "mcts",   "random-walk",         "sampling",
                                               "latest", "package-combinations"};
  for (std::uint64_t seed = 1; seed <= universes(); ++seed) {
    SCOPED_TRACE(seed);
    universe_ = test::make_edited_universe(seed);
    support::LoopbackServer server;
    universe_.publish(server);
    all_ = universe_.try_all();
    const auto resolution = resolve(universe_, server.url());
    ASSERT_EQ(resolution->first.empty(), all_.empty());
    if (all_.empty()) continue;
    ++solvable;
    const Learned learned =
        resolution->learn({.search = {.predictor = predictors[seed % predictors.size()],
                                      .limit = 100,
                                      .count = 1 + static_cast<std::uint32_t>(seed % 3),
                                      .prove = seed % 5 != 0}});
    for (const LearnedStack& learnt : learned.stacks) {
      const Universe::Stack stack = resolution->stack(learnt.chosen);
      EXPECT_TRUE(std::any_of(all_.begin(), all_.end(),
                              [&](const auto& known) {
                                return known.second == stack &&
                                       std::abs(known.first - learnt.score) < 1e-9;
                              }))
          << "is none: " << universe_.prescription();
      if (learnt.optimal) {
        EXPECT_NEAR(learnt.score, all_[0].first, 1e-9) << universe_.prescription();
      }
    }
    proven += learned.stacks[0].optimal ? 1 : 0;
    best += std::abs(learned.stacks[0].score - all_[0].first) < 1e-9 ? 1 : 0;
  }
  std::printf("%d solvable, %d proven, %d best\n", static_cast<int>(solvable),
              static_cast<int>(proven), static_cast<int>(best));
  EXPECT_GT(solvable, universes() / 3);
  EXPECT_GT(proven, solvable / 2);
}

TEST_F(Learn, EveryStackThatIsReportedHolds) {
  for (std::uint64_t seed = 200; seed <= 220; ++seed) {
    SCOPED_TRACE(seed);
    const auto resolution = resolve_seed(seed);
    if (all_.empty()) continue;
    const Learned learned = resolution->learn({.search = {.limit = 100, .count = 4}});
    std::set<Universe::Stack> seen;
    ASSERT_EQ(learned.stacks.size(), std::min<std::size_t>(4, all_.size()));
    for (std::size_t i = 0; i < learned.stacks.size(); ++i) {
      const Universe::Stack stack = resolution->stack(learned.stacks[i].chosen);
      EXPECT_TRUE(seen.insert(stack).second) << "twice";
      EXPECT_NEAR(learned.stacks[i].score, all_[i].first, 1e-9);
      EXPECT_TRUE(std::any_of(all_.begin(), all_.end(), [&](const auto& known) {
        return known.second == stack && std::abs(known.first - learned.stacks[i].score) < 1e-9;
      }));
    }
  }
}

TEST_F(Learn, TheSameSeedGivesTheSameStacks) {
  for (std::uint64_t seed = 300; seed <= 304; ++seed) {
    const auto a = resolve_seed(seed);
    const auto b = resolve(universe_, server_.url());
    if (a->first.empty()) continue;
    const LearnOptions options{.search = {.seed = 5, .limit = 50, .count = 3, .prove = false}};
    const Learned x = a->learn(options);
    const Learned y = b->learn(options);
    ASSERT_EQ(x.stacks.size(), y.stacks.size());
    for (std::size_t i = 0; i < x.stacks.size(); ++i)
      EXPECT_EQ(a->stack(x.stacks[i].chosen), b->stack(y.stacks[i].chosen));
  }
}

TEST_F(Learn, AnIndexThatFailsCostsTheSearchAndNotTheAnswer) {
  universe_ = {.prefix = "broken",
               .packages = {{{}, {}}, {{}, {}}},
               .roots = {{.package = 0}, {.package = 1}},
               .rules = {{.all_of = {{.package = 0, .least = 1, .most = 1}}, .score = 0.5}}};
  universe_.publish(server_);
  const auto resolution = resolve(universe_, server_.url());
  ASSERT_FALSE(resolution->first.empty());
  server_.fail("/files/brokena-1.0-py3-none-any.whl.metadata", {.status = 503});
  server_.fail("/files/brokena-1.0-py3-none-any.whl", {.status = 503});
  const Learned learned = resolution->learn({});
  ASSERT_EQ(learned.stacks.size(), 1U);
  EXPECT_EQ(resolution->stack(learned.stacks[0].chosen),
            (Universe::Stack{{"brokena", "2.0"}, {"brokenb", "2.0"}}));
  EXPECT_FALSE(learned.stacks[0].optimal);
}

}  // namespace
}  // namespace resolver::learn
