#include "resolver/learn/bound.h"

#include <algorithm>
#include <set>

namespace resolver::learn {

namespace {
constexpr double kEqual = 1e-7;        // of scores
constexpr double kEqualFresh = 1e-10;  // of what breaks ties

bool is_score(double weight) { return weight != 0 && weight > -kHard / 2; }
}  // namespace

Bound::Bound(const Model& model, std::size_t table_limit, bool scores_first, bool fresh)
    : model_(model),
      limit_(table_limit),
      scores_first_(scores_first),
      fresh_(fresh),
      upper_(model.constant()) {
  buckets_.resize(model.size());
  sent_.resize(model.size());
  constant_.assign(model.size(), 0.0);
  order_variables();
  add_functions();
  for (Variable variable : order_) eliminate(variable);
}

// The variable with the fewest neighbours goes first; neighbours by scores count before those by
// requirements, so that the structure of the scores is what stays whole.
void Bound::order_variables() {
  const std::size_t size = model_.size();
  std::vector<std::set<Variable>> scoring(size);
  std::vector<std::set<Variable>> all(size);
  for (Variable v = 0; v < size; ++v) {
    for (const Model::Arc& arc : model_.arcs(v)) {
      all[v].insert(arc.other);
      const double* table = model_.table(arc.table);
      const std::size_t entries = std::size_t{model_.values(v)} * model_.values(arc.other);
      if (std::any_of(table, table + entries, is_score)) scoring[v].insert(arc.other);
    }
  }
  for (const Model::Group& group : model_.groups()) {
    for (const Model::Literal& a : group.literals) {
      for (const Model::Literal& b : group.literals) {
        if (a.variable == b.variable) continue;
        all[a.variable].insert(b.variable);
        if (is_score(group.weight)) scoring[a.variable].insert(b.variable);
      }
    }
  }
  std::vector<char> gone(size, 0);
  position_.resize(size);
  while (order_.size() < size) {
    Variable next = 0;
    std::pair<std::size_t, std::size_t> least{SIZE_MAX, SIZE_MAX};
    for (Variable v = 0; v < size; ++v) {
      const std::pair<std::size_t, std::size_t> degree{scoring[v].size(), all[v].size()};
      if (gone[v] == 0 && degree < least) {
        least = degree;
        next = v;
      }
    }
    gone[next] = 1;
    position_[next] = static_cast<std::uint32_t>(order_.size());
    order_.push_back(next);
    const auto join = [&](std::vector<std::set<Variable>>& graph, std::size_t most) {
      const bool fill = graph[next].size() <= most;
      for (Variable a : graph[next]) {
        graph[a].erase(next);
        if (!fill) continue;
        for (Variable b : graph[next]) {
          if (a != b) graph[a].insert(b);
        }
      }
    };
    join(scoring, 12);
    join(all, 6);
  }
}

void Bound::place(Function function) {
  buckets_[function.scope.front()].push_back(static_cast<std::uint32_t>(functions_.size()));
  functions_.push_back(std::move(function));
}

void Bound::add_functions() {
  for (Variable v = 0; v < model_.size(); ++v) {
    Function own;
    own.scope = {v};
    own.strides = {1};
    own.scores = true;
    for (Value a = 0; a < model_.values(v); ++a)
      own.own.push_back(model_.weight(v, a) + (fresh_ ? model_.freshness(v, a) : 0));
    place(std::move(own));
    for (const Model::Arc& arc : model_.arcs(v)) {
      if (position_[v] > position_[arc.other]) continue;
      const std::size_t columns = model_.values(arc.other);
      Function pair;
      pair.scope = {v, arc.other};
      pair.strides = {columns, 1};
      pair.data = model_.table(arc.table);
      pair.scores = std::any_of(pair.data, pair.data + columns * model_.values(v), is_score);
      place(std::move(pair));
    }
  }
  for (const Model::Group& group : model_.groups()) {
    std::vector<const Model::Literal*> literals;
    std::size_t entries = 1;
    for (const Model::Literal& literal : group.literals) {
      literals.push_back(&literal);
      entries = std::min(entries * model_.values(literal.variable), limit_ + 1);
    }
    if (entries > limit_) {  // too large: as if it fired where that is good
      if (group.weight > 0) upper_ += group.weight;
      exact_ = false;
      continue;
    }
    std::sort(literals.begin(), literals.end(),
              [&](const Model::Literal* a, const Model::Literal* b) {
                return position_[a->variable] < position_[b->variable];
              });
    Function table;
    table.own.assign(entries, 0.0);
    table.scores = is_score(group.weight);
    std::size_t stride = 1;
    for (const Model::Literal* literal : literals) {
      table.scope.push_back(literal->variable);
      table.strides.push_back(stride);
      stride *= model_.values(literal->variable);
    }
    for (std::size_t entry = 0; entry < entries; ++entry) {
      std::size_t rest = entry;
      bool holds = true;
      for (const Model::Literal* literal : literals) {
        holds = holds && literal->values[rest % model_.values(literal->variable)] != 0;
        rest /= model_.values(literal->variable);
      }
      if (holds) table.own[entry] = group.weight;
    }
    place(std::move(table));
  }
}

// Splits the functions of a variable into parts whose tables are small enough, those that score
// first, and sends the best of each part on.
void Bound::eliminate(Variable variable) {
  std::vector<std::uint32_t> order = buckets_[variable];
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (functions_[a].scores != functions_[b].scores) return functions_[a].scores;
    return functions_[a].scope.size() > functions_[b].scope.size();
  });
  struct Part {
    std::vector<std::uint32_t> functions;
    std::vector<Variable> scope;  // without the variable, sorted by position
    bool scores = false;
  };
  const auto earlier = [&](Variable a, Variable b) { return position_[a] < position_[b]; };
  std::vector<Part> parts;
  for (std::uint32_t number : order) {
    const Function& function = functions_[number];
    bool placed = false;
    for (Part& part : parts) {
      std::vector<Variable> scope;
      std::set_union(part.scope.begin(), part.scope.end(), function.scope.begin() + 1,
                     function.scope.end(), std::back_inserter(scope), earlier);
      std::size_t entries = model_.values(variable);
      for (Variable other : scope) entries = std::min(entries * model_.values(other), limit_ + 1);
      const bool grows = scope.size() != part.scope.size();
      if (grows && (entries > limit_ || (scores_first_ && part.scores != function.scores)))
        continue;
      part.functions.push_back(number);
      part.scope = std::move(scope);
      placed = true;
      break;
    }
    if (!placed)
      parts.push_back(
          {{number}, {function.scope.begin() + 1, function.scope.end()}, function.scores});
  }
  if (parts.size() > 1) exact_ = false;
  for (const Part& part : parts) emit(variable, part.functions, part.scope);
}

void Bound::emit(Variable variable, const std::vector<std::uint32_t>& parts,
                 const std::vector<Variable>& scope) {
  Function message;
  message.scope = scope;
  std::size_t entries = 1;
  for (Variable other : scope) {
    message.strides.push_back(entries);
    entries *= model_.values(other);
  }
  message.own.resize(entries);
  // For each function: how far its entry moves with each variable of the scope.
  struct Walk {
    const double* data;
    std::size_t own;
    std::vector<std::size_t> strides;
    std::size_t offset = 0;
  };
  std::vector<Walk> walks;
  for (std::uint32_t number : parts) {
    const Function& function = functions_[number];
    message.scores = message.scores || function.scores;
    Walk walk{.data = function.data != nullptr ? function.data : function.own.data(),
              .own = function.strides[0],
              .strides = std::vector<std::size_t>(scope.size(), 0)};
    for (std::size_t i = 1; i < function.scope.size(); ++i) {
      const auto place = std::find(scope.begin(), scope.end(), function.scope[i]) - scope.begin();
      walk.strides[static_cast<std::size_t>(place)] = function.strides[i];
    }
    walks.push_back(std::move(walk));
  }
  std::vector<Value> digits(scope.size(), 0);
  std::vector<double> sums(model_.values(variable));
  for (std::size_t entry = 0; entry < entries; ++entry) {
    std::fill(sums.begin(), sums.end(), 0.0);
    for (const Walk& walk : walks) {
      const double* from = walk.data + walk.offset;
      for (std::size_t a = 0; a < sums.size(); ++a) sums[a] += from[a * walk.own];
    }
    // What is impossible stays so: the depth of it does not matter and must not grow.
    message.own[entry] = std::max(*std::max_element(sums.begin(), sums.end()), -2 * kHard);
    for (std::size_t i = 0; i < digits.size(); ++i) {
      const bool carries = ++digits[i] == model_.values(scope[i]);
      for (Walk& walk : walks) {
        walk.offset += walk.strides[i];
        if (carries) walk.offset -= walk.strides[i] * model_.values(scope[i]);
      }
      if (!carries) break;
      digits[i] = 0;
    }
  }
  if (scope.empty()) {
    upper_ += message.own[0];
    constant_[variable] += message.own[0];
    return;
  }
  sent_[variable].push_back(static_cast<std::uint32_t>(functions_.size()));
  place(std::move(message));
}

double Bound::at(const Function& function, const std::vector<Value>& values) {
  std::size_t offset = 0;
  for (std::size_t i = 0; i < function.scope.size(); ++i)
    offset += function.strides[i] * values[function.scope[i]];
  return function.data != nullptr ? function.data[offset] : function.own[offset];
}

struct Bound::Descent {
  struct Branch {
    double bound;
    Value value;
  };
  std::vector<Value> values;
  std::vector<std::vector<Branch>> branches;  // by depth
  double floor = 0;
  const Found& found;
  std::uint64_t nodes;
  const std::function<bool()>& stopped;
  double equal;
};

bool Bound::search(double floor, const Found& found, std::uint64_t& nodes,
                   const std::function<bool()>& stopped) const {
  Descent descent{.values = std::vector<Value>(model_.size(), 0),
                  .branches = std::vector<std::vector<Descent::Branch>>(model_.size()),
                  .floor = floor,
                  .found = found,
                  .nodes = nodes,
                  .stopped = stopped,
                  .equal = fresh_ ? kEqualFresh : kEqual};
  const bool finished = upper_ <= floor + descent.equal || descend(descent, 0, upper_);
  nodes = descent.nodes;
  return finished;
}

// The variable eliminated last is decided first: the messages in its bucket say what the rest can
// bring. False if the budget ran out.
bool Bound::descend(Descent& descent, std::size_t depth, double bound) const {
  if (depth == order_.size()) {
    std::vector<Value> values = descent.values;
    model_.sweep(values);
    const double total = model_.total(values);
    if (total > -kHard / 2) descent.floor = descent.found(values, total);
    return true;
  }
  if (descent.nodes == 0 || ((descent.nodes & 255U) == 0 && descent.stopped && descent.stopped()))
    return false;
  --descent.nodes;
  const Variable variable = order_[order_.size() - 1 - depth];
  bound -= constant_[variable];
  for (std::uint32_t number : sent_[variable]) bound -= at(functions_[number], descent.values);
  std::vector<Descent::Branch>& branches = descent.branches[depth];
  branches.clear();
  for (Value a = 0; a < model_.values(variable); ++a) {
    descent.values[variable] = a;
    double sum = bound;
    for (std::uint32_t number : buckets_[variable]) sum += at(functions_[number], descent.values);
    if (sum > descent.floor + descent.equal && sum > -kHard / 2) branches.push_back({sum, a});
  }
  std::stable_sort(branches.begin(), branches.end(),
                   [&](const Descent::Branch& a, const Descent::Branch& b) {
                     return a.bound > b.bound + descent.equal;
                   });
  for (const Descent::Branch& branch : branches) {
    if (branch.bound <= descent.floor + descent.equal) continue;
    descent.values[variable] = branch.value;
    if (!descend(descent, depth + 1, branch.bound)) return false;
  }
  return true;
}

}  // namespace resolver::learn
