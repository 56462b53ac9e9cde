#include "resolver/learn/model.h"

#include <algorithm>
#include <cassert>

namespace resolver::learn {

Variable Model::add_variable(std::uint32_t versions, bool optional) {
  const auto variable = static_cast<Variable>(variables_.size());
  const std::uint32_t values = versions + (optional ? 1U : 0U);
  variables_.push_back({.values = values, .row = rows_, .optional = optional});
  rows_ += values;
  any_optional_ = any_optional_ || optional;
  weights_.resize(rows_, 0.0);
  pairs_of_.emplace_back();
  memberships_.emplace_back();
  wants_.emplace_back(values);
  return variable;
}

void Model::add_weight(Variable variable, Value value, double weight) {
  weights_[variables_[variable].row + value] += weight;
}

std::vector<double>& Model::table_of(Variable u, Variable w) {
  for (std::uint32_t number : pairs_of_[u]) {
    if (pairs_[number].w == w) return pairs_[number].table;
  }
  pairs_of_[u].push_back(static_cast<std::uint32_t>(pairs_.size()));
  pairs_.push_back({u, w, std::vector<double>(std::size_t{values(u)} * values(w), 0.0)});
  return pairs_.back().table;
}

void Model::add_pair(Variable u, std::span<const std::uint8_t> first, Variable w,
                     std::span<const std::uint8_t> second, double weight) {
  assert(u != w);
  if (u > w) {
    std::swap(u, w);
    std::swap(first, second);
  }
  std::vector<double>& table = table_of(u, w);
  const std::uint32_t columns = values(w);
  for (Value a = 0; a < values(u); ++a) {
    if (first[a] == 0) continue;
    for (Value b = 0; b < columns; ++b) {
      if (second[b] != 0) table[std::size_t{a} * columns + b] += weight;
    }
  }
}

void Model::add_group(std::vector<Literal> literals, double weight) {
  const auto number = static_cast<std::uint32_t>(groups_.size());
  for (std::uint32_t i = 0; i < literals.size(); ++i)
    memberships_[literals[i].variable].push_back({number, i});
  groups_.push_back({weight, std::move(literals)});
}

void Model::add_need(Variable variable, Value value, Variable needed) {
  if (variables_[needed].optional && needed != variable) wants_[variable][value].push_back(needed);
}

void Model::finish() {
  finish_pairs();
  finish_needs();
}

void Model::finish_pairs() {
  struct Half {
    Variable from;
    Arc arc;
  };
  std::vector<Half> halves;
  for (const Pair& pair : pairs_) {
    const auto table = static_cast<std::uint32_t>(tables_.size());
    const std::uint32_t rows = values(pair.u);
    const std::uint32_t columns = values(pair.w);
    tables_.insert(tables_.end(), pair.table.begin(), pair.table.end());
    const auto reverse = static_cast<std::uint32_t>(tables_.size());
    for (Value b = 0; b < columns; ++b) {
      for (Value a = 0; a < rows; ++a) tables_.push_back(pair.table[std::size_t{a} * columns + b]);
    }
    const auto maxima = [&](std::uint32_t from, std::uint32_t lines, std::uint32_t length) {
      const auto begin = static_cast<std::uint32_t>(maxima_.size());
      for (std::uint32_t line = 0; line < lines; ++line) {
        const double* entries = tables_.data() + from + std::size_t{line} * length;
        maxima_.push_back(*std::max_element(entries, entries + length));
      }
      return begin;
    };
    halves.push_back({pair.u, {pair.w, table, reverse, maxima(table, rows, columns)}});
    halves.push_back({pair.w, {pair.u, reverse, table, maxima(reverse, columns, rows)}});
  }
  pairs_.clear();
  std::stable_sort(halves.begin(), halves.end(),
                   [](const Half& a, const Half& b) { return a.from < b.from; });
  arc_begin_.assign(size() + 1, 0);
  for (const Half& half : halves) {
    ++arc_begin_[half.from + 1];
    arcs_.push_back(half.arc);
  }
  for (std::size_t v = 0; v < size(); ++v) arc_begin_[v + 1] += arc_begin_[v];
}

void Model::finish_needs() {
  need_begin_.assign(rows_ + 1, 0);
  need_class_.assign(rows_, 0);
  for (Variable v = 0; v < size(); ++v) {
    std::vector<std::vector<Variable>>& wants = wants_[v];
    for (Value a = 0; a < values(v); ++a) {
      std::vector<Variable>& wanted = wants[a];
      std::sort(wanted.begin(), wanted.end());
      wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
      needs_.insert(needs_.end(), wanted.begin(), wanted.end());
      need_begin_[row(v) + a + 1] = static_cast<std::uint32_t>(needs_.size());
      const auto same = std::find(wants.begin(), wants.begin() + a, wanted) - wants.begin();
      need_class_[row(v) + a] = static_cast<std::uint32_t>(same);
    }
  }
  wants_.clear();
}

double Model::freshness(std::span<const Value> assigned) const {
  double sum = 0;
  for (Variable v = 0; v < size(); ++v) sum += freshness(v, assigned[v]);
  return sum;
}

double Model::total(std::span<const Value> assigned) const {
  double sum = constant_;
  for (Variable v = 0; v < size(); ++v) {
    sum += weight(v, assigned[v]);
    for (const Arc& arc : arcs(v)) {
      if (arc.other > v)
        sum += tables_[arc.table + assigned[v] * values(arc.other) + assigned[arc.other]];
    }
  }
  for (const Group& group : groups_) {
    if (std::all_of(group.literals.begin(), group.literals.end(), [&](const Literal& literal) {
          return literal.values[assigned[literal.variable]] != 0;
        })) {
      sum += group.weight;
    }
  }
  return sum;
}

void Model::sweep(std::vector<Value>& assigned) const {
  if (!any_optional_) return;
  std::vector<char> needed(size(), 0);
  std::vector<Variable> open;
  for (Variable v = 0; v < size(); ++v) {
    if (!optional(v)) open.push_back(v);
  }
  while (!open.empty()) {
    const Variable v = open.back();
    open.pop_back();
    for (Variable next : needs(v, assigned[v])) {
      if (needed[next] != 0) continue;
      needed[next] = 1;
      open.push_back(next);
    }
  }
  for (Variable v = 0; v < size(); ++v) {
    if (optional(v) && needed[v] == 0) assigned[v] = absent(v);
  }
}

}  // namespace resolver::learn
