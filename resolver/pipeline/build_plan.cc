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

void PlanBuilder::add(const prescriptions::CompiledRules& rules) {
  parts_.books.push_back({.rules = rules, .included = {}});
}

void PlanBuilder::begin(prescriptions::Kind kind) {
  kind_ = kind;
  unit_base_ = 0;
  rule_base_ = 0;
  for (const Plan::Parts::Book& book : parts_.books) {
    const auto [units, rules] = book.rules.before(kind, "");
    unit_base_ += units;
    rule_base_ += rules;
  }
  const auto k = static_cast<std::size_t>(kind);
  parts_.native_units[k] = natives_;
  parts_.native_rules[k] = native_rules_;
}

void PlanBuilder::add(const NativeUnit& unit, const Request& request) {
  Plan::Parts::Member& member = parts_.members.emplace_back();
  member.unit_id = unit_base_ + natives_++;
  member.rules = std::make_unique<UnitRules>();
  native_ = &unit;
  member_ = &member;
  notices({});
  unit.contribute(request, *this);
  const auto k = static_cast<std::size_t>(kind_);
  parts_.native_units[k] = natives_;
  parts_.native_rules[k] = native_rules_;
}

void PlanBuilder::notices(Notices notices) {
  parts_.own_notices.push_back(std::move(notices));
  notices_ = &parts_.own_notices.back();
}

RuleHead PlanBuilder::head() {
  return {rule_base_ + native_rules_++, member_->unit_id, std::string(native_->name()),
          native_->kind(), notices_};
}

void PlanBuilder::appraise(const Appraiser& appraiser) {
  parts_.appraisers.push_back(&appraiser);
  parts_.scores = true;
}

void PlanBuilder::remove(PackagePattern pattern, const VersionSet* versions) {
  parts_.sieves.push_back({head(), std::move(pattern), versions});
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

void PlanBuilder::count(std::size_t native_total) {
  using prescriptions::CompiledRules;
  constexpr std::uint32_t kStackKinds = (1U << static_cast<unsigned>(prescriptions::Kind::kStep)) |
                                        (1U << static_cast<unsigned>(prescriptions::Kind::kStride));
  parts_.units_total = native_total;
  parts_.units_included = natives_;
  parts_.rule_total = native_rules_;
  for (const Plan::Parts::Book& book : parts_.books) {
    parts_.units_total += book.rules.unit_count();
    parts_.rule_total += book.rules.rule_count();
    for (std::uint32_t i = 0; i < book.included.size(); ++i) {
      if (book.included[i] == 0) continue;
      const CompiledRules::ConditionRow row = book.rules.condition_row(i);
      parts_.units_included += row.units;
      parts_.scores = parts_.scores || (row.flags & CompiledRules::kScores) != 0;
      parts_.has_edits = parts_.has_edits || (row.flags & CompiledRules::kEdits) != 0;
      parts_.has_stack_rules = parts_.has_stack_rules || (row.kinds & kStackKinds) != 0;
    }
  }
}

void PlanBuilder::note_pseudonyms() {
  for (std::size_t number = 0; number < parts_.books.size(); ++number) {
    const Plan::Parts::Book& book = parts_.books[number];
    const auto [begin, end] = book.rules.of_kind(prescriptions::Kind::kPseudonym);
    for (std::uint32_t unit = begin; unit < end; ++unit) {
      if (!book.includes(unit)) continue;
      const Plan::Parts::Member* member = parts_.member(number, unit);
      const auto* pseudonym =
          member == nullptr ? nullptr : std::get_if<prescriptions::Pseudonym>(&member->unit->body);
      if (pseudonym != nullptr && pseudonym->yield) parts_.yielded.insert(pseudonym->yield->name);
    }
  }
}

void PlanBuilder::finish(std::size_t native_total, const Request& request) {
  count(native_total);
  note_pseudonyms();
  run_boots(request);
}

// Boots that are bound to a direct dependency, name by name, then the others. What a boot says it
// says once; one that ends the run ends it before the next.
void PlanBuilder::run_boots(const Request& request) {
  using Member = Plan::Parts::Member;
  std::vector<const Member*> fired;
  const auto fire = [&](std::vector<Member*>& members) {
    std::ranges::sort(members, {}, [](const Member* member) { return member->unit_id; });
    for (const Member* member : members) {
      if (parts_.veto || std::ranges::find(fired, member) != fired.end()) continue;
      fired.push_back(member);
      const Unit& unit = *member->unit;
      const auto& boot = std::get<prescriptions::Boot>(unit.body);
      if (boot.notices.log) parts_.boot_log.push_back({unit.qualified, &*boot.notices.log});
      for (const Entry& entry : boot.notices.stack_info)
        parts_.boot_entries.push_back({&entry, unit.qualified});
      if (boot.ending.not_acceptable) {
        parts_.veto = Veto{unit.qualified, *boot.ending.not_acceptable, false};
      } else if (boot.ending.eager_stop_pipeline) {
        parts_.veto = Veto{unit.qualified, *boot.ending.eager_stop_pipeline, true};
      }
    }
    members.clear();
  };
  constexpr std::uint32_t kBoots = 1U << static_cast<unsigned>(prescriptions::Kind::kBoot);
  std::vector<std::string> direct = request.direct;
  std::ranges::sort(direct);
  std::vector<Member*> members;
  for (const std::string& name : direct) {
    for (std::size_t book = 0; book < parts_.books.size(); ++book)
      parts_.gather(book, parts_.books[book].rules.naming(name), true, members);
    fire(members);
  }
  for (std::size_t book = 0; book < parts_.books.size(); ++book) {
    const auto& [rules, included] = parts_.books[book];
    for (std::uint32_t i = 0; i < included.size(); ++i) {
      if (included[i] != 0 && (rules.condition_row(i).kinds & kBoots) != 0)
        parts_.gather(book, rules.nameless(i), true, members);
    }
  }
  fire(members);
}

}  // namespace resolver::pipeline
