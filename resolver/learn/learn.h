// The best acceptable stacks of a problem, beginning with the one that a plain resolve found. What
// is reported was built by the solver and judged by the rules: an episode only says where to look.
// The first stack is the floor: the answer is never worse.
#pragma once

#include <string>
#include <vector>

#include "resolver/index/client.h"
#include "resolver/learn/guide.h"
#include "resolver/learn/search.h"
#include "resolver/learn/space.h"
#include "resolver/solve/solver.h"

namespace resolver::learn {

struct LearnOptions {
  SearchOptions search;
  SpaceOptions space;
  // A stack that the user has already, as far as it still fits: the answer is never worse.
  std::vector<std::pair<pep::Name, pep::Version>> floor;
};

struct LearnedStack {
  std::vector<solve::Provider::Chosen> chosen;
  double score = 0;
  bool optimal = false;  // proven: no acceptable stack scores higher
};

struct Learned {
  std::vector<LearnedStack> stacks;  // best first, distinct, at least one
  SearchFigures figures;
  bool degraded = false;  // stopped before it was done
  std::vector<std::string> warnings;
};

// `solver` asks the problem through `guide`, and found `first`.
pep::Result<Learned> learn(index::Client& client, pipeline::Problem& problem, Guide& guide,
                           solve::Solver& solver, const std::vector<solve::Provider::Chosen>& first,
                           const LearnOptions& options);

}  // namespace resolver::learn
