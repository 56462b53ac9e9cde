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

bool removes(const SieveRule& sieve, const PackageView& package) {
  return prescriptions::matches(sieve.removes, package, Prereleases::kAlways) &&
         (sieve.versions == nullptr || sieve.versions->contains(package.version));
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
    return removes(*sieve, package);
  });
  return found == sieves.end() ? nullptr : *found;
}

}  // namespace

const UnitRules& Plan::Parts::rules_of(Member& member) {
  if (member.rules == nullptr)
    member.rules = make_rules(*member.unit, member.unit_id, member.first_rule, *this);
  return *member.rules;
}

std::pair<std::uint32_t, std::uint32_t> Plan::Parts::place(std::size_t book,
                                                           std::uint32_t unit) const {
  const CompiledRules& own = books[book].rules;
  const CompiledRules::Row row = own.row(unit);
  std::pair<std::uint32_t, std::uint32_t> before{unit, row.first_rule};
  for (std::size_t other = 0; other < books.size(); ++other) {
    if (other == book) continue;
    const CompiledRules& rules = books[other].rules;
    const auto name = own.qualified(unit);
    auto [units_before, rules_before] = rules.before(row.kind, name);
    // Of the same name: the one of the earlier book comes first.
    if (other < book && rules.find(row.kind, name)) {
      ++units_before;
      rules_before = units_before < rules.unit_count() ? rules.row(units_before).first_rule
                                                       : rules.rule_count();
    }
    before.first += units_before;
    before.second += rules_before;
  }
  const auto kind = static_cast<std::size_t>(row.kind);
  return {before.first + native_units[kind], before.second + native_rules[kind]};
}

Plan::Parts::Member* Plan::Parts::member(std::size_t book, std::uint32_t unit) {
  auto [place_of, fresh] = by_number.try_emplace((std::uint64_t{book} << 32) | unit, nullptr);
  if (!fresh) return place_of->second;
  auto decoded = books[book].rules.unit(unit);
  if (!decoded) {
    if (!fault) fault = std::move(decoded).error();
    return nullptr;
  }
  const auto [unit_id, first_rule] = place(book, unit);
  Member& made = members.emplace_back();
  made.unit = &units.emplace_back(std::move(*decoded));
  made.unit_id = unit_id;
  made.first_rule = first_rule;
  place_of->second = &made;
  return &made;
}

void Plan::Parts::gather(std::size_t book, CompiledRules::Postings postings, bool boots,
                         std::vector<Member*>& into) {
  const CompiledRules& rules = books[book].rules;
  for (std::uint32_t i = 0; i < postings.count; ++i) {
    const std::uint32_t unit = rules.posting(postings.begin + i);
    if (unit >= rules.unit_count() || !books[book].includes(unit)) continue;
    if ((rules.row(unit).kind == prescriptions::Kind::kBoot) != boots) continue;
    if (Member* found = member(book, unit)) into.push_back(found);
  }
}

Plan::Plan() : parts_(std::make_unique<Parts>()) {}
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;
Plan::~Plan() = default;

const PackageRules& Plan::of(std::string_view name) const {
  Parts& parts = *parts_;
  const auto made = parts.by_name.find(name);
  if (made != parts.by_name.end()) return made->second == nullptr ? parts.nothing : *made->second;
  std::vector<Parts::Member*> members;
  for (std::size_t book = 0; book < parts.books.size(); ++book)
    parts.gather(book, parts.books[book].rules.naming(name), false, members);
  if (const auto naming = parts.naming.find(name); naming != parts.naming.end())
    members.insert(members.end(), naming->second.begin(), naming->second.end());
  std::ranges::sort(members, {}, [](const Parts::Member* member) { return member->unit_id; });
  auto rules = std::make_unique<PackageRules>();
  for (Parts::Member* member : members) add_rules(parts.rules_of(*member), name, *rules);
  if (rules->empty()) rules.reset();
  const auto& kept = parts.by_name.emplace(std::string(name), std::move(rules)).first->second;
  return kept == nullptr ? parts.nothing : *kept;
}

const PackageRules& Plan::general() const {
  Parts& parts = *parts_;
  if (parts.general_made) return parts.general;
  parts.general_made = true;
  std::vector<Parts::Member*> members = parts.nameless;
  for (std::size_t book = 0; book < parts.books.size(); ++book) {
    const auto& included = parts.books[book].included;
    for (std::uint32_t condition = 0; condition < included.size(); ++condition) {
      if (included[condition] != 0)
        parts.gather(book, parts.books[book].rules.nameless(condition), false, members);
    }
  }
  std::ranges::sort(members, {}, [](const Parts::Member* member) { return member->unit_id; });
  for (Parts::Member* member : members) add_rules(parts.rules_of(*member), {}, parts.general);
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
      if (removes(*sieve, package)) found.push_back(sieve);
    }
  }
  return found;
}

const std::vector<ReportedEntry>& Plan::boot_entries() const { return parts_->boot_entries; }
const std::vector<LogLine>& Plan::boot_log() const { return parts_->boot_log; }
const std::optional<Veto>& Plan::veto() const { return parts_->veto; }
bool Plan::scores() const { return parts_->scores; }
const std::vector<const Appraiser*>& Plan::appraisers() const { return parts_->appraisers; }

const std::vector<const StackRule*>& Plan::scoring() const {
  Parts& parts = *parts_;
  if (parts.scoring_made || !parts.scores) return parts.scoring;
  parts.scoring_made = true;
  const auto add = [&](const UnitRules& unit) {
    for (const StackRule* rule : unit.stack) {
      if (rule->effect == Effect::kScore && rule->score != 0) parts.scoring.push_back(rule);
    }
  };
  for (const Parts::Member& member : parts.members) {
    if (member.unit == nullptr) add(*member.rules);
  }
  for (std::size_t book = 0; book < parts.books.size(); ++book) {
    const CompiledRules compiled = parts.books[book].rules;
    const auto [begin, end] = compiled.of_kind(prescriptions::Kind::kStep);
    for (std::uint32_t unit = begin; unit < end; ++unit) {
      if ((compiled.row(unit).flags & CompiledRules::kScores) == 0) continue;
      if (!parts.books[book].includes(unit)) continue;
      if (Parts::Member* member = parts.member(book, unit)) add(parts.rules_of(*member));
    }
  }
  return parts.scoring;
}
bool Plan::has_stack_rules() const { return parts_->has_stack_rules; }
bool Plan::has_edits() const { return parts_->has_edits; }
bool Plan::yields(std::string_view name) const {
  return parts_->yielded.find(name) != parts_->yielded.end();
}
std::size_t Plan::rule_count() const { return parts_->rule_total; }
std::size_t Plan::units_included() const { return parts_->units_included; }
const std::optional<pep::Error>& Plan::fault() const {
  for (const Parts::Book& book : parts_->books)
    if (!parts_->fault) parts_->fault = book.rules.damage();
  return parts_->fault;
}
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
