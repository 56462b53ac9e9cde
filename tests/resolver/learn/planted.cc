#include "tests/resolver/learn/planted.h"

#include <algorithm>

#include "resolver/learn/rng.h"

namespace resolver::learn::test {

namespace {

using Mask = std::vector<std::uint8_t>;

Mask one(const Model& model, Variable variable, Value value) {
  Mask mask(model.values(variable), 0);
  mask[value] = 1;
  return mask;
}

Mask inverse(Mask mask) {
  for (std::uint8_t& byte : mask) byte = byte == 0 ? 1 : 0;
  return mask;
}

// Any acceptable stack of a tree of requirements: children are chosen after their parents.
bool complete(const Model& model, std::vector<Value>& values, Variable next) {
  if (next == model.size()) return true;
  for (Value a = 0; a < model.values(next); ++a) {
    bool fits = true;
    for (const Model::Arc& arc : model.arcs(next)) {
      if (arc.other > next) continue;
      const double weight =
          model.table(arc.table)[std::size_t{a} * model.values(arc.other) + values[arc.other]];
      fits = fits && weight > -kHard / 2;
    }
    values[next] = a;
    if (fits && complete(model, values, next + 1)) return true;
  }
  return false;
}

}  // namespace

Planted make_planted(std::uint32_t packages, std::uint32_t versions, std::uint64_t seed) {
  Rng rng(seed);
  Planted made;
  Model& model = made.model;
  for (std::uint32_t v = 0; v < packages; ++v) {
    model.add_variable(versions, false);
    made.best.push_back(1 + rng.below(versions - 1));
  }
  const std::uint32_t roots = std::max(1U, packages / 3);
  for (Variable child = roots; child < packages; ++child) {
    const Variable parent = rng.below(child);
    for (Value a = 0; a < versions; ++a) {
      Value low = rng.below(versions);
      Value high = rng.below(versions);
      if (low > high) std::swap(low, high);
      if (a == made.best[parent]) {
        low = std::min(low, made.best[child]);
        high = std::max(high, made.best[child]);
      }
      Mask outside(versions, 0);
      for (Value b = 0; b < versions; ++b) outside[b] = b < low || b > high ? 1 : 0;
      model.add_pair(parent, one(model, parent, a), child, outside, -kHard);
    }
  }
  for (Variable v = 0; v < packages; ++v) {
    Value decoy = rng.below(versions - 1);
    if (decoy >= made.best[v]) ++decoy;
    for (Value a = 0; a < versions; ++a) {
      if (a == made.best[v]) continue;
      model.add_weight(v, a, a == decoy ? 0.25 : -0.001 * rng.below(500));
    }
  }
  for (Variable v = 0; v + 1 < packages; ++v) {
    const Mask first = one(model, v, made.best[v]);
    model.add_pair(v, first, v + 1, one(model, v + 1, made.best[v + 1]), 0.6);
    for (int i = 0; i < 2; ++i) {
      const Value a = rng.below(versions);
      const Value b = rng.below(versions);
      if (a == made.best[v] && b == made.best[v + 1]) continue;
      model.add_pair(v, one(model, v, a), v + 1, one(model, v + 1, b), -kHard);
    }
  }
  model.finish();
  made.first.assign(packages, 0);
  if (!complete(model, made.first, 0)) made.first = made.best;
  return made;
}

Planted make_forest(std::uint32_t packages, std::uint32_t versions, std::uint64_t seed) {
  Rng rng(seed);
  Planted made;
  Model& model = made.model;
  const auto score = [&] { return 2 * rng.unit() - 1; };
  for (Variable v = 0; v < packages; ++v) {
    model.add_variable(versions, false);
    for (Value a = 0; a < versions; ++a) model.add_weight(v, a, score());
    if (v == 0 || rng.unit() >= 0.6) continue;
    const Variable other = rng.below(v);
    for (Value a = 0; a < versions; ++a) {
      for (Value b = 0; b < versions; ++b) {
        if (rng.unit() < 0.4)
          model.add_pair(v, one(model, v, a), other, one(model, other, b), score());
      }
    }
  }
  model.finish();
  made.first.assign(packages, 0);
  return made;
}

Planted make_small(std::uint64_t seed) {
  Rng rng(seed);
  Planted made;
  Model& model = made.model;
  const std::uint32_t packages = 2 + rng.below(5);
  const std::uint32_t required = 1 + rng.below(packages);
  for (Variable v = 0; v < packages; ++v) {
    const std::uint32_t versions = 1 + rng.below(4);
    model.add_variable(versions, v >= required);
    for (Value a = 0; a < versions; ++a) {
      if (rng.below(2) == 0) model.add_weight(v, a, 0.125 * rng.below(17) - 1);
    }
  }
  const auto mask = [&](Variable v) {
    Mask found(model.values(v), 0);
    for (Value a = 0; a < model.versions(v); ++a)
      found[a] = static_cast<std::uint8_t>(rng.below(2));
    return found;
  };
  std::vector<std::vector<Model::Literal>> unsupported(packages);
  for (Variable v = 0; v < packages; ++v) {
    for (Variable w = v + 1; w < packages; ++w) {
      if (rng.below(3) == 0) {
        const Mask from = mask(v);
        model.add_pair(v, from, w, inverse(mask(w)), -kHard);
        if (!model.optional(w)) continue;
        for (Value a = 0; a < model.values(v); ++a) {
          if (from[a] != 0) model.add_need(v, a, w);
        }
        unsupported[w].push_back({v, inverse(from)});
      } else if (rng.below(3) == 0) {
        model.add_pair(v, mask(v), w, mask(w),
                       rng.below(4) == 0 ? -kHard : 0.125 * rng.below(17) - 1);
      }
    }
  }
  for (Variable w = required; w < packages; ++w) {
    std::vector<Model::Literal>& sources = unsupported[w];
    const Mask present = inverse(one(model, w, model.absent(w)));
    if (sources.size() == 1) {
      model.add_pair(sources[0].variable, sources[0].values, w, present, -kHard);
    } else if (sources.size() > 1) {
      sources.push_back({w, present});
      model.add_group(std::move(sources), -kHard);
    }
  }
  for (std::uint32_t i = rng.below(3); packages >= 3 && i-- > 0;) {
    std::vector<Model::Literal> literals;
    for (Variable v = 0; v < packages && literals.size() < 4; ++v) {
      if (rng.below(2) == 0) literals.push_back({v, mask(v)});
    }
    if (literals.size() < 3) continue;
    model.add_group(std::move(literals), rng.below(3) == 0 ? -kHard : 0.125 * rng.below(17) - 1);
  }
  model.finish();
  const std::vector<Tried> tried = try_all(model);
  if (!tried.empty()) {
    made.first = tried[rng.below(static_cast<std::uint32_t>(tried.size()))].values;
    made.best = tried[0].values;
  }
  return made;
}

std::vector<Tried> try_all(const Model& model) {
  std::vector<Tried> tried;
  std::vector<Value> values(model.size(), 0);
  while (true) {
    std::vector<Value> swept = values;
    model.sweep(swept);
    const double score = model.total(values);
    if (swept == values && score > -kHard / 2) tried.push_back({values, score});
    Variable v = 0;
    while (v < model.size() && ++values[v] == model.values(v)) values[v++] = 0;
    if (v == model.size()) break;
  }
  std::stable_sort(tried.begin(), tried.end(),
                   [](const Tried& a, const Tried& b) { return a.score > b.score; });
  return tried;
}

}  // namespace resolver::learn::test
