// Members, names and ids of a plan; the rules themselves are made later (plan.cc).
#include "resolver/pipeline/build_plan.h"

#include <algorithm>
#include <utility>

namespace resolver::pipeline {

void PlanBuilder::index(Plan::Parts::Member& member, std::string_view name) {
  auto& members =
      name.empty() ? parts_.nameless : parts_.naming.try_emplace(std::string(name)).first->second;
  if (members.empty() || members.back() != &member) members.push_back(&member);
}

void PlanBuilder::add(const Unit& unit) {
  const auto unit_id = static_cast<std::uint32_t>(parts_.units_included++);
  const prescriptions::Kind kind = prescriptions::kind_of(unit);
  if (kind == prescriptions::Kind::kBoot) {
    boots_.push_back(&unit);
    return;
  }
  const auto first_rule = static_cast<std::uint32_t>(parts_.rules);
  Plan::Parts::Member& member = parts_.members.emplace_back();
  member.unit = &unit;
  member.unit_id = unit_id;
  member.first_rule = first_rule;
  parts_.rules += rule_count_of(unit);
  for_each_name(unit, [&](std::string_view name) { index(member, name); });
  parts_.scores = parts_.scores || can_score(unit);
  parts_.has_stack_rules = parts_.has_stack_rules || kind == prescriptions::Kind::kStep ||
                           kind == prescriptions::Kind::kStride;
  if (const auto* pseudonym = std::get_if<prescriptions::Pseudonym>(&unit.body))
    parts_.yielded.insert(pseudonym->yield->name);
  parts_.has_edits = parts_.has_edits || kind == prescriptions::Kind::kPseudonym ||
                     std::holds_alternative<prescriptions::SkipPackageStep>(unit.body) ||
                     std::holds_alternative<prescriptions::AddPackageStep>(unit.body);
}

void PlanBuilder::add(const NativeUnit& unit, const Request& request) {
  Plan::Parts::Member& member = parts_.members.emplace_back();
  member.unit_id = static_cast<std::uint32_t>(parts_.units_included++);
  member.rules = std::make_unique<UnitRules>();
  native_ = &unit;
  member_ = &member;
  notices({});
  unit.contribute(request, *this);
}

void PlanBuilder::notices(Notices notices) {
  parts_.own_notices.push_back(std::move(notices));
  notices_ = &parts_.own_notices.back();
}

RuleHead PlanBuilder::head() {
  return {static_cast<std::uint32_t>(parts_.rules++), member_->unit_id,
          std::string(native_->name()), native_->kind(), notices_};
}

void PlanBuilder::remove(PackagePattern pattern) {
  parts_.sieves.push_back({head(), std::move(pattern)});
  member_->rules->sieves.push_back(&parts_.sieves.back());
  index(*member_, parts_.sieves.back().removes.name);
}

void PlanBuilder::skip(std::string name) {
  parts_.skips.push_back({head(), std::move(name)});
  member_->rules->skips.push_back(&parts_.skips.back());
  index(*member_, parts_.skips.back().name);
}

void PlanBuilder::rule(StackRule rule) {
  rule.head = head();
  parts_.stack_rules.push_back(std::move(rule));
  const StackRule& added = parts_.stack_rules.back();
  member_->rules->stack.push_back(&added);
  if (added.all_of.empty()) index(*member_, {});
  for (const PackagePattern& pattern : added.all_of) index(*member_, pattern.name);
  for (const PackagePattern& pattern : added.parents) index(*member_, pattern.name);
  parts_.scores = parts_.scores || (added.effect == Effect::kScore && added.score != 0);
  parts_.has_stack_rules = true;
  parts_.has_edits = parts_.has_edits || added.effect == Effect::kSkipPackage ||
                     added.effect == Effect::kAddPackage;
}

void PlanBuilder::wrap(WrapRule rule) {
  rule.head = head();
  parts_.wraps.push_back(std::move(rule));
  const WrapRule& added = parts_.wraps.back();
  member_->rules->wrap = &added;
  for (const auto& patterns : added.any_of)
    index(*member_, patterns.empty() ? "" : std::string_view(patterns.front().name));
}

void PlanBuilder::say(Entry entry) {
  Notices own;
  own.stack_info.push_back(std::move(entry));
  parts_.own_notices.push_back(std::move(own));
  parts_.boot_entries.push_back(
      {&parts_.own_notices.back().stack_info.front(), std::string(native_->name())});
}

void PlanBuilder::veto(std::string message) {
  if (!parts_.veto) parts_.veto = Veto{std::string(native_->name()), std::move(message), false};
}

// Boots that are bound to a direct dependency, name by name, then the others. What a boot says it
// says once; one that ends the run ends it before the next.
void PlanBuilder::run_boots(const Request& request) {
  std::vector<const Unit*> fired;
  const auto fire = [&](const Unit& unit) {
    if (parts_.veto || std::ranges::find(fired, &unit) != fired.end()) return;
    fired.push_back(&unit);
    const auto& boot = std::get<prescriptions::Boot>(unit.body);
    if (boot.notices.log) parts_.boot_log.push_back({unit.qualified, &*boot.notices.log});
    for (const Entry& entry : boot.notices.stack_info)
      parts_.boot_entries.push_back({&entry, unit.qualified});
    if (boot.ending.not_acceptable) {
      parts_.veto = Veto{unit.qualified, *boot.ending.not_acceptable, false};
    } else if (boot.ending.eager_stop_pipeline) {
      parts_.veto = Veto{unit.qualified, *boot.ending.eager_stop_pipeline, true};
    }
  };
  std::vector<std::string> direct = request.direct;
  std::ranges::sort(direct);
  for (const std::string& name : direct) {
    for (const Unit* unit : boots_) {
      const auto& match = std::get<prescriptions::Boot>(unit->body).match;
      if (std::ranges::find(match, name) != match.end()) fire(*unit);
    }
  }
  for (const Unit* unit : boots_) {
    const auto& match = std::get<prescriptions::Boot>(unit->body).match;
    if (match.empty() || std::ranges::find(match, std::string()) != match.end()) fire(*unit);
  }
}

}  // namespace resolver::pipeline
