#include "resolver/pipeline/problem.h"

#include <fmt/format.h>

#include <algorithm>

#include "resolver/index/url.h"
#include "resolver/pipeline/specifier_range.h"
#include "resolver/pipeline/verdict.h"

namespace resolver::pipeline {

namespace {

using solve::PackageId;
using solve::Range;
using solve::VersionIndex;

std::uint64_t key_of(PackageId package, VersionIndex version) {
  return (std::uint64_t{package} << 32) | version;
}

}  // namespace

Problem::Problem(const rpmenv::Target& target, index::Client& client, const Plan& plan,
                 const Question& question)
    : target_(target),
      client_(client),
      plan_(plan),
      question_(question),
      filter_(target, question.policy),
      prefetcher_(std::make_shared<Prefetcher>(target, client, question.policy)) {
  packages_.emplace_back();  // the root
  for (const pep::Requirement& requirement : question.overrides) add_override(requirement);
  client_.set_hooks(
      {.on_page = [made = prefetcher_](const index::Page& page) { made->on_page(page); },
       .on_metadata = [made = prefetcher_](
                          const index::Page& page, std::uint32_t,
                          const pep::Metadata& metadata) { made->on_metadata(page, metadata); }});
  for (const RootRequirement& root : question.requirements) {
    any_develop_ = any_develop_ || root.develop;
    if (!root.requirement.marker || root.requirement.marker->holds(target.environment)) {
      prefetcher_->require(overridden(root.requirement));
    }
  }
}

// What the hooks point at, the target and the policy among it, may go once this is gone.
Problem::~Problem() { client_.set_hooks({}); }

std::uint32_t Problem::note(Detail detail) {
  details_.push_back(std::move(detail));
  return static_cast<std::uint32_t>(details_.size() - 1);
}

// Several overrides of one name all hold; one whose marker is false is none.
void Problem::add_override(const pep::Requirement& requirement) {
  if (requirement.marker && !requirement.marker->holds(target_.environment)) return;
  auto [place, fresh] = overrides_.try_emplace(requirement.name.str(), requirement);
  if (fresh) {
    place->second.marker.reset();
    return;
  }
  for (const pep::Specifier& specifier : requirement.specifiers.specifiers())
    place->second.specifiers.add(specifier);
  place->second.extras.insert(place->second.extras.end(), requirement.extras.begin(),
                              requirement.extras.end());
}

const pep::Requirement& Problem::overridden(const pep::Requirement& requirement) const {
  if (overrides_.empty()) return requirement;
  auto found = overrides_.find(requirement.name.str());
  return found == overrides_.end() ? requirement : found->second;
}

PackageId Problem::find(const pep::Name& name) const {
  auto found = ids_.find(name.str());
  return found == ids_.end() ? solve::kNoPackage : found->second;
}

pep::Result<PackageId> Problem::intern(const pep::Name& name) {
  if (auto found = ids_.find(name.str()); found != ids_.end()) return found->second;
  auto page = client_.page(name);
  if (!page) return std::move(page).error();
  const auto id = static_cast<PackageId>(packages_.size());
  ids_.emplace(name.str(), id);
  Package& added = packages_.emplace_back();
  added.name = name;
  added.page = *page;
  added.order = id;
  const std::size_t versions = added.page == nullptr ? 0 : added.page->version_count();
  added.candidates.resize(versions);
  added.looked_at.resize(versions, 0);
  if (!plan_.of(name.str()).sieves.empty() || !plan_.general().sieves.empty())
    added.sieved.resize(versions, nullptr);
  added.keyed = added.page != nullptr && all_versions_have_keys(*added.page);
  know_user_wishes(added);
  if (plan_.has_edits()) {
    know_stand_ins(added);
    know_what_sieves_remove(id);
  }
  add_constraints(id);
  add_rules(name);
  keep_apart(name);
  return id;
}

PackageId Problem::intern_extra(PackageId base, const pep::Name& extra) {
  std::string key = packages_[base].name.str() + "[" + extra.str() + "]";
  auto [place, fresh] = ids_.try_emplace(std::move(key), static_cast<PackageId>(packages_.size()));
  if (fresh) {
    Package added;
    added.name = packages_[base].name;
    added.extra = extra;
    added.base = base;
    added.page = packages_[base].page;
    added.order = place->second;
    packages_.push_back(std::move(added));
  }
  return place->second;
}

void Problem::know_user_wishes(Package& package) {
  auto look = [&](const RootRequirement& root, bool constraint) {
    const pep::Requirement& requirement = root.requirement;
    if (requirement.name != package.name) return;
    if (!constraint && overrides_.contains(package.name.str())) return;
    if (requirement.marker && !requirement.marker->holds(target_.environment)) return;
    if (requirement.specifiers.pins() && package.page != nullptr) {
      package.pinned =
          unite(package.pinned, range_of(requirement.specifiers, *package.page, package.keyed));
    }
    package.names_prerelease = package.names_prerelease ||
                               requirement.specifiers.names_prerelease() ||
                               !requirement.url.empty();
    package.direct = package.direct || !constraint;
  };
  for (const RootRequirement& root : question_.requirements) look(root, false);
  for (const RootRequirement& root : question_.constraints) look(root, true);
  if (auto found = overrides_.find(package.name.str()); found != overrides_.end()) {
    look({.requirement = found->second}, true);
  }
}

void Problem::add_constraints(PackageId id) {
  const Package& package = packages_[id];
  if (package.page == nullptr) return;
  for (const RootRequirement& constraint : question_.constraints) {
    const pep::Requirement& requirement = constraint.requirement;
    if (requirement.name != package.name) continue;
    if (requirement.marker && !requirement.marker->holds(target_.environment)) continue;
    Range outside = range(id, requirement.specifiers).complement();
    if (outside.empty()) continue;
    externals_.push_back(
        {.literals = {{id, solve::Term::in(outside)}},
         .detail =
             note({.requirement = &requirement, .text = constraint.origin, .constraint = true})});
  }
}

// Refused combinations that name `name` become incompatibilities as soon as all their packages are
// part of the problem.
void Problem::add_rules(const pep::Name& name) {
  for (const StackRule* rule : plan_.of(name.str()).stack) {
    if (rule->effect != Effect::kNotAcceptable || !decidable_early(*rule)) continue;
    if (emitted_rules_.contains(rule->head.id)) continue;
    if (emit_rule(*rule)) emitted_rules_[rule->head.id] = 1;
  }
}

bool Problem::emit_rule(const StackRule& rule) {
  solve::External external;
  for (const PackagePattern& pattern : rule.all_of) {
    auto found = ids_.find(pattern.name);
    if (found == ids_.end()) return false;
    const Package& package = packages_[found->second];
    if (package.page == nullptr) return true;  // it can never be part of a stack
    std::vector<solve::Interval> intervals;
    for (VersionIndex i = 0; i < package.page->version_count(); ++i) {
      pep::Version version = package.page->version(i);
      if (left_out(found->second, i) != nullptr) continue;
      if (meets(pattern, {.name = pattern.name,
                          .version = version,
                          .index_url = chosen_index_url(found->second, i)})) {
        intervals.push_back({i, i + 1});
      }
    }
    Range met = Range::of(intervals);
    if (met.empty()) return true;
    auto same = std::find_if(
        external.literals.begin(), external.literals.end(),
        [&](const solve::Literal& literal) { return literal.package == found->second; });
    if (same != external.literals.end()) {
      same->term.range = intersect(same->term.range, met);
      if (same->term.range.empty()) return true;
    } else {
      external.literals.push_back({found->second, solve::Term::in(std::move(met))});
    }
  }
  external.detail = note({.rule = &rule});
  externals_.push_back(std::move(external));
  return true;
}

Range Problem::range(PackageId id, const pep::SpecifierSet& specifiers) {
  const Package& package = packages_[id];
  if (package.page == nullptr) return Range::all();  // choose() says that there is no such package
  // "Any version" of a package that has some is those; an explanation then needs no word of others.
  if (specifiers.empty() && package.page->version_count() > 0 && !package.is_yielded) {
    return Range::between(0, choice_count(id));
  }
  return with_stand_ins(package, range_of(specifiers, *package.page, package.keyed));
}

const Candidate& Problem::candidate(PackageId base, VersionIndex version) {
  Package& package = packages_[base];
  if (package.looked_at[version] == 0) {
    package.looked_at[version] = 1;
    Candidate found = filter_.best(*package.page, version, package.pinned.contains(version));
    const bool choice = package.page->index_count() > 1;
    if (found.file && choice && (!package.sieved.empty() || rules_tell_indexes(package))) {
      take_best_index(package, version, found);
    } else if (found.file && !package.sieved.empty()) {
      package.sieved[version] = removed(package, version, package.page->index_url());
    }
    package.candidates[version] = found;
  }
  return package.candidates[version];
}

bool Problem::usable(PackageId id, VersionIndex version) {
  if (!candidate(id, version).file) return false;
  const Package& package = packages_[id];
  return package.sieved.empty() || package.sieved[version] == nullptr || package.is_yielded;
}

std::optional<VersionIndex> Problem::first_fit(PackageId id, const Range& allowed, bool lowest,
                                               bool prereleases, bool finals) {
  const Package& package = packages_[id];
  if (!package.stand_ins.empty()) return fit_or_stand_in(id, allowed, lowest, prereleases, finals);
  const Range existing = intersect(allowed, Range::between(0, package.page->version_count()));
  auto fits = [&](VersionIndex version) {
    return (package.page->version(version).is_prerelease() ? prereleases : finals) &&
           usable(id, version);
  };
  if (lowest) {
    for (const solve::Interval& interval : existing) {
      for (VersionIndex version = interval.begin; version < interval.end; ++version) {
        if (fits(version)) return version;
      }
    }
    return std::nullopt;
  }
  for (std::size_t i = existing.size(); i-- > 0;) {
    const solve::Interval interval = existing.begin()[i];
    for (VersionIndex version = interval.end; version-- > interval.begin;) {
      if (fits(version)) return version;
    }
  }
  return std::nullopt;
}

// The version of an earlier lock, where it is allowed and usable still.
std::optional<VersionIndex> Problem::preference(PackageId id, const Range& allowed) {
  const Package& package = packages_[id];
  const auto preferred = question_.preferences.find(package.name);
  if (preferred == question_.preferences.end()) return preferred_stand_in(id, allowed);
  if (preferred->second.is_prerelease()) {
    const Prerelease mode = question_.policy.prerelease;
    if (mode == Prerelease::kDisallow) return std::nullopt;
    if (mode == Prerelease::kExplicit && !package.names_prerelease) return std::nullopt;
    if (mode != Prerelease::kAllow && first_fit(id, allowed, false, false, true))
      return std::nullopt;
  }
  for (VersionIndex i = 0; i < package.page->version_count(); ++i) {
    if (allowed.contains(i) && package.page->version(i) == preferred->second && usable(id, i))
      return i;
  }
  return std::nullopt;
}

pep::Result<std::optional<VersionIndex>> Problem::choose(PackageId id, const Range& allowed) {
  if (id == solve::kRootPackage) return std::optional<VersionIndex>(0);
  const Package& package = packages_[id];
  if (package.page == nullptr) return std::optional<VersionIndex>();
  if (auto preferred = preference(id, allowed)) return preferred;
  const Resolution resolution = question_.policy.resolution;
  return first_choice(id, allowed,
                      resolution == Resolution::kLowest ||
                          (resolution == Resolution::kLowestDirect && package.direct));
}

// Without regard to an earlier lock.
std::optional<VersionIndex> Problem::first_choice(PackageId id, const Range& allowed, bool lowest) {
  const Prerelease mode = question_.policy.prerelease;
  if (mode == Prerelease::kAllow) return first_fit(id, allowed, lowest, true, true);
  auto final_release = first_fit(id, allowed, lowest, false, true);
  if (final_release || mode == Prerelease::kDisallow) return final_release;
  if (mode == Prerelease::kExplicit && !packages_[id].names_prerelease) return final_release;
  return first_fit(id, allowed, lowest, true, false);
}

solve::Priority Problem::priority(PackageId id) const {
  if (id == solve::kRootPackage) return {};
  return {.rank = !packages_[id].pinned.empty() ? solve::kPinnedRank : solve::kUsualRank,
          .order = packages_[id].order};
}

bool Problem::skips(const pep::Name& name) {
  const SkipNameRule* skip = plan_.of(name.str()).skip;
  if (skip == nullptr) return false;
  if (std::find(skipped_.begin(), skipped_.end(), skip) == skipped_.end()) skipped_.push_back(skip);
  return true;
}

pep::Status Problem::depend(const pep::Requirement& given, std::uint32_t detail,
                            std::vector<solve::Dependency>& dependencies) {
  const pep::Requirement& requirement = overridden(given);
  if (skips(requirement.name)) return pep::Done{};
  auto id = intern(requirement.name);
  if (!id) return std::move(id).error();
  Range allowed = range(*id, requirement.specifiers);
  // An override replaces versions; extras that were asked for are still asked for.
  for (const auto* asked : {&given.extras, &requirement.extras}) {
    for (const pep::Name& extra : *asked) {
      dependencies.push_back(
          {.package = intern_extra(*id, extra), .range = allowed, .detail = detail});
    }
    if (&given == &requirement) break;
  }
  dependencies.push_back({.package = *id, .range = std::move(allowed), .detail = detail});
  return pep::Done{};
}

pep::Result<std::vector<solve::Dependency>> Problem::root_dependencies() {
  std::vector<solve::Dependency> found;
  for (const RootRequirement& root : question_.requirements) {
    const pep::Requirement& requirement = root.requirement;
    if (requirement.marker && !requirement.marker->holds(target_.environment)) continue;
    std::uint32_t detail = note({.requirement = &requirement, .text = root.origin});
    if (auto added = depend(requirement, detail, found); !added) return std::move(added).error();
  }
  return found;
}

void Problem::for_each_requirement(PackageId id, VersionIndex version,
                                   const std::function<void(const pep::Requirement&)>& use) const {
  const Package& package = packages_[id];
  const PackageId base = package.base == solve::kNoPackage ? id : package.base;
  const pep::Metadata* metadata = metadata_of(base, version);
  if (metadata == nullptr) return;
  for (const pep::Requirement& requirement : metadata->requires_dist) {
    const auto& marker = requirement.marker;
    const std::string* required = marker ? marker->required_extra() : nullptr;
    if (!package.extra) {
      if (required == nullptr && (!marker || marker->holds(target_.environment))) use(requirement);
      continue;
    }
    if (!marker || !marker->names_extra()) continue;
    if (required != nullptr && *required != package.extra->str()) continue;
    if (marker->holds(target_.environment, {&*package.extra, 1}) &&
        (required != nullptr || !marker->holds(target_.environment))) {
      use(requirement);
    }
  }
}

const pep::Metadata* Problem::metadata_of(PackageId base, VersionIndex version) const {
  auto found = metadata_.find(key_of(base, version));
  return found == metadata_.end() ? nullptr : found->second;
}

pep::Result<const pep::Metadata*> Problem::load_metadata(PackageId base, VersionIndex version,
                                                         std::string& unusable) {
  if (const pep::Metadata* known = metadata_of(base, version)) return known;
  const index::Page& page = *packages_[base].page;
  auto metadata = client_.metadata(page, candidate(base, version).metadata_file);
  if (!metadata && metadata.error().fault == pep::Fault::kNotFound) {
    // An sdist without static metadata: a wheel of the same version says the same, wherever it
    // runs.
    const index::FileRange files = page.files(version);
    for (std::uint32_t number = files.begin; number < files.end; ++number) {
      if (page.file(number).kind != index::FileKind::kWheel) continue;
      if (auto other = client_.metadata(page, number)) metadata = std::move(other);
      break;
    }
  }
  if (!metadata) {
    const pep::Fault fault = metadata.error().fault;
    if (fault != pep::Fault::kMalformed && fault != pep::Fault::kNotFound &&
        fault != pep::Fault::kIntegrity) {
      return std::move(metadata).error();
    }
    unusable = metadata.error().what;
    return nullptr;
  }
  if ((*metadata)->requires_python && !(*metadata)->requires_python->contains(target_.python)) {
    unusable = fmt::format("it needs Python {}", (*metadata)->requires_python->str());
    return nullptr;
  }
  metadata_[key_of(base, version)] = *metadata;
  return *metadata;
}

pep::Result<std::variant<std::vector<solve::Dependency>, solve::Unusable>> Problem::dependencies(
    PackageId id, VersionIndex version) {
  using Answer = std::variant<std::vector<solve::Dependency>, solve::Unusable>;
  if (id == solve::kRootPackage) {
    auto found = root_dependencies();
    if (!found) return std::move(found).error();
    return Answer(std::move(*found));
  }
  if (const StandIn* stand_in = left_out(id, version)) return replacement(id, version, *stand_in);
  const PackageId base = packages_[id].base == solve::kNoPackage ? id : packages_[id].base;
  std::string unusable;
  auto metadata = load_metadata(base, version, unusable);
  if (!metadata) return std::move(metadata).error();
  if (*metadata == nullptr) {
    warnings_.push_back(fmt::format("{} {} is no candidate: {}", packages_[base].name.str(),
                                    packages_[base].page->version(version).str(), unusable));
    return Answer(solve::Unusable{note({.text = unusable})});
  }
  if (packages_[id].extra) {
    const auto& provided = (*metadata)->provides_extra;
    if (std::find(provided.begin(), provided.end(), *packages_[id].extra) == provided.end()) {
      missing_extras_.push_back(
          {.package = id,
           .version = version,
           .text = fmt::format("{} {} has no extra \"{}\"", packages_[base].name.str(),
                               packages_[base].page->version(version).str(),
                               packages_[id].extra->str())});
    }
  }
  std::vector<const pep::Requirement*> requirements;
  for_each_requirement(id, version, [&](const pep::Requirement& requirement) {
    requirements.push_back(&requirement);
  });
  for (const pep::Requirement* requirement : requirements)
    prefetcher_->require(overridden(*requirement));
  std::vector<solve::Dependency> found;
  for (const pep::Requirement* requirement : requirements) {
    if (!is_given(overridden(*requirement))) {
      return Answer(solve::Unusable{note(
          {.text = fmt::format("it requires {} from a URL ({}), and nothing is taken from a URL "
                               "that you do not name: add that requirement to yours",
                               requirement->name.str(), index::redacted(requirement->url))})});
    }
    std::uint32_t detail = note({.requirement = requirement});
    if (auto added = depend(*requirement, detail, found); !added) return std::move(added).error();
  }
  if (plan_.has_edits()) {
    if (auto added = add_packages(id, version, found); !added) return std::move(added).error();
  }
  return Answer(std::move(found));
}

bool Problem::fits_any(PackageId id, const pep::SpecifierSet& specifiers) {
  const Package& package = packages_[id];
  if (package.page == nullptr) return false;
  const Range admitted =
      intersect(range(id, specifiers), Range::between(0, package.page->version_count()));
  for (const solve::Interval& interval : admitted) {
    for (VersionIndex version = interval.begin; version < interval.end; ++version) {
      if (candidate(id, version).file) return true;
    }
  }
  return false;
}

std::vector<const SieveRule*> Problem::sieves_that_removed(const Stack& stack) {
  std::vector<const SieveRule*> found;
  for (const StackPackage& member : stack.packages) {
    if (packages_[member.id].sieved.empty()) continue;
    // The versions that some requirement on it admits.
    Range admitted;
    auto look = [&](const pep::Requirement& requirement) {
      if (requirement.name == member.name)
        admitted = unite(admitted, range(member.id, requirement.specifiers));
    };
    for (const RootRequirement& root : question_.requirements) look(root.requirement);
    for (std::uint32_t parent : member.parents) {
      for_each_requirement(stack.packages[parent].id, stack.packages[parent].version_index, look);
    }
    for (VersionIndex version = 0; version < member.page->version_count(); ++version) {
      if (!admitted.contains(version)) continue;
      pep::Version value = member.page->version(version);
      for (const std::string* index : index_urls(*member.page, version)) {
        for (const SieveRule* sieve : plan_.removals({.name = member.name.str(),
                                      .version = value,
                                      .index_url = *index,
                                      .develop = member.develop})) {
          if (std::find(found.begin(), found.end(), sieve) == found.end()) found.push_back(sieve);
        }
      }
    }
  }
  std::sort(found.begin(), found.end(),
            [](const SieveRule* a, const SieveRule* b) { return a->head.id < b->head.id; });
  return found;
}

std::vector<solve::External> Problem::take_externals() { return std::exchange(externals_, {}); }

}  // namespace resolver::pipeline
