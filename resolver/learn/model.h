// The search space as numbers: a variable per package, a value per usable version (0 is the one
// that a plain resolve prefers), a weight per value, per pair of values and per group of values.
// What must not be together weighs -kHard. A package that need not be part of a stack has a last
// value "absent". Knows nothing of packages, rules or the solver.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace resolver::learn {

using Variable = std::uint32_t;
using Value = std::uint32_t;

inline constexpr double kHard = 4096;  // more than all scores of a model differ by, exact in binary
// What breaks ties between equal scores: a value that is preferred more.
inline constexpr double kFreshness = 1e-9;

class Model {
 public:
  // Made in this order: variables, weights, finish().
  Variable add_variable(std::uint32_t versions, bool optional);
  void add_weight(Variable variable, Value value, double weight);
  void add_constant(double weight) { constant_ += weight; }
  // `weight` where the first has a value of `first` and the second one of `second` (one byte a
  // value).
  void add_pair(Variable u, std::span<const std::uint8_t> first, Variable w,
                std::span<const std::uint8_t> second, double weight);
  struct Literal {
    Variable variable;
    std::vector<std::uint8_t> values;  // one byte a value
  };
  // `weight` where all literals hold; three variables or more.
  void add_group(std::vector<Literal> literals, double weight);
  // That a value needs an optional variable to be present. (That it must be one of some values is a
  // pair of its own.)
  void add_need(Variable variable, Value value, Variable needed);
  void finish();

  std::size_t size() const { return variables_.size(); }
  std::uint32_t values(Variable variable) const {  // "absent" included
    return variables_[variable].values;
  }
  std::uint32_t versions(Variable variable) const {
    return variables_[variable].values - (variables_[variable].optional ? 1U : 0U);
  }
  bool optional(Variable variable) const { return variables_[variable].optional; }
  Value absent(Variable variable) const { return variables_[variable].values - 1; }
  std::uint32_t row(Variable variable) const { return variables_[variable].row; }
  std::uint32_t rows() const { return rows_; }
  double constant() const { return constant_; }
  double weight(Variable variable, Value value) const {
    return weights_[variables_[variable].row + value];
  }

  // The pairs that a variable is in.
  struct Arc {
    Variable other;
    std::uint32_t table;    // of tables(): [own value][other's value]
    std::uint32_t reverse;  // the same table transposed
    std::uint32_t maxima;   // of maxima(): the largest entry of each row of `table`
  };
  std::span<const Arc> arcs(Variable variable) const {
    return {arcs_.data() + arc_begin_[variable], arc_begin_[variable + 1] - arc_begin_[variable]};
  }
  const double* table(std::uint32_t offset) const { return tables_.data() + offset; }
  const double* maxima(std::uint32_t offset) const { return maxima_.data() + offset; }
  std::size_t table_entries() const { return tables_.size(); }

  struct Group {
    double weight;
    std::vector<Literal> literals;
  };
  const std::vector<Group>& groups() const { return groups_; }
  struct Membership {
    std::uint32_t group;
    std::uint32_t literal;
  };
  const std::vector<Membership>& memberships(Variable variable) const {
    return memberships_[variable];
  }

  // Optional variables that a value needs, and a number that is equal for values of one variable
  // which need the same.
  std::span<const Variable> needs(Variable variable, Value value) const {
    const std::uint32_t at = variables_[variable].row + value;
    return {needs_.data() + need_begin_[at], need_begin_[at + 1] - need_begin_[at]};
  }
  std::uint32_t need_class(Variable variable, Value value) const {
    return need_class_[variables_[variable].row + value];
  }
  bool any_optional() const { return any_optional_; }

  // How far a value is from the preferred one, as a weight.
  double freshness(Variable variable, Value value) const {
    if (optional(variable) && value == absent(variable)) return 0;
    return value < 100 ? -kFreshness * value : -kFreshness * 100;
  }
  double freshness(std::span<const Value> assigned) const;
  // The weight of an assignment, computed afresh, without freshness.
  double total(std::span<const Value> assigned) const;
  // Makes absent what nothing needs.
  void sweep(std::vector<Value>& assigned) const;

 private:
  struct Domain {
    std::uint32_t values = 0;
    std::uint32_t row = 0;
    bool optional = false;
  };
  struct Pair {
    Variable u, w;
    std::vector<double> table;
  };
  std::vector<double>& table_of(Variable u, Variable w);
  void finish_pairs();
  void finish_needs();

  std::vector<Domain> variables_;
  std::vector<double> weights_;
  std::vector<Pair> pairs_;                                // until finish()
  std::vector<std::vector<std::uint32_t>> pairs_of_;       // by the smaller variable
  std::vector<std::vector<std::vector<Variable>>> wants_;  // until finish()
  std::vector<Arc> arcs_;
  std::vector<std::uint32_t> arc_begin_;
  std::vector<double> tables_;
  std::vector<double> maxima_;
  std::vector<Group> groups_;
  std::vector<std::vector<Membership>> memberships_;
  std::vector<Variable> needs_;
  std::vector<std::uint32_t> need_begin_;
  std::vector<std::uint32_t> need_class_;
  std::uint32_t rows_ = 0;
  double constant_ = 0;
  bool any_optional_ = false;
};

}  // namespace resolver::learn
