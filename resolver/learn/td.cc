// Temporal-difference learning over packages and over pairs of packages. An episode goes on from
// the accepted stack: it takes back some decisions that hang together and makes them again, one
// after the other, by what they bring now and what such decisions have brought so far. The final
// reward is the stack's score. Exploration is annealed: its temperature is scaled to the observed
// spread of scores and falls with the budget.
#include <algorithm>
#include <cmath>

#include "resolver/learn/predictor.h"
#include "resolver/learn/region.h"

namespace resolver::learn {

namespace {

constexpr std::uint32_t kPairSlots = 1U << 16;  // values of pairs share a table of this size
constexpr double kRate = 0.1;                   // floor of the learning rate

struct Estimate {
  float mean = 0;
  std::uint32_t count = 0;
  void learn(double target) {
    ++count;
    const double rate = std::max(kRate, 1.0 / count);
    mean += static_cast<float>(rate * (target - static_cast<double>(mean)));
  }
};

class TemporalDifference final : public Predictor {
 public:
  TemporalDifference(const Model& model, TdOptions options)
      : model_(model),
        options_(options),
        region_(model),
        singles_(model.rows()),
        pairs_(kPairSlots) {}

  std::string_view name() const override { return "td"; }

  void propose(State& state, Rng& rng, const Episode& episode) override {
    const double explore = episode.exploit ? 0.0 : 0.05 + 0.45 * episode.left();
    region_.draw(state, rng, region_size(rng));
    steps_.clear();
    explored_ = false;
    for (Variable variable : region_.members()) {
      if (!state.present(variable)) {
        region_.leave(variable);
        continue;
      }
      const double before = state.total();
      const bool explores = rng.unit() < explore;
      explored_ = explored_ || explores;
      const Value chosen = explores ? rng.early(model_.versions(variable)) : best(state, variable);
      state.set(variable, chosen);
      region_.leave(variable);
      steps_.push_back({variable, state.total() - before});
    }
  }

  bool accept(const State& state, double before, Rng& rng, const Episode& episode) override {
    learn(state, before);
    const double gained = state.total() - before;
    if (gained >= 0) return true;
    const double heat = temperature(episode);
    return heat > 0 && rng.unit() < std::exp(gained / heat);
  }

  double temperature(const Episode& episode) const override {
    const double left = episode.left();
    return episode.exploit ? 0 : 0.1 * episode.spread * left * left;
  }
  bool explored() const override { return explored_; }

 private:
  struct Step {
    Variable variable;
    double reward;
  };

  // Mostly a few decisions, now and then many.
  std::uint32_t region_size(Rng& rng) {
    std::uint32_t size = 2;
    const auto most = static_cast<std::uint32_t>(std::min<std::size_t>(model_.size(), 48));
    while (size < most && rng.below(8) < 6) ++size;
    return size;
  }

  static std::uint32_t slot(std::uint32_t table, std::uint32_t entry) {
    std::uint32_t mixed = (table + entry) * 0x9E3779B1U;
    return (mixed ^ (mixed >> 15)) & (kPairSlots - 1);
  }
  // The slot of a pair, the same from both sides.
  std::uint32_t pair_slot(const Model::Arc& arc, Value own, Value other, Variable self) const {
    return self < arc.other ? slot(arc.table, own * model_.values(arc.other) + other)
                            : slot(arc.reverse, other * model_.values(self) + own);
  }

  Value best(const State& state, Variable variable) {
    const std::uint32_t count = model_.versions(variable);
    values_.assign(count, 0.0);
    const double* gains = state.gains(variable);
    const Estimate* learned = singles_.data() + model_.row(variable);
    for (Value a = 0; a < count; ++a) values_[a] = gains[a] + static_cast<double>(learned[a].mean);
    for (const Model::Arc& arc : model_.arcs(variable)) {
      const Value other = state.value(arc.other);
      const std::uint32_t columns = model_.values(arc.other);
      const double* table = model_.table(arc.table) + other;
      if (region_.contains(arc.other)) {
        // Not decided yet: what it was does not count.
        for (Value a = 0; a < count; ++a) values_[a] -= table[std::size_t{a} * columns];
      } else {
        for (Value a = 0; a < count; ++a) {
          values_[a] += static_cast<double>(pairs_[pair_slot(arc, a, other, variable)].mean);
        }
      }
    }
    Value found = 0;
    for (Value a = 1; a < count; ++a) {
      if (values_[a] > values_[found] + 1e-12) found = a;
    }
    return found;
  }

  // The n-step return of a decision: the rewards of the n decisions from it on; at the end of the
  // trajectory what the finished, polished stack is worth beside the one that the episode began
  // with. Stacks that are refused count as a loss of one spread, not as -kHard: what is refused is
  // known anyway.
  void learn(const State& state, double before) {
    const double final_reward = std::clamp(state.total() - before, -2.0, 2.0);
    const std::size_t size = steps_.size();
    for (std::size_t i = 0; i < size; ++i) {
      double target = final_reward;
      if (i + options_.steps < size && !options_.trace) {
        target = 0;
        for (std::size_t k = i; k < i + options_.steps; ++k)
          target += std::clamp(steps_[k].reward, -2.0, 2.0);
      }
      const Variable variable = steps_[i].variable;
      const Value value = state.value(variable);
      if (value >= model_.versions(variable)) continue;
      singles_[model_.row(variable) + value].learn(target / static_cast<double>(size));
      for (const Model::Arc& arc : model_.arcs(variable)) {
        pairs_[pair_slot(arc, value, state.value(arc.other), variable)].learn(
            target / static_cast<double>(size));
      }
    }
  }

  const Model& model_;
  TdOptions options_;
  Region region_;
  std::vector<Estimate> singles_;
  std::vector<Estimate> pairs_;
  std::vector<Step> steps_;
  std::vector<double> values_;
  bool explored_ = false;
};

}  // namespace

std::unique_ptr<Predictor> make_td(const Model& model, TdOptions options) {
  return std::make_unique<TemporalDifference>(model, options);
}

}  // namespace resolver::learn
