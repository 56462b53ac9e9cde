// One complete assignment of a model, with what every other value would weigh in it kept up to date
// (`gain`), so that the change of one value is judged by two look-ups. Optional variables follow
// what needs them. Changes since mark() can be undone. Allocates nothing once it is warm.
#pragma once

#include <vector>

#include "resolver/learn/model.h"

namespace resolver::learn {

class State {
 public:
  State(const Model& model, std::vector<Value> values);

  const Model& model() const { return *model_; }
  Value value(Variable variable) const { return values_[variable]; }
  const std::vector<Value>& values() const { return values_; }
  bool present(Variable variable) const {
    return !model_->optional(variable) || values_[variable] != model_->absent(variable);
  }
  // Scores less kHard for each thing that must not be, and a trifle for freshness.
  double total() const { return total_; }
  bool acceptable() const { return total_ > -kHard / 2; }
  // The part of the total that `value` would account for.
  double gain(Variable variable, Value value) const {
    return gains_[model_->row(variable) + value];
  }
  const double* gains(Variable variable) const { return gains_.data() + model_->row(variable); }
  double delta(Variable variable, Value value) const {
    return gain(variable, value) - gain(variable, values_[variable]);
  }
  // Whether `delta` is all that a change brings: it makes no package come or go.
  bool simple(Variable variable, Value value) const {
    return model_->need_class(variable, value) == model_->need_class(variable, values_[variable]);
  }

  // Changes a value; packages that are needed now come with their best value, others go.
  void set(Variable variable, Value value);

  // Starts a new journal of changes.
  void mark() { journal_.clear(); }
  std::size_t position() const { return journal_.size(); }
  void undo_to(std::size_t position);
  struct Change {
    Variable variable;
    Value before;
  };
  const std::vector<Change>& journal() const { return journal_; }
  std::uint64_t changes() const { return changes_; }

 private:
  void put(Variable variable, Value value);
  void put_groups(Variable variable, Value before, Value after);
  Value best(Variable variable) const;

  const Model* model_;
  std::vector<Value> values_;
  std::vector<double> gains_;
  std::vector<std::uint32_t> needed_;  // by optional variable: how many values need it
  std::vector<std::uint32_t> open_;    // by group: literals that do not hold
  std::vector<Change> journal_;
  double total_ = 0;
  std::uint64_t changes_ = 0;
};

}  // namespace resolver::learn
