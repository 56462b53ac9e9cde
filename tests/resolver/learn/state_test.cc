// The gains of a state against weighing everything afresh.
#include "resolver/learn/state.h"

#include <gtest/gtest.h>

#include "resolver/learn/rng.h"
#include "tests/resolver/learn/planted.h"

namespace resolver::learn {
namespace {

TEST(State, GainsStayRightThroughChanges) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const test::Planted made = test::make_small(seed);
    if (made.first.empty()) continue;
    State state(made.model, made.first);
    Rng rng(seed);
    for (int i = 0; i < 20; ++i) {
      const Variable v = rng.below(static_cast<std::uint32_t>(made.model.size()));
      if (!state.present(v)) continue;
      state.set(v, rng.below(made.model.versions(v)));
      const State fresh(made.model, state.values());
      ASSERT_NEAR(state.total(), fresh.total(), 1e-6) << seed;
      for (Variable w = 0; w < made.model.size(); ++w) {
        for (Value a = 0; a < made.model.values(w); ++a)
          ASSERT_NEAR(state.gain(w, a), fresh.gain(w, a), 1e-6) << seed;
      }
    }
  }
}

TEST(State, UndoBringsBackWhatWas) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const test::Planted made = test::make_small(seed);
    if (made.first.empty()) continue;
    State state(made.model, made.first);
    Rng rng(seed);
    state.mark();
    for (int i = 0; i < 10; ++i) {
      const Variable v = rng.below(static_cast<std::uint32_t>(made.model.size()));
      if (state.present(v)) state.set(v, rng.below(made.model.versions(v)));
    }
    state.undo_to(0);
    EXPECT_EQ(state.values(), made.first) << seed;
    EXPECT_NEAR(state.total(), State(made.model, made.first).total(), 1e-6);
  }
}

TEST(State, OptionalPackagesComeAndGoWithWhatNeedsThem) {
  Model model;
  const Variable app = model.add_variable(2, false);
  const Variable helper = model.add_variable(2, true);
  model.add_need(app, 1, helper);
  model.add_weight(helper, 1, 0.5);
  model.finish();
  State state(model, {0, model.absent(helper)});
  EXPECT_FALSE(state.present(helper));
  state.set(app, 1);
  EXPECT_EQ(state.value(helper), 1U);
  state.set(app, 0);
  EXPECT_FALSE(state.present(helper));
}

}  // namespace
}  // namespace resolver::learn
