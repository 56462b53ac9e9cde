// Packages that are decided anew in one episode: a start and what it has to do with, step by step.
#pragma once

#include <vector>

#include "resolver/learn/rng.h"
#include "resolver/learn/state.h"

namespace resolver::learn {

class Region {
 public:
  explicit Region(const Model& model) : in_(model.size(), 0) {}

  // Draws a connected set of up to `most` present packages; fewer if no more hang together.
  void draw(const State& state, Rng& rng, std::uint32_t most);
  const std::vector<Variable>& members() const { return members_; }
  bool contains(Variable variable) const { return in_[variable] != 0; }
  void leave(Variable variable) { in_[variable] = 0; }

 private:
  std::vector<Variable> members_;
  std::vector<char> in_;
};

}  // namespace resolver::learn
