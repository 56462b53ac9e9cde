// Polishes an assignment: exchanges the value of one package, then those of two packages that have
// to do with each other, as long as that makes the stack better. Looks only at what was touched and
// what it touches in turn. Deterministic; allocates nothing once it is warm.
#pragma once

#include <vector>

#include "resolver/learn/state.h"

namespace resolver::learn {

class LocalSearch {
 public:
  explicit LocalSearch(const Model& model);

  // Marks a variable and its neighbours as worth looking at.
  void touch(Variable variable);
  void touch_all();
  // Works until nothing that is marked can be improved. `pairs`: exchanges of two as well.
  void polish(State& state, bool pairs);

 private:
  bool improve(State& state, Variable variable);
  bool improve_needs(State& state, Variable variable);
  bool improve_pairs(State& state, Variable u);
  void changed(const State& state, std::size_t from);
  void push(Variable variable);

  const Model& model_;
  std::vector<Variable> queue_;
  std::vector<char> queued_;
  std::vector<Variable> pair_queue_;
  std::vector<char> pair_queued_;
};

}  // namespace resolver::learn
