// The simple predictors: what each does to the stack it is given is one loop.
#include "resolver/learn/predictor.h"
#include "resolver/learn/region.h"

namespace resolver::learn {

namespace {

// Changes a few packages at random, kept where the stack is no worse: restarts near the best.
class HillClimbing final : public Predictor {
 public:
  explicit HillClimbing(const Model& model) : model_(model) {}
  std::string_view name() const override { return "hill-climbing"; }
  void propose(State& state, Rng& rng, const Episode&) override {
    const auto size = static_cast<std::uint32_t>(model_.size());
    for (std::uint32_t i = 0; i < 3; ++i) {
      const Variable variable = rng.below(size);
      if (state.present(variable)) state.set(variable, rng.below(model_.versions(variable)));
    }
  }
  bool accept(const State& state, double before, Rng&, const Episode&) override {
    return state.total() >= before;
  }

 private:
  const Model& model_;
};

// Goes on from wherever it came to; whatever is acceptable counts. No polish.
class RandomWalk final : public Predictor {
 public:
  explicit RandomWalk(const Model& model) : model_(model) {}
  std::string_view name() const override { return "random-walk"; }
  void propose(State& state, Rng& rng, const Episode&) override {
    const auto size = static_cast<std::uint32_t>(model_.size());
    for (std::uint32_t i = 0; i < 4; ++i) {
      const Variable variable = rng.below(size);
      if (state.present(variable)) state.set(variable, rng.early(model_.versions(variable)));
    }
  }
  bool accept(const State& state, double, Rng&, const Episode&) override {
    return state.acceptable();
  }
  bool polished() const override { return false; }

 private:
  const Model& model_;
};

// Every package anew, each version as probable as any other that nothing decided before rules out.
class Sampling final : public Predictor {
 public:
  explicit Sampling(const Model& model) : model_(model), region_(model) {}
  std::string_view name() const override { return "sampling"; }
  void propose(State& state, Rng& rng, const Episode&) override {
    const auto size = static_cast<std::uint32_t>(model_.size());
    for (std::uint32_t i = 0; i < size; ++i) {
      const Variable variable = rng.below(size);
      if (!state.present(variable)) continue;
      const double* gains = state.gains(variable);
      const Value value = rng.below(model_.versions(variable));
      if (gains[value] > gains[state.value(variable)] - kHard / 2) state.set(variable, value);
    }
  }
  bool accept(const State& state, double, Rng&, const Episode&) override {
    return state.acceptable();
  }
  bool polished() const override { return false; }

 private:
  const Model& model_;
  Region region_;
};

// The newest versions that go together, a few packages at a time.
class Latest final : public Predictor {
 public:
  explicit Latest(const Model& model) : model_(model), region_(model) {}
  std::string_view name() const override { return "latest"; }
  void propose(State& state, Rng& rng, const Episode&) override {
    region_.draw(state, rng, 4);
    for (Variable variable : region_.members()) {
      if (!state.present(variable)) continue;
      Value value = 0;
      while (value + 1 < model_.versions(variable) && rng.below(4) == 0) ++value;
      state.set(variable, value);
    }
  }
  bool accept(const State& state, double before, Rng&, const Episode&) override {
    return state.total() >= before;
  }

 private:
  const Model& model_;
  Region region_;
};

}  // namespace

std::unique_ptr<Predictor> make_hill_climbing(const Model& model) {
  return std::make_unique<HillClimbing>(model);
}
std::unique_ptr<Predictor> make_random_walk(const Model& model) {
  return std::make_unique<RandomWalk>(model);
}
std::unique_ptr<Predictor> make_sampling(const Model& model) {
  return std::make_unique<Sampling>(model);
}
std::unique_ptr<Predictor> make_latest(const Model& model) {
  return std::make_unique<Latest>(model);
}

}  // namespace resolver::learn
