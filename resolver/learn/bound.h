// What no stack of a model can exceed, and the search that this bound prunes. Mini-bucket
// elimination (Dechter and Rish, 2003): variables are eliminated one by one; where the tables that
// this makes stay small (pairs that form a forest or a narrow graph) the bound is the optimum,
// elsewhere it is above. Depth-first branch and bound then goes through what the bound leaves open.
// Deterministic.
#pragma once

#include <functional>
#include <vector>

#include "resolver/learn/model.h"

namespace resolver::learn {

class Bound {
 public:
  // Tables of at most so many entries. `scores_first`: where requirements would make the tables of
  // scores larger, they are left out of them: better where scores are simple and requirements
  // not. `fresh`: of totals with what breaks ties, else of scores alone.
  Bound(const Model& model, std::size_t table_limit, bool scores_first = false, bool fresh = false);

  double upper() const { return upper_; }
  bool exact() const { return exact_; }  // nothing was split or left out but presence

  // Called with each stack whose total may exceed `floor`, what nothing needs left out. Returns the
  // new floor.
  using Found = std::function<double(const std::vector<Value>& values, double total)>;
  // True if every stack that is not reported has a total of `floor` at most. `nodes`: the budget,
  // reduced by what was used. `stopped` is asked now and then.
  bool search(double floor, const Found& found, std::uint64_t& nodes,
              const std::function<bool()>& stopped = {}) const;

 private:
  struct Function {
    std::vector<Variable> scope;  // the first is the one eliminated first
    std::vector<std::size_t> strides;
    const double* data = nullptr;
    std::vector<double> own;
    bool scores = false;  // has entries that are neither 0 nor hard
  };
  struct Descent;

  void order_variables();
  void add_functions();
  void place(Function function);
  void eliminate(Variable variable);
  void emit(Variable variable, const std::vector<std::uint32_t>& parts,
            const std::vector<Variable>& scope);
  bool descend(Descent& descent, std::size_t depth, double bound) const;
  static double at(const Function& function, const std::vector<Value>& values);

  const Model& model_;
  std::size_t limit_;
  bool scores_first_;
  bool fresh_;
  double upper_ = 0;
  bool exact_ = true;
  std::vector<Variable> order_;
  std::vector<std::uint32_t> position_;
  std::vector<Function> functions_;
  std::vector<std::vector<std::uint32_t>> buckets_;  // by variable: functions it is first in
  std::vector<std::vector<std::uint32_t>> sent_;     // by variable: messages its elimination made
  std::vector<double> constant_;                     // by variable: messages of no scope
};

}  // namespace resolver::learn
