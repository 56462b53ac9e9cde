// Declarative units -> rules. Each alternative of a `match` list is a rule of its own, except for
// wraps.
#include <algorithm>
#include <functional>

#include "resolver/pipeline/plan_parts.h"

namespace resolver::pipeline {
namespace {

namespace ps = prescriptions;

const Notices& silence() {
  static const Notices none;
  return none;
}

double clamped(double score) { return std::clamp(score, -1.0, 1.0); }

void set_effect(StackRule& rule, const ps::Ending& ending, const std::optional<double>& score) {
  if (ending.not_acceptable) {
    rule.effect = Effect::kNotAcceptable;
    rule.message = *ending.not_acceptable;
  } else if (ending.eager_stop_pipeline) {
    rule.effect = Effect::kStop;
    rule.message = *ending.eager_stop_pipeline;
  } else if (score) {
    rule.effect = Effect::kScore;
    rule.score = clamped(*score);
  }
}

class Maker {
 public:
  Maker(const Unit& unit, std::uint32_t unit_id, std::uint32_t first_rule, Plan::Parts& parts)
      : unit_(unit),
        unit_id_(unit_id),
        next_(first_rule),
        parts_(parts),
        rules_(std::make_unique<UnitRules>()) {}

  std::unique_ptr<UnitRules> take() { return std::move(rules_); }

  void operator()(const ps::Boot& /*boot*/) {}

  void operator()(const ps::Sieve& sieve) {
    for (const PackagePattern& pattern : sieve.match) {
      parts_.sieves.push_back({head(sieve.notices), pattern});
      rules_->sieves.push_back(&parts_.sieves.back());
    }
  }

  void operator()(const ps::SkipPackageSieve& sieve) {
    for (const std::string& name : sieve.match) {
      parts_.skips.push_back({head(sieve.notices), name});
      rules_->skips.push_back(&parts_.skips.back());
    }
  }

  void operator()(const ps::Pseudonym& pseudonym) {
    for (const PackagePattern& pattern : pseudonym.match) {
      PseudonymRule rule{.head = head(pseudonym.notices),
                         .match = pattern,
                         .name = pseudonym.yield->name,
                         .same_version = pseudonym.yield_matched_version,
                         .version = pseudonym.yield->locked_version,
                         .index_url = pseudonym.yield->index_url};
      parts_.pseudonyms.push_back(std::move(rule));
      rules_->pseudonyms.push_back(&parts_.pseudonyms.back());
    }
  }

  void operator()(const ps::Step& step) {
    for (const ps::StepMatch& match : step.match) {
      StackRule rule = rule_of(match, step.notices);
      set_effect(rule, step.ending, step.score);
      add(std::move(rule));
    }
  }

  void operator()(const ps::SkipPackageStep& step) {
    StackRule rule = rule_of(step.match, step.notices);
    rule.effect = Effect::kSkipPackage;
    add(std::move(rule));
  }

  void operator()(const ps::AddPackageStep& step) {
    for (const ps::StepMatch& match : step.match) {
      StackRule rule = rule_of(match, step.notices);
      if (step.package_version.locked_version && step.package_version.index_url) {
        rule.effect = Effect::kAddPackage;
        rule.added = &step.package_version;
      }
      add(std::move(rule));
    }
  }

  void operator()(const ps::GroupStep& step) {
    for (const std::vector<PackagePattern>& group : step.match) {
      StackRule rule;
      rule.head = head(step.notices);
      rule.all_of = group;
      set_effect(rule, step.ending, step.score);
      add(std::move(rule));
    }
  }

  void operator()(const ps::Stride& stride) {
    for (const std::vector<PackagePattern>& packages : stride.match) {
      StackRule rule;
      rule.head = head(stride.notices);
      rule.all_of = packages;
      set_effect(rule, stride.ending, std::nullopt);
      add(std::move(rule));
    }
  }

  void operator()(const ps::Wrap& wrap) {
    WrapRule rule;
    rule.head = head(wrap.notices);
    rule.any_of = wrap.match;
    if (rule.any_of.empty()) rule.any_of.emplace_back();
    if (!wrap.advised_manifest_changes.empty())
      rule.advised_manifest_changes = &wrap.advised_manifest_changes;
    parts_.wraps.push_back(std::move(rule));
    rules_->wrap = &parts_.wraps.back();
  }

  void operator()(const ps::ReleaseNotesWrap& wrap) {
    WrapRule rule;
    rule.head = head(silence());
    for (const PackagePattern& pattern : wrap.match) rule.any_of.push_back({pattern});
    rule.release_notes = &wrap;
    parts_.wraps.push_back(std::move(rule));
    rules_->wrap = &parts_.wraps.back();
  }

 private:
  RuleHead head(const Notices& notices) {
    return {next_++, unit_id_, unit_.qualified, ps::kind_of(unit_), &notices};
  }

  StackRule rule_of(const ps::StepMatch& match, const Notices& notices) {
    StackRule rule;
    rule.head = head(notices);
    rule.all_of.push_back(match.package_version);
    rule.all_of.insert(rule.all_of.end(), match.resolved_dependencies.begin(),
                       match.resolved_dependencies.end());
    rule.parents = match.package_version_from;
    rule.allow_other_parents =
        match.package_version_from.empty() || match.package_version_from_allow_other;
    return rule;
  }

  void add(StackRule rule) {
    parts_.stack_rules.push_back(std::move(rule));
    rules_->stack.push_back(&parts_.stack_rules.back());
  }

  const Unit& unit_;
  std::uint32_t unit_id_;
  std::uint32_t next_;
  Plan::Parts& parts_;
  std::unique_ptr<UnitRules> rules_;
};

}  // namespace

std::unique_ptr<UnitRules> make_rules(const Unit& unit, std::uint32_t unit_id,
                                      std::uint32_t first_rule, Plan::Parts& parts) {
  Maker maker(unit, unit_id, first_rule, parts);
  std::visit(maker, unit.body);
  return maker.take();
}

}  // namespace resolver::pipeline
