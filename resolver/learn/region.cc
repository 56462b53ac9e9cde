#include "resolver/learn/region.h"

namespace resolver::learn {

void Region::draw(const State& state, Rng& rng, std::uint32_t most) {
  const Model& model = state.model();
  for (Variable variable : members_) in_[variable] = 0;
  members_.clear();
  const auto size = static_cast<std::uint32_t>(model.size());
  auto add = [&](Variable variable) {
    if (in_[variable] != 0 || !state.present(variable)) return;
    in_[variable] = 1;
    members_.push_back(variable);
  };
  add(rng.below(size));
  for (std::uint32_t tries = 0; members_.size() < most && tries < 3 * most; ++tries) {
    if (members_.empty()) {
      add(rng.below(size));
      continue;
    }
    const Variable from = members_[rng.below(static_cast<std::uint32_t>(members_.size()))];
    const auto arcs = model.arcs(from);
    if (arcs.empty()) {
      add(rng.below(size));
    } else {
      add(arcs[rng.below(static_cast<std::uint32_t>(arcs.size()))].other);
    }
  }
}

}  // namespace resolver::learn
