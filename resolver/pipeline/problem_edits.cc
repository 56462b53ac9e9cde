// Edges that rules edit: step.SkipPackage and pseudonyms put something else in a package's place,
// step.AddPackage requires a package that nothing else does. What versions alone decide is said at
// once; what only the finished stack shows is checked there and learned.
#include <fmt/format.h>

#include <algorithm>

#include "resolver/pipeline/problem.h"
#include "resolver/pipeline/specifier_range.h"
#include "resolver/pipeline/verdict.h"

namespace resolver::pipeline {

using solve::Interval;
using solve::PackageId;
using solve::Range;
using solve::VersionIndex;

bool is_unconditional(const StackRule& rule) {
  return rule.all_of.size() == 1 && rule.parents.empty() && rule.allow_other_parents &&
         !rule.all_of[0].develop;
}

namespace {

using Answer = std::variant<std::vector<solve::Dependency>, solve::Unusable>;

template <class Test>
Range versions_where(const index::Page& page, const Test& test) {
  std::vector<Interval> intervals;
  for (VersionIndex i = 0; i < page.version_count(); ++i) {
    if (test(i)) intervals.push_back({i, i + 1});
  }
  return Range::of(intervals);
}

Range shifted(const Range& range, VersionIndex by) {
  std::vector<Interval> intervals;
  for (const Interval& interval : range)
    intervals.push_back({interval.begin + by, interval.end + by});
  return Range::of(intervals);
}

}  // namespace

VersionIndex Problem::choice_count(PackageId id) const {
  const Package& own = packages_[id];
  if (own.page == nullptr) return 0;
  const Package& package = own.base == solve::kNoPackage ? own : packages_[own.base];
  return own.page->version_count() * static_cast<VersionIndex>(1 + package.stand_ins.size());
}

VersionIndex Problem::version_index(PackageId id, VersionIndex choice) const {
  const index::Page* page = packages_[id].page;
  return page == nullptr || page->version_count() == 0 ? choice : choice % page->version_count();
}

const StandIn* Problem::left_out(PackageId id, VersionIndex choice) const {
  const Package& own = packages_[id];
  const Package& package = own.base == solve::kNoPackage ? own : packages_[own.base];
  if (package.stand_ins.empty() && package.skipped.empty()) return nullptr;
  const VersionIndex count = package.page->version_count();
  if (choice >= count) return &package.stand_ins[choice / count - 1];
  const auto skip = std::find_if(package.skipped.begin(), package.skipped.end(),
                                 [&](const StandIn& one) { return one.versions.contains(choice); });
  return skip == package.skipped.end() ? nullptr : &*skip;
}

// Where a rule asks for nothing but the version, the version itself is the one that is left out.
void Problem::know_stand_ins(Package& package) {
  package.is_yielded = plan_.yields(package.name.str());
  if (package.page == nullptr || package.page->version_count() == 0) return;
  const PackageId id = package.order;
  const auto view = [&](const pep::Version& version, VersionIndex i) {
    return PackageView{
        .name = package.name.str(), .version = version, .index_url = index_url(id, i)};
  };
  for (const PackageRules* rules : {&plan_.of(package.name.str()), &plan_.general()}) {
    for (const StackRule* rule : rules->stack) {
      if (rule->effect != Effect::kSkipPackage) continue;
      PackagePattern pattern = rule->all_of[0];
      if (!pattern.name.empty() && pattern.name != package.name.str()) continue;
      pattern.develop.reset();
      Range met = versions_where(*package.page, [&](VersionIndex i) {
        const pep::Version version = package.page->version(i);
        return meets(pattern, view(version, i));
      });
      if (met.empty()) continue;
      (is_unconditional(*rule) ? package.skipped : package.stand_ins)
          .push_back({.skip = rule, .versions = std::move(met)});
    }
    for (const PseudonymRule* rule : rules->pseudonyms) {
      if (rule->name == package.name.str()) continue;
      Range met = versions_where(*package.page, [&](VersionIndex i) {
        const pep::Version version = package.page->version(i);
        return meets(*rule, view(version, i));
      });
      if (!met.empty())
        package.stand_ins.push_back({.pseudonym = rule, .versions = std::move(met)});
    }
  }
}

// What a pseudonym offers skips the sieves, what a requirement asks for does not: a package that is
// both has its sieved versions taken out of requirements instead.
void Problem::know_what_sieves_remove(PackageId id) {
  Package& package = packages_[id];
  if (!package.is_yielded || package.sieved.empty()) return;
  package.sieved_out = versions_where(*package.page, [&](VersionIndex i) {
    candidate(id, i);
    return package.sieved[i] != nullptr;
  });
}

Range Problem::with_stand_ins(const Package& package, Range versions) const {
  if (!package.sieved_out.empty()) versions = subtract(versions, package.sieved_out);
  if (package.stand_ins.empty()) return versions;
  const VersionIndex count = package.page->version_count();
  Range all = intersect(versions, Range::between(0, count));
  versions = all;
  for (std::size_t k = 0; k < package.stand_ins.size(); ++k) {
    all = unite(all, shifted(intersect(versions, package.stand_ins[k].versions),
                             count * static_cast<VersionIndex>(1 + k)));
  }
  return all;
}

// The preferred version as without stand-ins, then nothing in its place, where a rule may say so;
// another package in its place when no version is left.
std::optional<VersionIndex> Problem::fit_or_stand_in(PackageId id, const Range& allowed,
                                                     bool lowest, bool prereleases, bool finals) {
  const Package& package = packages_[id];
  const VersionIndex count = package.page->version_count();
  for (const bool alternatives : {false, true}) {
    for (VersionIndex i = 0; i < count; ++i) {
      const VersionIndex version = lowest ? i : count - 1 - i;
      if (!(package.page->version(version).is_prerelease() ? prereleases : finals)) continue;
      if (!alternatives && allowed.contains(version) && usable(id, version)) return version;
      for (std::size_t k = 0; k < package.stand_ins.size(); ++k) {
        const VersionIndex choice = count * static_cast<VersionIndex>(1 + k) + version;
        if ((package.stand_ins[k].pseudonym != nullptr) == alternatives &&
            allowed.contains(choice) && package.stand_ins[k].versions.contains(version) &&
            usable(id, version)) {
          return choice;
        }
      }
    }
  }
  return std::nullopt;
}

// An earlier lock has another package in this one's place.
std::optional<VersionIndex> Problem::preferred_stand_in(PackageId id, const Range& allowed) {
  const Package& package = packages_[id];
  if (question_.preferences.empty()) return std::nullopt;
  const VersionIndex count = package.page->version_count();
  for (std::size_t k = 0; k < package.stand_ins.size(); ++k) {
    const StandIn& stand_in = package.stand_ins[k];
    if (stand_in.pseudonym == nullptr ||
        !question_.preferences.contains(pep::Name::of(stand_in.pseudonym->name))) {
      continue;
    }
    for (VersionIndex version = count; version-- > 0;) {
      const VersionIndex choice = count * static_cast<VersionIndex>(1 + k) + version;
      if (allowed.contains(choice) && stand_in.versions.contains(version) && usable(id, version))
        return choice;
    }
  }
  return std::nullopt;
}

// What a choice requires that is no version: nothing, or the package that a pseudonym offers.
pep::Result<Answer> Problem::replacement(PackageId id, VersionIndex choice,
                                         const StandIn& stand_in) {
  std::vector<solve::Dependency> found;
  if (stand_in.pseudonym == nullptr) return Answer(std::move(found));
  const PseudonymRule& rule = *stand_in.pseudonym;
  auto name = pep::Name::parse(rule.name);
  if (!name) return std::move(name).error();
  auto other = intern(*name);
  if (!other) return std::move(other).error();
  const Package& offered = packages_[*other];
  const pep::Version matched = version(id, choice);
  Range versions;
  if (offered.page != nullptr) {
    versions = versions_where(*offered.page, [&](VersionIndex i) {
      if (rule.same_version && offered.page->version(i) != matched) return false;
      if (rule.version && offered.page->version(i) != *rule.version) return false;
      return !rule.index_url || prescriptions::is_index(*rule.index_url, index_url(*other, i));
    });
  }
  if (versions.empty()) {
    return Answer(solve::Unusable{
        note({.text = fmt::format("{} would put {} in its place, and there is no such version",
                                  rule.head.unit, rule.name)})});
  }
  const std::uint32_t detail = note({.pseudonym = &rule});
  if (packages_[id].extra) {
    found.push_back({.package = intern_extra(*other, *packages_[id].extra),
                     .range = versions,
                     .detail = detail});
  }
  found.push_back({.package = *other, .range = std::move(versions), .detail = detail});
  return Answer(std::move(found));
}

pep::Result<std::optional<Problem::Addition>> Problem::addition(const StackRule& rule) {
  if (const auto known = additions_.find(rule.head.id); known != additions_.end())
    return known->second;
  auto found = find_addition(rule);
  if (found) additions_[rule.head.id] = *found;
  return found;
}

std::optional<Problem::Addition> Problem::known_addition(const StackRule& rule) const {
  const auto known = additions_.find(rule.head.id);
  return known == additions_.end() ? std::nullopt : known->second;
}

// No effect: the version does not exist in that index, cannot be used in this target, is removed by
// a sieve, or contradicts what the user asks for.
pep::Result<std::optional<Problem::Addition>> Problem::find_addition(const StackRule& rule) {
  const prescriptions::PackageChoice& wanted = *rule.added;
  const std::optional<Addition> none;
  auto name = pep::Name::parse(wanted.name);
  if (!name || plan_.of(wanted.name).skip != nullptr) return none;
  auto id = intern(*name);
  if (!id) return std::move(id).error();
  const index::Page* page = packages_[*id].page;
  if (page == nullptr) return none;
  for (VersionIndex i = 0; i < page->version_count(); ++i) {
    const pep::Version version = page->version(i);
    if (version != *wanted.locked_version) continue;
    const auto urls = index_urls(*page, i);
    const bool there = std::any_of(urls.begin(), urls.end(), [&](const std::string* url) {
      return prescriptions::is_index(*wanted.index_url, *url);
    });
    if (!there || !usable(*id, i) || packages_[*id].sieved_out.contains(i)) return none;
    if (version.is_prerelease() && question_.policy.prerelease == Prerelease::kDisallow)
      return none;
    for (const RootRequirement& constraint : question_.constraints) {
      const pep::Requirement& said = constraint.requirement;
      if (said.name != *name || (said.marker && !said.marker->holds(target_.environment))) continue;
      if (!range(*id, said.specifiers).contains(i)) return none;
    }
    if (left_out(*id, i) == nullptr) {
      std::string unusable_because;
      auto metadata = load_metadata(*id, i, unusable_because);
      if (!metadata) return std::move(metadata).error();
      if (*metadata == nullptr) return none;
    }
    return std::optional(Addition{.package = *id, .version = i});
  }
  return none;
}

// Additions that the version alone decides. Which version of the package: any that something else
// requires; the rule's own if nothing does, which the finished stack shows.
pep::Status Problem::add_packages(PackageId id, VersionIndex version,
                                  std::vector<solve::Dependency>& dependencies) {
  if (packages_[id].base != solve::kNoPackage) return pep::Done{};
  for (const PackageRules* rules : {&plan_.of(packages_[id].name.str()), &plan_.general()}) {
    for (const StackRule* rule : rules->stack) {
      if (rule->effect != Effect::kAddPackage || !is_unconditional(*rule)) continue;
      const pep::Version value = packages_[id].page->version(version);
      if (!meets(rule->all_of[0], {.name = packages_[id].name.str(),
                                   .version = value,
                                   .index_url = index_url(id, version)})) {
        continue;
      }
      auto added = addition(*rule);
      if (!added) return std::move(added).error();
      if (!*added || (*added)->package == id) continue;
      dependencies.push_back({.package = (*added)->package,
                              .range = Range::between(0, choice_count((*added)->package)),
                              .detail = note({.rule = rule})});
    }
  }
  return pep::Done{};
}

pep::Result<std::vector<solve::Dependency>> Problem::possible_additions(PackageId base,
                                                                        VersionIndex version) {
  std::vector<solve::Dependency> found;
  if (!plan_.has_edits() || left_out(base, version) != nullptr) return found;
  for (const PackageRules* rules : {&plan_.of(packages_[base].name.str()), &plan_.general()}) {
    for (const StackRule* rule : rules->stack) {
      if (rule->effect != Effect::kAddPackage || is_unconditional(*rule)) continue;
      const std::string& first = rule->all_of[0].name;
      if (!first.empty() && first != packages_[base].name.str()) continue;
      auto added = addition(*rule);
      if (!added) return std::move(added).error();
      if (!*added || (*added)->package == base) continue;
      found.push_back({.package = (*added)->package,
                       .range = Range::between(0, choice_count((*added)->package))});
    }
  }
  return found;
}

std::vector<const PseudonymRule*> Problem::pseudonyms_met(const Stack& stack) {
  std::vector<const PseudonymRule*> found;
  const auto look = [&](const StackPackage& member) {
    Range wanted = Range::all();
    const auto narrow = [&](const pep::Requirement& requirement) {
      if (requirement.name == member.name)
        wanted = intersect(wanted, range(member.id, overridden(requirement).specifiers));
    };
    for (const RootRequirement& root : question_.requirements) {
      if (!root.requirement.marker || root.requirement.marker->holds(target_.environment))
        narrow(root.requirement);
    }
    for (std::uint32_t parent : member.parents)
      for_each_requirement(stack.packages[parent].id, stack.packages[parent].version_index, narrow);
    for (const StandIn& stand_in : packages_[member.id].stand_ins) {
      if (stand_in.pseudonym == nullptr) continue;
      const Range met = intersect(wanted, stand_in.versions);
      for (VersionIndex i = 0; i < member.page->version_count(); ++i) {
        if (!met.contains(i) || !usable(member.id, i)) continue;
        found.push_back(stand_in.pseudonym);
        break;
      }
    }
  };
  for (const StackPackage& package : stack.packages) look(package);
  for (const LeftOut& left : stack.left_out) look(left.package);
  std::sort(found.begin(), found.end(),
            [](const PseudonymRule* a, const PseudonymRule* b) { return a->head.id < b->head.id; });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace resolver::pipeline
