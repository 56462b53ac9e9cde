// Simulated annealing: single exchanges, accepted by Metropolis' rule at a temperature that begins
// with what an exchange usually changes in the score and falls with the budget.
#include <cmath>

#include "resolver/learn/predictor.h"

namespace resolver::learn {

namespace {

constexpr double kCooling = 5;  // the last temperature is e^-5 of the first

// The mean of what exchanges change in the first stack, refused ones left out.
double usual_change(const State& state) {
  const Model& model = state.model();
  double sum = 0;
  double count = 0;
  for (Variable v = 0; v < model.size(); ++v) {
    for (Value a = 0; a < model.versions(v); ++a) {
      const double delta = std::abs(state.delta(v, a));
      if (a == state.value(v) || delta > kHard / 2) continue;
      sum += delta;
      ++count;
    }
  }
  return sum > 0 ? sum / count : 1;
}

class Annealing final : public Predictor {
 public:
  explicit Annealing(const Model& model) : model_(model) {}
  std::string_view name() const override { return "annealing"; }

  void propose(State& state, Rng& rng, const Episode& episode) override {
    if (scale_ == 0) scale_ = usual_change(state);
    const double heat = temperature(episode);
    explored_ = false;
    const auto size = static_cast<std::uint32_t>(model_.size());
    const std::uint32_t moves = 4 + rng.below(size < 64 ? size : 64);
    for (std::uint32_t i = 0; i < moves; ++i) {
      const Variable variable = rng.below(size);
      if (!state.present(variable)) continue;
      const std::size_t position = state.position();
      const double before = state.total();
      const Value value = rng.below(model_.versions(variable));
      if (state.simple(variable, value)) {
        const double delta = state.delta(variable, value);
        if (delta < 0 && rng.unit() >= std::exp(delta / heat)) continue;
        explored_ = explored_ || delta < 0;
        state.set(variable, value);
        continue;
      }
      state.set(variable, value);
      const double delta = state.total() - before;
      if (delta < 0 && rng.unit() >= std::exp(delta / heat)) state.undo_to(position);
    }
  }

  bool accept(const State& state, double before, Rng& rng, const Episode& episode) override {
    const double gained = state.total() - before;
    return gained >= 0 || rng.unit() < std::exp(gained / temperature(episode));
  }

  double temperature(const Episode& episode) const override {
    return episode.exploit ? 1e-9 : scale_ * std::exp(-kCooling * (1 - episode.left()));
  }
  bool explored() const override { return explored_; }

 private:
  const Model& model_;
  double scale_ = 0;
  bool explored_ = false;
};

}  // namespace

std::unique_ptr<Predictor> make_annealing(const Model& model) {
  return std::make_unique<Annealing>(model);
}

}  // namespace resolver::learn
