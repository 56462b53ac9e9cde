// How an episode comes to its next assignment. A predictor changes the state it is given (the stack
// that it accepted last); the search polishes the result and tells the reward. Knows nothing of the
// solver. One file each: td.cc, annealing.cc, …
#pragma once

#include <memory>
#include <string_view>

#include "resolver/learn/rng.h"
#include "resolver/learn/state.h"

namespace resolver::learn {

struct Episode {
  std::uint64_t number = 1;  // from 1
  std::uint64_t limit = 1;
  double spread = 1;     // observed standard deviation of the scores of acceptable stacks
  bool exploit = false;  // no more exploration
  double left() const {  // of the budget, 1 to 0
    return 1.0 - static_cast<double>(number) / static_cast<double>(limit + 1);
  }
};

class Predictor {
 public:
  virtual ~Predictor() = default;
  virtual std::string_view name() const = 0;
  virtual void propose(State& state, Rng& rng, const Episode& episode) = 0;
  // After polishing. `before` is the total with which the episode began. True: the next episode
  // goes on from here; false: from where this one began.
  virtual bool accept(const State& state, double before, Rng& rng, const Episode& episode) = 0;
  // What kind of polish the result gets.
  virtual bool polished() const { return true; }
  // For those who watch: what a loss of one is accepted at with probability 1/e, and whether the
  // last proposal left what is known to be good.
  virtual double temperature(const Episode&) const { return 0; }
  virtual bool explored() const { return true; }
};

struct TdOptions {
  std::uint32_t steps = 4;  // rewards that an n-step return sums up
  bool trace = true;        // credit goes to all that was decided, not to the last decision only
};

std::unique_ptr<Predictor> make_td(const Model& model, TdOptions options);
std::unique_ptr<Predictor> make_annealing(const Model& model);
std::unique_ptr<Predictor> make_hill_climbing(const Model& model);
std::unique_ptr<Predictor> make_mcts(const Model& model);
std::unique_ptr<Predictor> make_random_walk(const Model& model);
std::unique_ptr<Predictor> make_sampling(const Model& model);
std::unique_ptr<Predictor> make_latest(const Model& model);
std::unique_ptr<Predictor> make_package_combinations(const Model& model);

// Null if there is none of that name.
std::unique_ptr<Predictor> make_predictor(std::string_view name, const Model& model,
                                          TdOptions td = {});
// What a recommendation type asks for if nobody names a predictor.
std::string_view predictor_for(std::string_view recommendation_type);

}  // namespace resolver::learn
