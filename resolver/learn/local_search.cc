#include "resolver/learn/local_search.h"

#include <algorithm>

namespace resolver::learn {

namespace {
constexpr double kBetter = 1e-11;
constexpr std::uint32_t kLargestPairing = 1U << 14;  // pairs of values tried for one arc
}  // namespace

LocalSearch::LocalSearch(const Model& model)
    : model_(model), queued_(model.size(), 0), pair_queued_(model.size(), 0) {}

void LocalSearch::push(Variable variable) {
  if (queued_[variable] == 0) {
    queued_[variable] = 1;
    queue_.push_back(variable);
  }
  if (pair_queued_[variable] == 0) {
    pair_queued_[variable] = 1;
    pair_queue_.push_back(variable);
  }
}

void LocalSearch::touch(Variable variable) {
  push(variable);
  for (const Model::Arc& arc : model_.arcs(variable)) push(arc.other);
  for (const Model::Membership& member : model_.memberships(variable)) {
    for (const Model::Literal& literal : model_.groups()[member.group].literals)
      push(literal.variable);
  }
}

void LocalSearch::touch_all() {
  for (Variable v = 0; v < model_.size(); ++v) push(v);
}

void LocalSearch::changed(const State& state, std::size_t from) {
  for (std::size_t i = from; i < state.journal().size(); ++i) touch(state.journal()[i].variable);
}

bool LocalSearch::improve(State& state, Variable variable) {
  const double* gains = state.gains(variable);
  const Value now = state.value(variable);
  Value best = now;
  for (Value a = 0; a < model_.versions(variable); ++a) {
    if (gains[a] > gains[best] + kBetter && state.simple(variable, a)) best = a;
  }
  if (best == now) return false;
  const std::size_t position = state.position();
  state.set(variable, best);
  changed(state, position);
  return true;
}

// Values that make other packages come or go are tried for real: the best of each kind.
bool LocalSearch::improve_needs(State& state, Variable variable) {
  const double before = state.total();
  for (Value kind = 0; kind < model_.versions(variable); ++kind) {
    if (model_.need_class(variable, kind) != kind || state.simple(variable, kind)) continue;
    const double* gains = state.gains(variable);
    Value best = kind;
    for (Value a = kind + 1; a < model_.versions(variable); ++a) {
      if (model_.need_class(variable, a) == kind && gains[a] > gains[best] + kBetter) best = a;
    }
    const std::size_t position = state.position();
    state.set(variable, best);
    if (state.total() > before + kBetter) {
      changed(state, position);
      return true;
    }
    state.undo_to(position);
  }
  return false;
}

bool LocalSearch::improve_pairs(State& state, Variable u) {
  for (const Model::Arc& arc : model_.arcs(u)) {
    const Variable w = arc.other;
    if (!state.present(w)) continue;
    const std::uint32_t columns = model_.values(w);
    if (model_.versions(u) * columns > kLargestPairing) continue;
    const double* table = model_.table(arc.table);
    const Value old_u = state.value(u);
    const Value old_w = state.value(w);
    const double* gains_u = state.gains(u);
    const double* gains_w = state.gains(w);
    const double* row_now = table + std::size_t{old_u} * columns;
    // With both changed to a and b: what each is worth without the other, and their own entry.
    const double now = gains_u[old_u] + gains_w[old_w] - row_now[old_w];
    double best = now + kBetter;
    // What the other could be worth at most without this one: most rows cannot do better.
    double other_best = gains_w[0] - row_now[0];
    for (Value b = 1; b < model_.versions(w); ++b)
      other_best = std::max(other_best, gains_w[b] - row_now[b]);
    const double* maxima = model_.maxima(arc.maxima);
    Value best_u = old_u;
    Value best_w = old_w;
    for (Value a = 0; a < model_.versions(u); ++a) {
      if (a == old_u || !state.simple(u, a)) continue;
      const double* row = table + std::size_t{a} * columns;
      const double alone = gains_u[a] - row[old_w];
      if (alone + other_best + maxima[a] <= best) continue;
      for (Value b = 0; b < model_.versions(w); ++b) {
        const double together = alone + gains_w[b] - row_now[b] + row[b];
        if (together > best && state.simple(w, b)) {
          best = together;
          best_u = a;
          best_w = b;
        }
      }
    }
    if (best_u == old_u) continue;
    const std::size_t position = state.position();
    const double before = state.total();
    state.set(u, best_u);
    state.set(w, best_w);
    if (state.total() <= before) {  // a group that both are in
      state.undo_to(position);
      continue;
    }
    changed(state, position);
    return true;
  }
  return false;
}

void LocalSearch::polish(State& state, bool pairs) {
  while (true) {
    while (!queue_.empty()) {
      const Variable variable = queue_.back();
      queue_.pop_back();
      queued_[variable] = 0;
      if (!state.present(variable)) continue;
      if (!improve(state, variable) && model_.any_optional()) improve_needs(state, variable);
    }
    if (!pairs || pair_queue_.empty()) break;
    const Variable variable = pair_queue_.back();
    pair_queue_.pop_back();
    pair_queued_[variable] = 0;
    if (state.present(variable)) improve_pairs(state, variable);
  }
  for (Variable variable : pair_queue_) pair_queued_[variable] = 0;
  pair_queue_.clear();
}

}  // namespace resolver::learn
