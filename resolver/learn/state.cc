#include "resolver/learn/state.h"

namespace resolver::learn {

State::State(const Model& model, std::vector<Value> values)
    : model_(&model), values_(std::move(values)) {
  gains_.assign(model.rows(), 0.0);
  needed_.assign(model.size(), 0);
  for (Variable v = 0; v < model.size(); ++v) {
    double* gains = gains_.data() + model.row(v);
    for (Value a = 0; a < model.values(v); ++a) {
      gains[a] = model.weight(v, a) + model.freshness(v, a);
    }
    for (const Model::Arc& arc : model.arcs(v)) {
      const double* row =
          model.table(arc.reverse) + std::size_t{values_[arc.other]} * model.values(v);
      for (Value a = 0; a < model.values(v); ++a) gains[a] += row[a];
    }
    for (Variable needed : model.needs(v, values_[v])) ++needed_[needed];
  }
  for (const Model::Group& group : model.groups()) {
    std::uint32_t open = 0;
    for (const Model::Literal& literal : group.literals)
      open += literal.values[values_[literal.variable]] == 0 ? 1U : 0U;
    open_.push_back(open);
    for (const Model::Literal& literal : group.literals) {
      const bool holds = literal.values[values_[literal.variable]] != 0;
      if (open - (holds ? 0U : 1U) != 0) continue;
      for (Value a = 0; a < model.values(literal.variable); ++a) {
        if (literal.values[a] != 0) gains_[model.row(literal.variable) + a] += group.weight;
      }
    }
  }
  total_ = model.total(values_) + model.freshness(values_);
}

// A group adds to the gains of a literal while all its other literals hold.
void State::put_groups(Variable variable, Value before, Value after) {
  for (const Model::Membership& member : model_->memberships(variable)) {
    const Model::Group& group = model_->groups()[member.group];
    const Model::Literal& own = group.literals[member.literal];
    const bool held = own.values[before] != 0;
    const bool holds = own.values[after] != 0;
    if (held == holds) continue;
    std::uint32_t& open = open_[member.group];
    const std::uint32_t was = open;
    open = holds ? was - 1 : was + 1;
    for (std::uint32_t i = 0; i < group.literals.size(); ++i) {
      if (i == member.literal) continue;
      const Model::Literal& other = group.literals[i];
      const std::uint32_t self = other.values[values_[other.variable]] != 0 ? 0U : 1U;
      const bool counted = was == self;
      const bool counts = open == self;
      if (counted == counts) continue;
      const double weight = counts ? group.weight : -group.weight;
      double* gains = gains_.data() + model_->row(other.variable);
      for (Value a = 0; a < model_->values(other.variable); ++a) {
        if (other.values[a] != 0) gains[a] += weight;
      }
    }
  }
}

void State::put(Variable variable, Value value) {
  const Value before = values_[variable];
  total_ += gain(variable, value) - gain(variable, before);
  ++changes_;
  for (const Model::Arc& arc : model_->arcs(variable)) {
    const std::uint32_t columns = model_->values(arc.other);
    const double* from = model_->table(arc.table) + std::size_t{before} * columns;
    const double* to = model_->table(arc.table) + std::size_t{value} * columns;
    double* gains = gains_.data() + model_->row(arc.other);
    for (std::uint32_t b = 0; b < columns; ++b) gains[b] += to[b] - from[b];
  }
  if (!model_->memberships(variable).empty()) put_groups(variable, before, value);
  values_[variable] = value;
  if (model_->need_class(variable, before) != model_->need_class(variable, value)) {
    for (Variable needed : model_->needs(variable, value)) ++needed_[needed];
    for (Variable needed : model_->needs(variable, before)) --needed_[needed];
  }
}

Value State::best(Variable variable) const {
  const double* row = gains(variable);
  Value found = 0;
  for (Value a = 1; a < model_->versions(variable); ++a) {
    if (row[a] > row[found] + 1e-12) found = a;
  }
  return found;
}

void State::set(Variable variable, Value value) {
  const Value before = values_[variable];
  if (before == value) return;
  const bool simple_change = simple(variable, value);
  journal_.push_back({variable, before});
  put(variable, value);
  if (simple_change) return;
  for (Variable needed : model_->needs(variable, value)) {
    if (!present(needed)) set(needed, best(needed));
  }
  for (Variable needed : model_->needs(variable, before)) {
    if (needed_[needed] == 0 && present(needed)) set(needed, model_->absent(needed));
  }
}

void State::undo_to(std::size_t position) {
  while (journal_.size() > position) {
    const Change change = journal_.back();
    journal_.pop_back();
    put(change.variable, change.before);
  }
}

}  // namespace resolver::learn
