// Monte-Carlo search with upper confidence bounds over the versions of each package: versions that
// did well are tried more often, those that were seldom tried now and then. An episode decides a
// few packages by that rule; the polish is the roll-out.
#include <cmath>

#include "resolver/learn/predictor.h"
#include "resolver/learn/region.h"

namespace resolver::learn {

namespace {

class MonteCarlo final : public Predictor {
 public:
  explicit MonteCarlo(const Model& model)
      : model_(model), region_(model), arms_(model.rows()), visits_(model.size(), 0) {}
  std::string_view name() const override { return "mcts"; }

  void propose(State& state, Rng& rng, const Episode& episode) override {
    region_.draw(state, rng, 2 + rng.below(8));
    for (Variable variable : region_.members()) {
      if (state.present(variable)) state.set(variable, pick(variable, episode));
    }
  }

  bool accept(const State& state, double before, Rng&, const Episode&) override {
    const double reward = std::max(state.total() - before, -2.0);
    for (Variable variable : region_.members()) {
      const Value value = state.value(variable);
      if (value >= model_.versions(variable)) continue;
      Arm& arm = arms_[model_.row(variable) + value];
      ++arm.visits;
      ++visits_[variable];
      arm.mean += (reward - arm.mean) / arm.visits;
    }
    return state.total() >= before;
  }

 private:
  struct Arm {
    double mean = 0;
    double visits = 0;
  };

  Value pick(Variable variable, const Episode& episode) const {
    const Arm* arms = arms_.data() + model_.row(variable);
    const double scale = episode.exploit ? 0.0 : episode.spread;
    const double all = std::log(1.0 + static_cast<double>(visits_[variable]));
    Value best = 0;
    double best_bound = -1e300;
    for (Value a = 0; a < model_.versions(variable); ++a) {
      const double bound =
          arms[a].visits == 0 ? 1e9 - a : arms[a].mean + scale * std::sqrt(all / arms[a].visits);
      if (bound > best_bound) {
        best_bound = bound;
        best = a;
      }
    }
    return best;
  }

  const Model& model_;
  Region region_;
  std::vector<Arm> arms_;
  std::vector<std::uint64_t> visits_;
};

}  // namespace

std::unique_ptr<Predictor> make_mcts(const Model& model) {
  return std::make_unique<MonteCarlo>(model);
}

}  // namespace resolver::learn
