#include "resolver/learn/translation.h"

#include <algorithm>
#include <map>

namespace resolver::learn {

using pipeline::Effect;
using pipeline::PackagePattern;
using pipeline::StackRule;
using solve::PackageId;

namespace {
constexpr std::size_t kMostSources = 3;  // of a support that is stated
}

Translation::Translation(const Space& space) : space_(space) {
  const pipeline::Question& question = space.problem().question();
  develop_ = std::any_of(question.requirements.begin(), question.requirements.end(),
                         [](const pipeline::RootRequirement& root) { return root.develop; });
  find_usable();
  make_nodes();
  find_required();
  for (const Node& node : nodes_) {
    const auto place = places_.at(node.package->id);
    model_.add_variable(static_cast<std::uint32_t>(usable_[place].size()), node.optional);
  }
  sources_.resize(nodes_.size());
  own_sources_.resize(nodes_.size());
  if (develop_ && sieves_look_at_develop()) exact_ = false;
  add_requirements();
  add_rules();
  if (!space.problem().plan().appraisers().empty()) add_appraisals();
  add_support();
  bind_additions();
  model_.finish();
}

// Such sieves are left to the finished stack, and so unknown here.
bool Translation::sieves_look_at_develop() const {
  const pipeline::Plan& plan = space_.problem().plan();
  const auto looks = [](const pipeline::PackageRules& rules) {
    return std::any_of(
        rules.sieves.begin(), rules.sieves.end(),
        [](const pipeline::SieveRule* sieve) { return sieve->removes.develop.has_value(); });
  };
  return looks(plan.general()) ||
         std::any_of(space_.packages().begin(), space_.packages().end(), [&](const auto& package) {
           return looks(plan.of(space_.problem().package(package.id).name.str()));
         });
}

bool Translation::usable(PackageId target, const solve::Range& range) const {
  const PackageId base = space_.problem().base(target);
  const auto found = places_.find(base == solve::kNoPackage ? target : base);
  if (found == places_.end()) return false;
  const auto& versions = space_.packages()[found->second].versions;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (is_usable_[found->second][i] != 0 && range.contains(versions[i].index)) return true;
  }
  return false;
}

bool Translation::possible(const Space::Needs& needs, PackageId self,
                           solve::VersionIndex own) const {
  return std::all_of(needs.begin(), needs.end(), [&](const solve::Dependency& need) {
    return need.package == self ? need.range.contains(own) : usable(need.package, need.range);
  });
}

// Versions whose requirements some version meets, until nothing changes.
void Translation::find_usable() {
  const auto& packages = space_.packages();
  for (std::size_t place = 0; place < packages.size(); ++place) {
    places_[packages[place].id] = place;
    is_usable_.emplace_back(packages[place].versions.size(), std::uint8_t{1});
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t place = 0; place < packages.size(); ++place) {
      for (std::size_t i = 0; i < packages[place].versions.size(); ++i) {
        const Space::Version& version = packages[place].versions[i];
        if (is_usable_[place][i] == 0 || possible(version.needs, packages[place].id, version.index))
          continue;
        is_usable_[place][i] = 0;
        changed = true;
      }
    }
  }
  for (const std::vector<std::uint8_t>& usable : is_usable_) {
    usable_.emplace_back();
    for (std::uint32_t i = 0; i < usable.size(); ++i) {
      if (usable[i] != 0) usable_.back().push_back(i);
    }
  }
}

void Translation::make_nodes() {
  for (std::size_t place = 0; place < usable_.size(); ++place) {
    const Space::Package& package = space_.packages()[place];
    if (usable_[place].empty()) continue;
    variables_[package.id] = static_cast<Variable>(nodes_.size());
    nodes_.push_back({.id = package.id, .package = &package});
    for (const auto& [extra, needs] : package.extras) {
      variables_[extra] = static_cast<Variable>(nodes_.size());
      nodes_.push_back({.id = extra, .package = &package, .extra = true});
    }
  }
}

const Space::Needs& Translation::needs(const Node& node, Value value) const {
  const std::uint32_t number = usable_[places_.at(node.package->id)][value];
  return node.extra ? node.package->extras.at(node.id)[number]
                    : node.package->versions[number].needs;
}

solve::VersionIndex Translation::version(const Node& node, Value value) const {
  return node.package->versions[usable_[places_.at(node.package->id)][value]].index;
}

// What every version of a required package requires is required.
void Translation::find_required() {
  std::vector<Variable> open;
  const auto require = [&](PackageId id) {
    const auto found = variables_.find(id);
    if (found == variables_.end() || !nodes_[found->second].optional) return;
    nodes_[found->second].optional = false;
    open.push_back(found->second);
  };
  for (const solve::Dependency& need : space_.root()) require(need.package);
  while (!open.empty()) {
    const Node node = nodes_[open.back()];
    open.pop_back();
    std::map<PackageId, std::size_t> counts;
    const std::size_t values = usable_[places_.at(node.package->id)].size();
    for (Value value = 0; value < values; ++value) {
      std::vector<PackageId> once;
      for (const solve::Dependency& need : needs(node, value)) once.push_back(need.package);
      std::sort(once.begin(), once.end());
      once.erase(std::unique(once.begin(), once.end()), once.end());
      for (PackageId id : once) ++counts[id];
    }
    for (const auto& [id, count] : counts) {
      if (count == values) require(id);
    }
  }
}

void Translation::add_requirements() {
  for (const solve::Dependency& need : space_.root()) {
    const auto found = variables_.find(need.package);
    if (found == variables_.end()) continue;
    const Variable w = found->second;
    for (Value b = 0; b < model_.versions(w); ++b) {
      if (!need.range.contains(version(nodes_[w], b))) model_.add_weight(w, b, -kHard);
    }
  }
  for (Variable variable = 0; variable < nodes_.size(); ++variable) add_node_requirements(variable);
}

void Translation::add_node_requirements(Variable variable) {
  const Node& node = nodes_[variable];
  struct Requirement {
    solve::Range range;
    Mask from;
    bool by_rule = false;
  };
  std::map<PackageId, std::vector<Requirement>> by_target;
  for (Value value = 0; value < model_.versions(variable); ++value) {
    for (const solve::Dependency& need : needs(node, value)) {
      if (need.package == node.id || !variables_.contains(need.package)) {
        // Of itself: find_usable() has seen to it. Of what no version meets: an extra's.
        if (need.package != node.id) model_.add_weight(variable, value, -kHard);
        continue;
      }
      auto& known = by_target[need.package];
      const bool by_rule = space_.problem().detail(need.detail).rule != nullptr;
      auto same = std::find_if(known.begin(), known.end(), [&](const Requirement& requirement) {
        return requirement.range == need.range && requirement.by_rule == by_rule;
      });
      if (same == known.end())
        same = known.insert(known.end(), {need.range, Mask(model_.values(variable), 0), by_rule});
      same->from[value] = 1;
    }
  }
  for (const auto& [target, requirements] : by_target) {
    const Variable w = variables_.at(target);
    for (const Requirement& requirement : requirements) {
      Mask outside(model_.values(w), 1);
      for (Value b = 0; b < model_.versions(w); ++b)
        outside[b] = requirement.range.contains(version(nodes_[w], b)) ? 0 : 1;
      if (std::any_of(outside.begin(), outside.end(), [](std::uint8_t byte) { return byte != 0; }))
        model_.add_pair(variable, requirement.from, w, outside, -kHard);
      if (!requirement.by_rule) {
        auto [place, fresh] =
            own_sources_[w].try_emplace(variable, Mask(model_.values(variable), 0));
        for (Value a = 0; a < model_.versions(variable); ++a)
          place->second[a] |= requirement.from[a];
      }
      if (!model_.optional(w)) continue;
      note_source(w, variable, requirement.from);
      for (Value a = 0; a < model_.versions(variable); ++a) {
        if (requirement.from[a] != 0) model_.add_need(variable, a, w);
      }
    }
  }
  if (!node.extra) return;
  const Variable base = variables_.at(node.package->id);  // of one version with its package
  for (Value a = 0; a < model_.versions(variable); ++a) {
    Mask own(model_.values(variable), 0);
    own[a] = 1;
    Mask others(model_.values(base), 1);
    others[a] = 0;
    model_.add_pair(variable, own, base, others, -kHard);
  }
}

// That what is present is needed, where that is said in few words: it keeps the bound low.
void Translation::add_support() {
  for (Variable w = 0; w < nodes_.size(); ++w) {
    if (!model_.optional(w) || sources_[w].size() > kMostSources) continue;
    Mask present(model_.values(w), 1);
    present[model_.absent(w)] = 0;
    std::vector<Pattern> patterns{{w, present}};
    std::map<Variable, Mask> sorted(sources_[w].begin(), sources_[w].end());
    for (const auto& [source, needing] : sorted) {
      Mask idle = needing;
      for (std::uint8_t& byte : idle) byte = byte == 0 ? 1 : 0;
      patterns.push_back({source, std::move(idle)});
    }
    weigh(std::move(patterns), -kHard);
  }
}

void Translation::add_rules() {
  const pipeline::Plan& plan = space_.problem().plan();
  std::vector<const StackRule*> rules = plan.general().stack;
  for (const Node& node : nodes_) {
    if (node.extra) continue;
    const auto& named = plan.of(space_.problem().package(node.id).name.str()).stack;
    rules.insert(rules.end(), named.begin(), named.end());
  }
  std::sort(rules.begin(), rules.end(),
            [](const StackRule* a, const StackRule* b) { return a->head.id < b->head.id; });
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
  for (const StackRule* rule : rules) {
    if (rule->effect == Effect::kNote) continue;
    if (rule->effect == Effect::kSkipPackage || rule->effect == Effect::kAddPackage) {
      for (const Node& node : nodes_) {
        const std::string& name = rule->all_of[0].name;
        if (node.extra || (!name.empty() && space_.problem().package(node.id).name.str() != name)) {
          continue;
        }
        if (rule->effect == Effect::kSkipPackage) add_skip(*rule, node);
        if (rule->effect == Effect::kAddPackage) add_addition(*rule, node);
      }
      continue;
    }
    if (rule->all_of.empty() || !rule->all_of.front().name.empty()) {
      add_rule(*rule, nullptr);
      continue;
    }
    for (const Node& node : nodes_) {
      if (!node.extra) add_rule(*rule, &node);
    }
  }
}

// `candidate`: the package that a first pattern without a name is held against.
void Translation::add_rule(const StackRule& rule, const Node* candidate) {
  const double weight = rule.effect == Effect::kScore ? rule.score : -kHard;
  if (weight == 0) return;
  auto patterns = patterns_of(rule, candidate);
  if (!patterns || (patterns->empty() && rule.effect != Effect::kScore)) return;
  weigh(std::move(*patterns), weight);
}

std::optional<std::vector<Translation::Pattern>> Translation::patterns_of(const StackRule& rule,
                                                                          const Node* candidate) {
  std::vector<Pattern> patterns;
  for (const PackagePattern& pattern : rule.all_of) {
    PackageId id = pattern.name.empty() && candidate != nullptr ? candidate->id : solve::kNoPackage;
    if (id == solve::kNoPackage) {
      const auto name = pep::Name::parse(pattern.name);
      if (!name) return std::nullopt;
      id = space_.problem().find(*name);
    }
    const auto found = variables_.find(id);
    if (found == variables_.end() || !add_pattern(pattern, found->second, patterns))
      return std::nullopt;
  }
  if (!rule.all_of.empty() && (!rule.parents.empty() || !rule.allow_other_parents)) {
    if (!add_parents(rule, patterns.front().variable, patterns)) return std::nullopt;
  }
  return patterns;
}

// False if no version meets the pattern.
bool Translation::add_pattern(const PackagePattern& pattern, Variable variable,
                              std::vector<Pattern>& patterns) {
  if (pattern.develop && develop_) exact_ = false;
  const pipeline::Problem::Package& package = space_.problem().package(nodes_[variable].id);
  Mask mask(model_.values(variable), 0);
  bool any = false;
  for (Value a = 0; a < model_.versions(variable); ++a) {
    if (space_.problem().left_out(nodes_[variable].id, version(nodes_[variable], a)) != nullptr)
      continue;
    const pep::Version value = package.page->version(version(nodes_[variable], a));
    const bool met = pipeline::meets(
        pattern,
        {.name = package.name.str(),
         .version = value,
         .index_url = space_.problem().index_url(nodes_[variable].id, version(nodes_[variable], a)),
         .develop = false});
    mask[a] = met ? 1 : 0;
    any = any || met;
  }
  if (any) patterns.push_back({variable, std::move(mask)});
  return any;
}

// A parent is a package whose version requires the candidate.
bool Translation::add_parents(const StackRule& rule, Variable candidate,
                              std::vector<Pattern>& patterns) {
  if (!rule.allow_other_parents) exact_ = false;
  for (const PackagePattern& pattern : rule.parents) {
    const auto name = pep::Name::parse(pattern.name);
    if (!name) return false;
    const auto found = variables_.find(space_.problem().find(*name));
    if (found == variables_.end() || !add_pattern(pattern, found->second, patterns)) return false;
    const Node& parent = nodes_[found->second];
    if (!parent.package->extras.empty()) exact_ = false;
    for (Value a = 0; a < model_.versions(found->second); ++a) {
      const Space::Needs& wanted = needs(parent, a);
      const bool requires_it = std::any_of(
          wanted.begin(), wanted.end(),
          [&](const solve::Dependency& need) { return need.package == nodes_[candidate].id; });
      if (!requires_it) patterns.back().mask[a] = 0;
    }
  }
  return true;
}

// Literals on one variable become one; those that always hold are left out.
void Translation::weigh(std::vector<Pattern> patterns, double weight) {
  std::map<Variable, Mask> merged;
  for (Pattern& pattern : patterns) {
    auto [place, fresh] = merged.try_emplace(pattern.variable, std::move(pattern.mask));
    if (fresh) continue;
    for (std::size_t i = 0; i < place->second.size(); ++i) place->second[i] &= pattern.mask[i];
  }
  std::vector<Model::Literal> literals;
  for (auto& [variable, mask] : merged) {
    const auto held = static_cast<std::size_t>(std::count(mask.begin(), mask.end(), 1));
    if (held == 0) return;
    if (held < mask.size()) literals.push_back({variable, std::move(mask)});
  }
  if (literals.empty()) {
    if (weight > -kHard / 2) model_.add_constant(weight);
  } else if (literals.size() == 1) {
    for (Value a = 0; a < literals[0].values.size(); ++a) {
      if (literals[0].values[a] != 0) model_.add_weight(literals[0].variable, a, weight);
    }
  } else if (literals.size() == 2) {
    model_.add_pair(literals[0].variable, literals[0].values, literals[1].variable,
                    literals[1].values, weight);
  } else {
    model_.add_group(std::move(literals), weight);
  }
}

std::vector<Value> Translation::values_of(
    const std::vector<solve::Provider::Chosen>& chosen) const {
  std::vector<Value> values(model_.size());
  for (Variable v = 0; v < nodes_.size(); ++v) {
    if (nodes_[v].optional) values[v] = model_.absent(v);
  }
  for (const auto& one : chosen) {
    if (one.package == solve::kRootPackage) continue;
    const auto found = variables_.find(one.package);
    if (found == variables_.end()) return {};
    Value value = 0;
    while (value < model_.versions(found->second) &&
           version(nodes_[found->second], value) != one.version) {
      ++value;
    }
    if (value == model_.versions(found->second)) return {};
    values[found->second] = value;
  }
  for (const Condition& condition : conditions_) {
    values[condition.variable] = std::all_of(condition.literals.begin(), condition.literals.end(),
                                             [&](const Model::Literal& literal) {
                                               return literal.values[values[literal.variable]] != 0;
                                             })
                                     ? 1
                                     : 0;
  }
  return values;
}

std::vector<solve::Provider::Chosen> Translation::versions_of(
    const std::vector<Value>& values) const {
  std::vector<solve::Provider::Chosen> chosen;
  for (Variable v = 0; v < nodes_.size(); ++v) {
    if (nodes_[v].extra || values[v] >= model_.versions(v)) continue;
    chosen.push_back({nodes_[v].id, version(nodes_[v], values[v])});
  }
  return chosen;
}

}  // namespace resolver::learn
