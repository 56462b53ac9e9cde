// Rules that add, skip and replace packages, and scores of single ones, in the model. What stands
// in a version's place is a value of the package's variable already; here is when it may be taken.
#include <algorithm>

#include "resolver/learn/translation.h"

namespace resolver::learn {

using pipeline::StackRule;

namespace {
constexpr std::size_t kMostSources = 8;  // of a package that a rule adds
}

// A package is left out where the rule fires, and only there.
void Translation::add_skip(const StackRule& rule, const Node& candidate) {
  if (pipeline::is_unconditional(rule)) return;
  const Variable variable = variables_.at(candidate.id);
  Mask standing_in(model_.values(variable), 0);
  for (Value a = 0; a < model_.versions(variable); ++a) {
    const pipeline::StandIn* by = space_.problem().left_out(candidate.id, version(candidate, a));
    standing_in[a] = by != nullptr && by->skip == &rule ? 1 : 0;
  }
  if (pipeline::depends_on_whole_stack(rule) || rule.all_of.size() > 1) exact_ = false;
  auto patterns = patterns_of(rule, &candidate);
  if (!patterns) {
    // No version meets the first pattern but those that are left out, or another is never met.
    StackRule others = rule;
    others.all_of[0] = {.name = candidate.extra ? "" : rule.all_of[0].name};
    patterns = patterns_of(others, &candidate);
    if (!patterns) {
      weigh({{variable, std::move(standing_in)}}, -kHard);
      return;
    }
  } else {
    weigh(*patterns, -kHard);
  }
  for (std::size_t i = 1; i < patterns->size(); ++i) {
    Mask unmet = (*patterns)[i].mask;
    for (std::uint8_t& byte : unmet) byte = byte == 0 ? 1 : 0;
    weigh({{variable, standing_in}, {(*patterns)[i].variable, std::move(unmet)}}, -kHard);
  }
}

// What units say of single packages.
void Translation::add_appraisals() {
  for (Variable variable = 0; variable < nodes_.size(); ++variable) {
    if (nodes_[variable].extra) continue;
    for (Value a = 0; a < model_.versions(variable); ++a) {
      const solve::VersionIndex chosen = version(nodes_[variable], a);
      model_.add_weight(variable, a, space_.problem().appraisal(nodes_[variable].id, chosen));
    }
  }
}

// The package must be there where the rule fires. Where more than one version decides that, a
// variable of its own says so: needs are those of one value.
void Translation::add_addition(const StackRule& rule, const Node& candidate) {
  const auto addition = space_.problem().known_addition(rule);
  if (!addition) return;
  auto patterns = patterns_of(rule, &candidate);
  if (!patterns) return;
  if (pipeline::depends_on_whole_stack(rule)) exact_ = false;
  const auto found = variables_.find(addition->package);
  if (found == variables_.end()) {
    weigh(std::move(*patterns), -kHard);
    return;
  }
  const Variable added = found->second;
  auto [place, fresh] = added_.try_emplace(added, Mask(model_.values(added), 0));
  for (Value b = 0; b < model_.versions(added); ++b) {
    if (version(nodes_[added], b) == addition->version) place->second[b] = 1;
  }
  if (!pipeline::is_unconditional(rule)) add_condition(*patterns, added);
}

void Translation::add_condition(const std::vector<Pattern>& patterns, Variable added) {
  const Variable fires = model_.add_variable(2, false);
  Condition condition{.variable = fires, .literals = {}};
  std::map<Variable, Mask> merged;
  for (const Pattern& pattern : patterns) {
    auto [place, fresh] = merged.try_emplace(pattern.variable, pattern.mask);
    for (std::size_t i = 0; i < place->second.size(); ++i) place->second[i] &= pattern.mask[i];
  }
  std::vector<Pattern> all{{fires, {1, 0}}};
  for (const auto& [variable, mask] : merged) {
    condition.literals.push_back({variable, mask});
    all.push_back({variable, mask});
    Mask unmet = mask;
    for (std::uint8_t& byte : unmet) byte = byte == 0 ? 1 : 0;
    weigh({{fires, {0, 1}}, {variable, std::move(unmet)}}, -kHard);
  }
  weigh(std::move(all), -kHard);
  if (model_.optional(added)) {
    model_.add_need(fires, 1, added);
    note_source(added, fires, {0, 1});
  }
  conditions_.push_back(std::move(condition));
}

void Translation::note_source(Variable needed, Variable source, const Mask& needing) {
  auto [place, fresh] = sources_[needed].try_emplace(source, needing);
  for (std::size_t i = 0; i < needing.size(); ++i) place->second[i] |= needing[i];
}

// A package that nothing requires but a rule is of the rule's own version.
void Translation::bind_additions() {
  for (const auto& [added, versions] : added_) {
    const auto& root = space_.root();
    if (std::any_of(root.begin(), root.end(),
                    [&, id = nodes_[added].id](const auto& need) { return need.package == id; })) {
      continue;
    }
    if (own_sources_[added].size() > kMostSources) {
      exact_ = false;
      continue;
    }
    Mask others(model_.values(added), 0);
    for (Value b = 0; b < model_.versions(added); ++b) others[b] = versions[b] == 0 ? 1 : 0;
    std::vector<Pattern> patterns{{added, std::move(others)}};
    const std::map<Variable, Mask> sorted(own_sources_[added].begin(), own_sources_[added].end());
    for (const auto& [source, needing] : sorted) {
      Mask idle = needing;
      for (std::uint8_t& byte : idle) byte = byte == 0 ? 1 : 0;
      patterns.push_back({source, std::move(idle)});
    }
    weigh(std::move(patterns), -kHard);
  }
}

}  // namespace resolver::learn
