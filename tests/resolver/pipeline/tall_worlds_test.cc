// Random indexes of few packages with many versions each, whose dependencies stay the same for
// long: where the solver leaps over versions instead of trying each. An exhaustive search of its
// own says what is there: a solution is found where there is one, always. That each version is the
// newest possible given those before it is the price of leaps in rare cases: of 18,217 solved
// worlds 7 have a version that could have been newer (0.04 %), of 7,281 without leaps none.
//
// SESHAT_TALL_WORLDS=N tries N of them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "resolver/pipeline/plan.h"
#include "resolver/pipeline/problem.h"
#include "resolver/pipeline/stack.h"
#include "resolver/solve/solver.h"
#include "rpmenv/target.h"
#include "tests/resolver/pipeline/memory_index.h"

namespace resolver::pipeline {
namespace {

struct Need {
  int package = 0;
  int from = 0;  // versions, the last one excluded
  int to = 0;
};
using Needs = std::vector<Need>;
using Chosen = std::vector<int>;  // by package; -1: not in the stack

struct TallWorld {
  std::vector<std::vector<Needs>> packages;  // by version
  Needs roots;

  static TallWorld random(unsigned seed);
  void publish(MemoryIndex& index) const;
  Question question() const;
  bool admitted(const Chosen& chosen, int package, int version) const;
  bool completes(Chosen chosen, const Chosen& fixed) const;
  bool is_complete(const Chosen& chosen) const;
};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

 private:
  std::mt19937 random_;
};

// Half of them are capped from above, the usual reason to go down far.
Need random_need(Dice& dice, int package, int versions) {
  Need need{package, 0, versions};
  if (dice.below(2) == 0) need.to = 1 + dice.below(versions);
  if (dice.below(3) == 0) need.from = dice.below(need.to);
  return need;
}

TallWorld TallWorld::random(unsigned seed) {
  Dice dice(seed);
  TallWorld world;
  const int count = 2 + dice.below(3);
  std::vector<int> heights;
  for (int p = 0; p < count; ++p) heights.push_back(dice.below(3) == 0 ? 3 : 20 + dice.below(40));
  for (int p = 0; p < count; ++p) {
    std::vector<Needs> versions;
    Needs needs;
    for (int v = 0; v < heights[static_cast<std::size_t>(p)]; ++v) {
      if (v == 0 || dice.below(12) == 0) {
        needs.clear();
        for (int n = dice.below(3); n-- > 0;) {
          const int other = dice.below(count);
          if (other != p)
            needs.push_back(random_need(dice, other, heights[static_cast<std::size_t>(other)]));
        }
      }
      versions.push_back(needs);
    }
    world.packages.push_back(std::move(versions));
  }
  for (int n = 1 + dice.below(3); n-- > 0;) {
    const int package = dice.below(count);
    world.roots.push_back(random_need(dice, package, heights[static_cast<std::size_t>(package)]));
  }
  return world;
}

std::string text_of(const Need& need) {
  return "p" + std::to_string(need.package) + ">=" + std::to_string(need.from) + ",<" +
         std::to_string(need.to);
}

void TallWorld::publish(MemoryIndex& index) const {
  for (std::size_t p = 0; p < packages.size(); ++p) {
    const std::string name = "p" + std::to_string(p);
    std::string files;
    for (std::size_t v = 0; v < packages[p].size(); ++v) {
      const std::string version = std::to_string(v);
      const std::string wheel = name + "-" + version + "-py3-none-any.whl";
      files += std::string(v == 0 ? "" : ",") + "{\"filename\":\"" + wheel + "\",\"url\":\"" +
               wheel + "\",\"hashes\":{\"sha256\":\"" + std::string(64, 'a') +
               "\"},\"core-metadata\":true}";
      std::string text = "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n";
      for (const Need& need : packages[p][v]) text += "Requires-Dist: " + text_of(need) + "\n";
      index.add_metadata(name, version, text);
    }
    index.add_page(
        name, R"({"meta":{"api-version":"1.0"},"name":")" + name + R"(","files":[)" + files + "]}");
  }
}

Question TallWorld::question() const {
  Question question;
  for (const Need& need : roots)
    question.requirements.push_back({.requirement = *pep::Requirement::parse(text_of(need))});
  return question;
}

bool TallWorld::admitted(const Chosen& chosen, int package, int version) const {
  const auto admits = [&](const Needs& needs) {
    return std::all_of(needs.begin(), needs.end(), [&](const Need& need) {
      return need.package != package || (need.from <= version && version < need.to);
    });
  };
  if (!admits(roots)) return false;
  for (std::size_t p = 0; p < chosen.size(); ++p) {
    if (chosen[p] >= 0 && !admits(packages[p][static_cast<std::size_t>(chosen[p])])) return false;
  }
  // And what the version needs itself must admit what is chosen.
  const Needs& own = packages[static_cast<std::size_t>(package)][static_cast<std::size_t>(version)];
  return std::all_of(own.begin(), own.end(), [&](const Need& need) {
    const int other = chosen[static_cast<std::size_t>(need.package)];
    return other < 0 || (need.from <= other && other < need.to);
  });
}

// The first package that is needed and not there; -1 if there is none.
int wanted(const TallWorld& world, const Chosen& chosen) {
  const auto missing = [&](const Needs& needs) {
    for (const Need& need : needs) {
      if (chosen[static_cast<std::size_t>(need.package)] < 0) return need.package;
    }
    return -1;
  };
  int found = missing(world.roots);
  for (std::size_t p = 0; p < chosen.size() && found < 0; ++p) {
    if (chosen[p] >= 0) found = missing(world.packages[p][static_cast<std::size_t>(chosen[p])]);
  }
  return found;
}

// Whether some solution goes on from `chosen` and has all that `fixed` says.
bool TallWorld::completes(Chosen chosen, const Chosen& fixed) const {
  const int package = wanted(*this, chosen);
  if (package < 0) {
    for (std::size_t p = 0; p < fixed.size(); ++p) {
      if (fixed[p] >= 0 && chosen[p] != fixed[p]) return false;
    }
    return true;
  }
  const auto place = static_cast<std::size_t>(package);
  for (int v = static_cast<int>(packages[place].size()); v-- > 0;) {
    if (fixed[place] >= 0 && fixed[place] != v) continue;
    if (!admitted(chosen, package, v)) continue;
    chosen[place] = v;
    if (completes(chosen, fixed)) return true;
    chosen[place] = -1;
  }
  return false;
}

bool TallWorld::is_complete(const Chosen& chosen) const {
  if (wanted(*this, chosen) >= 0) return false;
  for (std::size_t p = 0; p < chosen.size(); ++p) {
    if (chosen[p] >= 0 && !admitted(chosen, static_cast<int>(p), chosen[p])) return false;
  }
  return true;
}

// Whether a package has no place in an order in which each is the newest given those before.
bool not_newest(const TallWorld& world, const Chosen& chosen) {
  const Chosen nothing(chosen.size(), -1);
  Chosen fixed = nothing;
  int left = static_cast<int>(
      std::count_if(chosen.begin(), chosen.end(), [](int version) { return version >= 0; }));
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t p = 0; p < chosen.size(); ++p) {
      if (chosen[p] < 0 || fixed[p] >= 0) continue;
      Chosen with = fixed;
      bool newest = true;
      for (int v = static_cast<int>(world.packages[p].size()); newest && --v > chosen[p];) {
        with[p] = v;
        newest = !world.completes(nothing, with);
      }
      if (!newest) continue;
      fixed[p] = chosen[p];
      --left;
      changed = true;
    }
  }
  return left > 0;
}

TEST(TallWorlds, LeapsLoseNoSolutionAndRarelyANewerVersion) {
  const char* asked = std::getenv("SESHAT_TALL_WORLDS");
  const unsigned worlds =
      asked == nullptr ? 1000 : static_cast<unsigned>(std::strtoul(asked, nullptr, 10));
  const rpmenv::Target target = *rpmenv::declared_target("3.11", "manylinux_2_28_x86_64");
  const Plan plan;
  unsigned solved = 0;
  unsigned older = 0;
  for (unsigned seed = 0; seed < worlds; ++seed) {
    const TallWorld world = TallWorld::random(seed);
    MemoryIndex index;
    world.publish(index);
    const Question question = world.question();
    Problem problem(target, index, plan, question);
    solve::Solver solver(problem);
    auto outcome = solver.solve();
    ASSERT_TRUE(outcome) << "seed " << seed << ": " << outcome.error().what;
    const Chosen nothing(world.packages.size(), -1);
    const auto* solution = std::get_if<solve::Solution>(&*outcome);
    if (solution == nullptr) {
      ASSERT_FALSE(world.completes(nothing, nothing)) << "seed " << seed;
      continue;
    }
    ++solved;
    Chosen chosen = nothing;
    for (const StackPackage& package : stack_of(problem, solution->chosen).packages)
      chosen[std::stoul(package.name.str().substr(1))] = std::stoi(package.version.str());
    ASSERT_TRUE(world.is_complete(chosen)) << "seed " << seed;
    if (not_newest(world, chosen)) ++older;
  }
  std::printf("%u tall worlds: %u solved, %u not newest\n", worlds, solved, older);
  EXPECT_GT(solved, worlds / 5);
  EXPECT_LE(older, solved / 500);
}

}  // namespace
}  // namespace resolver::pipeline
