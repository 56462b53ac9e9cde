// Goes through the combinations of the packages that scores speak of, one after the other, newest
// first; the others follow as their requirements want. Knows no chance: a small space is gone
// through whole.
#include <algorithm>

#include "resolver/learn/predictor.h"

namespace resolver::learn {

namespace {

constexpr std::size_t kRepairs = 4;  // times that the neighbours of a combination are looked at

bool any_score(const double* first, std::size_t count) {
  return std::any_of(first, first + count,
                     [](double weight) { return weight != 0 && weight > -kHard / 2; });
}

bool is_scored(const Model& model, Variable variable) {
  for (Value a = 0; a < model.versions(variable); ++a) {
    const double weight = model.weight(variable, a);
    if (any_score(&weight, 1)) return true;
  }
  for (const Model::Arc& arc : model.arcs(variable)) {
    const std::size_t entries = std::size_t{model.values(variable)} * model.values(arc.other);
    if (any_score(model.table(arc.table), entries)) return true;
  }
  return std::any_of(model.memberships(variable).begin(), model.memberships(variable).end(),
                     [&](const Model::Membership& member) {
                       return model.groups()[member.group].weight > -kHard / 2;
                     });
}

class PackageCombinations final : public Predictor {
 public:
  explicit PackageCombinations(const Model& model) : model_(model), combined_(model.size(), 0) {
    for (Variable v = 0; v < model.size(); ++v) {
      if (model.versions(v) < 2 || !is_scored(model, v)) continue;
      combined_[v] = 1;
      set_.push_back(v);
    }
    counter_.assign(set_.size(), 0);
  }
  std::string_view name() const override { return "package-combinations"; }

  void propose(State& state, Rng&, const Episode&) override {
    for (std::size_t i = 0; i < set_.size(); ++i) {
      if (state.present(set_[i])) state.set(set_[i], counter_[i]);
    }
    repair(state);
    for (std::size_t i = 0; i < set_.size(); ++i) {
      if (++counter_[i] < model_.versions(set_[i])) break;
      counter_[i] = 0;
    }
  }
  bool accept(const State& state, double, Rng&, const Episode&) override {
    return state.acceptable();
  }
  bool polished() const override { return false; }

 private:
  // Gives what is not combined the version that goes best with the rest.
  void repair(State& state) {
    for (std::size_t round = 0; round < kRepairs && !state.acceptable(); ++round) {
      for (Variable v = 0; v < model_.size(); ++v) {
        if (combined_[v] != 0 || !state.present(v)) continue;
        const double* gains = state.gains(v);
        const auto best = std::max_element(gains, gains + model_.versions(v)) - gains;
        if (gains[best] > gains[state.value(v)]) state.set(v, static_cast<Value>(best));
      }
    }
  }

  const Model& model_;
  std::vector<char> combined_;
  std::vector<Variable> set_;
  std::vector<Value> counter_;
};

}  // namespace

std::unique_ptr<Predictor> make_package_combinations(const Model& model) {
  return std::make_unique<PackageCombinations>(model);
}

}  // namespace resolver::learn
