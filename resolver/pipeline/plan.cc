// Looks rules up by name and makes them when a name is first asked for: a resolve pays for the
// units it touches.
#include "resolver/pipeline/plan.h"

#include <algorithm>

#include "fmt/format.h"
#include "resolver/pipeline/plan_parts.h"

namespace resolver::pipeline {
namespace {

using prescriptions::Prereleases;

bool any_names(const std::vector<PackagePattern>& patterns, std::string_view name) {
  return std::ranges::any_of(patterns,
                             [&](const PackagePattern& pattern) { return pattern.name == name; });
}

bool is_general(const StackRule& rule) {
  return rule.all_of.empty() || rule.all_of.front().name.empty();
}

bool is_first(const WrapRule& wrap, std::string_view name) {
  return std::ranges::any_of(wrap.any_of, [&](const std::vector<PackagePattern>& patterns) {
    return patterns.empty() ? name.empty() : patterns.front().name == name;
  });
}

// Adds those rules of a unit that name `name` (empty: no package).
void add_rules(const UnitRules& unit, std::string_view name, PackageRules& into) {
  for (const SieveRule* sieve : unit.sieves) {
    if (sieve->removes.name == name) into.sieves.push_back(sieve);
  }
  for (const SkipNameRule* skip : unit.skips) {
    if (skip->name == name && into.skip == nullptr) into.skip = skip;
  }
  for (const PseudonymRule* pseudonym : unit.pseudonyms) {
    if (pseudonym->match.name == name) into.pseudonyms.push_back(pseudonym);
  }
  for (const StackRule* rule : unit.stack) {
    const bool names = name.empty()
                           ? is_general(*rule)
                           : any_names(rule->all_of, name) || any_names(rule->parents, name);
    if (names) into.stack.push_back(rule);
  }
  if (unit.wrap != nullptr && is_first(*unit.wrap, name)) into.wraps.push_back(unit.wrap);
}

enum class Which : std::uint8_t { kAll, kEarly, kLate };

const SieveRule* first_removal(const std::vector<const SieveRule*>& sieves,
                               const PackageView& package, Which which) {
  const auto found = std::ranges::find_if(sieves, [&](const SieveRule* sieve) {
    const bool late = sieve->removes.develop.has_value();
    if (which != Which::kAll && late != (which == Which::kLate)) return false;
    return prescriptions::matches(sieve->removes, package, Prereleases::kAlways);
  });
  return found == sieves.end() ? nullptr : *found;
}

}  // namespace

const UnitRules& Plan::Parts::rules_of(Member& member) {
  if (member.rules == nullptr)
    member.rules = make_rules(*member.unit, member.unit_id, member.first_rule, *this);
  return *member.rules;
}

Plan::Plan() : parts_(std::make_unique<Parts>()) {}
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;
Plan::~Plan() = default;

const PackageRules& Plan::of(std::string_view name) const {
  Parts& parts = *parts_;
  const auto naming = parts.naming.find(name);
  if (naming == parts.naming.end()) return parts.nothing;
  const auto made = parts.by_name.find(name);
  if (made != parts.by_name.end()) return *made->second;
  auto rules = std::make_unique<PackageRules>();
  for (Parts::Member* member : naming->second) add_rules(parts.rules_of(*member), name, *rules);
  return *parts.by_name.emplace(std::string(name), std::move(rules)).first->second;
}

const PackageRules& Plan::general() const {
  Parts& parts = *parts_;
  if (!parts.nameless.empty()) {
    for (Parts::Member* member : parts.nameless)
      add_rules(parts.rules_of(*member), {}, parts.general);
    parts.nameless.clear();
  }
  return parts.general;
}

const SieveRule* Plan::removed(const PackageView& package, Develop develop) const {
  const Which which = develop == Develop::kUnknown ? Which::kEarly : Which::kAll;
  if (const SieveRule* bound = first_removal(of(package.name).sieves, package, which)) return bound;
  return first_removal(general().sieves, package, which);
}

const SieveRule* Plan::removed_late(const PackageView& package) const {
  const Which which = Which::kLate;
  if (const SieveRule* bound = first_removal(of(package.name).sieves, package, which)) return bound;
  return first_removal(general().sieves, package, which);
}

std::vector<const SieveRule*> Plan::removals(const PackageView& package) const {
  std::vector<const SieveRule*> found;
  for (const PackageRules* rules : {&of(package.name), &general()}) {
    for (const SieveRule* sieve : rules->sieves) {
      if (prescriptions::matches(sieve->removes, package, Prereleases::kAlways))
        found.push_back(sieve);
    }
  }
  return found;
}

const std::vector<ReportedEntry>& Plan::boot_entries() const { return parts_->boot_entries; }
const std::vector<LogLine>& Plan::boot_log() const { return parts_->boot_log; }
const std::optional<Veto>& Plan::veto() const { return parts_->veto; }
bool Plan::scores() const { return parts_->scores; }
bool Plan::has_stack_rules() const { return parts_->has_stack_rules; }
bool Plan::has_edits() const { return parts_->has_edits; }
bool Plan::yields(std::string_view name) const {
  return parts_->yielded.find(name) != parts_->yielded.end();
}
std::size_t Plan::rule_count() const { return parts_->rules; }
std::size_t Plan::units_included() const { return parts_->units_included; }
std::size_t Plan::units_total() const { return parts_->units_total; }

bool meets(const PackagePattern& pattern, const PackageView& package) {
  return prescriptions::matches(pattern, package, Prereleases::kIfNamed);
}

Entry release_notes_of(const prescriptions::ReleaseNotesWrap& wrap, const PackageView& package) {
  const std::string version = package.version.str();
  return {.message = fmt::format("Release notes of {} {}", package.name, version),
          .link = fmt::format("https://github.com/{}/{}/releases/tag/{}{}", wrap.organization,
                              wrap.repository, wrap.tag_version_prefix, version),
          .package_name = std::string(package.name)};
}

bool meets(const PseudonymRule& rule, const PackageView& package) {
  return prescriptions::matches(rule.match, package, Prereleases::kAlways);
}

}  // namespace resolver::pipeline
