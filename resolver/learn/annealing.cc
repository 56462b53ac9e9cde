// Simulated annealing: single exchanges, accepted by Metropolis' rule at a temperature that is
// scaled to the observed spread of scores and falls with the budget.
#include <cmath>

#include "resolver/learn/predictor.h"

namespace resolver::learn {

namespace {

class Annealing final : public Predictor {
 public:
  explicit Annealing(const Model& model) : model_(model) {}
  std::string_view name() const override { return "annealing"; }

  void propose(State& state, Rng& rng, const Episode& episode) override {
    const double left = episode.exploit ? 0.0 : episode.left();
    const double temperature = 1e-9 + 0.5 * episode.spread * left * left;
    const auto size = static_cast<std::uint32_t>(model_.size());
    const std::uint32_t moves = size < 64 ? 2 * size : 128;
    for (std::uint32_t i = 0; i < moves; ++i) {
      const Variable variable = rng.below(size);
      if (!state.present(variable)) continue;
      const std::size_t position = state.position();
      const double before = state.total();
      const Value value = rng.below(model_.versions(variable));
      if (state.simple(variable, value)) {
        const double delta = state.delta(variable, value);
        if (delta >= 0 || rng.unit() < std::exp(delta / temperature)) state.set(variable, value);
        continue;
      }
      state.set(variable, value);
      const double delta = state.total() - before;
      if (delta < 0 && rng.unit() >= std::exp(delta / temperature)) state.undo_to(position);
    }
  }

  bool accept(const State&, double, Rng&, const Episode&) override { return true; }
  bool polished() const override { return false; }

 private:
  const Model& model_;
};

}  // namespace

std::unique_ptr<Predictor> make_annealing(const Model& model) {
  return std::make_unique<Annealing>(model);
}

}  // namespace resolver::learn
