// The space and the rules of a plan as a model: requirements and refusals become pairs and groups
// that must not be, scores become weights. Says where the model is only near the truth, so that
// nothing is claimed of it there.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "resolver/learn/model.h"
#include "resolver/learn/space.h"

namespace resolver::learn {

class Translation {
 public:
  explicit Translation(const Space& space);

  const Model& model() const { return model_; }
  // Whether each rule fires in the model where it fires in a stack, and only there.
  bool exact() const { return exact_; }

  // A solution as values; empty if it is not part of the space.
  std::vector<Value> values_of(const std::vector<solve::Provider::Chosen>& chosen) const;
  // The versions that an assignment means, extras left out.
  std::vector<solve::Provider::Chosen> versions_of(const std::vector<Value>& values) const;

 private:
  struct Node {  // a variable: a package or an extra
    solve::PackageId id;
    const Space::Package* package;
    bool extra = false;
    bool optional = true;
  };
  using Mask = std::vector<std::uint8_t>;
  struct Pattern {
    Variable variable;
    Mask mask;
  };

  void find_usable();
  bool sieves_look_at_develop() const;
  bool usable(solve::PackageId target, const solve::Range& range) const;
  bool possible(const Space::Needs& needs, solve::PackageId self, solve::VersionIndex own) const;
  void make_nodes();
  void find_required();
  const Space::Needs& needs(const Node& node, Value value) const;
  solve::VersionIndex version(const Node& node, Value value) const;
  void add_requirements();
  void add_node_requirements(Variable variable);
  void add_support();
  void add_rules();
  void add_appraisals();
  void add_rule(const pipeline::StackRule& rule, const Node* candidate);
  // The patterns of a rule; none if it cannot fire.
  std::optional<std::vector<Pattern>> patterns_of(const pipeline::StackRule& rule,
                                                  const Node* candidate);
  void add_skip(const pipeline::StackRule& rule, const Node& candidate);
  void add_addition(const pipeline::StackRule& rule, const Node& candidate);
  void add_condition(const std::vector<Pattern>& patterns, Variable added);
  void bind_additions();
  void note_source(Variable needed, Variable source, const Mask& needing);
  bool add_pattern(const pipeline::PackagePattern& pattern, Variable variable,
                   std::vector<Pattern>& patterns);
  bool add_parents(const pipeline::StackRule& rule, Variable candidate,
                   std::vector<Pattern>& patterns);
  void weigh(std::vector<Pattern> patterns, double weight);

  const Space& space_;
  Model model_;
  std::vector<Node> nodes_;
  std::unordered_map<solve::PackageId, Variable> variables_;
  std::unordered_map<solve::PackageId, std::size_t> places_;  // base packages in the space
  std::vector<std::vector<std::uint32_t>> usable_;            // by place: numbers of versions
  std::vector<std::vector<std::uint8_t>> is_usable_;          // by place and number
  std::vector<std::unordered_map<Variable, Mask>> sources_;   // by optional variable
  // By variable: who requires it, rules that add it left aside; and the versions that rules add.
  std::vector<std::unordered_map<Variable, Mask>> own_sources_;
  std::map<Variable, Mask> added_;
  // A variable of its own says whether a rule adds a package: 1 where all literals hold.
  struct Condition {
    Variable variable;
    std::vector<Model::Literal> literals;
  };
  std::vector<Condition> conditions_;
  bool develop_ = false;  // there are requirements for development
  bool exact_ = true;
};

}  // namespace resolver::learn
