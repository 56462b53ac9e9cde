// Random small indexes, resolved from the text of their pages and metadata on. An exhaustive search
// of its own says whether there is a solution. What is promised of one that is found:
//
// - it is one: everything that applies is met, every package is a candidate, nothing is
// superfluous;
// - there is an order of its packages in which each has the version that is wanted most (finals
//   before pre-releases where the policy says so, newest first, or oldest with "lowest") among
//   those with which a solution exists at all, given the versions of the packages before it.
//
// If a version is the best one given some packages, it is so given more of them; so it does not
// matter in which order the order is looked for. The solver's decisions are one.
//
// SESHAT_WORLDS=N tries N of them.
#include <gtest/gtest.h>

#include <cstdlib>

#include "resolver/pipeline/plan.h"
#include "resolver/pipeline/problem.h"
#include "resolver/pipeline/stack.h"
#include "resolver/solve/solver.h"
#include "rpmenv/target.h"
#include "tests/resolver/pipeline/world.h"

namespace resolver::pipeline {
namespace {

unsigned worlds() {
  const char* asked = std::getenv("SESHAT_WORLDS");
  return asked == nullptr ? 10000 : static_cast<unsigned>(std::strtoul(asked, nullptr, 10));
}

World::Stack numbers_of(const World& world, const Stack& stack) {
  World::Stack numbers;
  for (const StackPackage& package : stack.packages) {
    const int p = std::stoi(package.name.str().substr(1));
    const auto& releases = world.packages[static_cast<std::size_t>(p)];
    for (std::size_t i = 0; i < releases.size(); ++i) {
      const auto spelling = static_cast<std::size_t>(releases[i].spelling);
      if (package.version == *pep::Version::parse(kSpellings[spelling].text))
        numbers[p] = static_cast<int>(i);
    }
  }
  return numbers;
}

// Packages that have no place in any such order.
std::string not_best(const World& world, World::Stack chosen) {
  World::Stack fixed;
  for (bool changed = true; changed && !chosen.empty();) {
    changed = false;
    for (auto one = chosen.begin(); one != chosen.end();) {
      World::Stack with = fixed;
      bool best = true;
      for (const int number : world.preferred(one->first)) {
        if (number == one->second) break;
        with[one->first] = number;
        best = !world.completes(with);
        if (!best) break;
      }
      if (!best) {
        ++one;
        continue;
      }
      fixed.insert(*one);
      one = chosen.erase(one);
      changed = true;
    }
  }
  std::string left;
  for (const auto& [package, number] : chosen) left += world.name(package) + " ";
  return left;
}

TEST(Worlds, ASolutionIsFoundWhereThereIsOneAndEachVersionIsTheBestGivenThoseBefore) {
  const rpmenv::Target target = *rpmenv::declared_target("3.11", "manylinux_2_28_x86_64");
  const Plan plan;
  unsigned solved = 0;
  unsigned conflicts = 0;
  for (unsigned seed = 0; seed < worlds(); ++seed) {
    const World world = World::random(seed);
    MemoryIndex index;
    world.publish(index);
    const Question question = world.question();
    Problem problem(target, index, plan, question);
    solve::Solver solver(problem);
    auto outcome = solver.solve();
    ASSERT_TRUE(outcome) << "seed " << seed << ": " << outcome.error().what;
    conflicts += solver.figures().conflicts > 0 ? 1 : 0;
    const auto* solution = std::get_if<solve::Solution>(&*outcome);
    if (solution == nullptr) {
      ASSERT_FALSE(world.completes({})) << "seed " << seed << "\n" << world.text();
      continue;
    }
    ++solved;
    const auto chosen = numbers_of(world, stack_of(problem, solution->chosen));
    ASSERT_TRUE(world.is_solution(chosen)) << "seed " << seed << "\n" << world.text();
    ASSERT_EQ(not_best(world, chosen), "") << "seed " << seed << "\n" << world.text();
  }
  EXPECT_GT(solved, worlds() / 5);
  EXPECT_GT(conflicts, worlds() / 10);
  std::printf("%u worlds: %u solved, %u with conflicts\n", worlds(), solved, conflicts);
}

}  // namespace
}  // namespace resolver::pipeline
