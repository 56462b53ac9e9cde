// Models whose best stacks are known: planted ones like those of the acceptance suite, pairs on a
// forest without conflicts, and small random ones that can be tried exhaustively.
#pragma once

#include <cstdint>
#include <vector>

#include "resolver/learn/model.h"

namespace resolver::learn::test {

struct Planted {
  Model model;
  std::vector<Value> best;   // empty if not known
  std::vector<Value> first;  // an acceptable stack without looking at scores
};

// A tree of requirements with ranges, a chain of pairs, refused pairs, a decoy in each package.
Planted make_planted(std::uint32_t packages, std::uint32_t versions, std::uint64_t seed);
// Scores uniform in [-1, 1], pair scores on a forest, no conflicts.
Planted make_forest(std::uint32_t packages, std::uint32_t versions, std::uint64_t seed);
// Up to 6 packages of up to 4 versions, some optional, with conflicts and groups.
Planted make_small(std::uint64_t seed);

// Every acceptable stack, best first: the totals.
struct Tried {
  std::vector<Value> values;
  double score;
};
std::vector<Tried> try_all(const Model& model);

}  // namespace resolver::learn::test
