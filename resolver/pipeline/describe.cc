#include "resolver/pipeline/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace resolver::pipeline {

namespace {

using solve::Interval;
using solve::PackageId;
using solve::Range;
using solve::VersionIndex;

std::string links_of(const prescriptions::Notices* notices) {
  std::string links;
  for (const auto* entries : {&notices->stack_info, &notices->justification}) {
    for (const Entry& entry : *entries) {
      if (entry.link.empty() || links.find(entry.link) != std::string::npos) continue;
      links += (links.empty() ? "" : ", ") + entry.link;
    }
  }
  return links.empty() ? "" : " (" + links + ")";
}

std::string message_of(const RuleHead& head) {
  for (const Entry& entry : head.notices->stack_info) return entry.message;
  return "rule " + head.unit + " removes it";
}

std::string added(const std::string& to, const StackRule& rule) {
  return fmt::format("{} adds {} {} to {}{}", rule.head.unit, rule.added->name,
                     rule.added->locked_version->str(), to, links_of(rule.head.notices));
}

}  // namespace

std::string ProblemDescriber::name(PackageId id) const {
  const auto& package = problem_.package(id);
  return package.extra ? fmt::format("{}[{}]", package.name.str(), package.extra->str())
                       : package.name.str();
}

// Intervals of indices as specifiers: bounds are versions that exist. Pre-releases between finals
// are not worth a word unless they are all there is.
std::string ProblemDescriber::range_text(PackageId id, const Range& range) const {
  const index::Page* page = problem_.package(id).page;
  const VersionIndex count = page == nullptr ? 0 : page->version_count();
  if (range.is_all()) return "";
  if (const std::string instead = stand_in_text(id, range); !instead.empty()) return instead;
  std::vector<VersionIndex> shown;
  std::vector<VersionIndex> others;
  for (VersionIndex i = 0; i < count; ++i) {
    const bool finals_only = problem_.question().policy.prerelease != Prerelease::kAllow;
    (finals_only && page->version(i).is_prerelease() ? others : shown).push_back(i);
  }
  auto admitted = [&](VersionIndex i) { return range.contains(i); };
  if (std::none_of(shown.begin(), shown.end(), admitted)) shown.swap(others);
  if (std::none_of(shown.begin(), shown.end(), admitted)) return " (no such version)";
  std::string text;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!admitted(shown[i])) continue;
    const std::size_t first = i;
    while (i + 1 < shown.size() && admitted(shown[i + 1])) ++i;
    if (first == 0 && i + 1 == shown.size()) return "";
    text += text.empty() ? " " : " or ";
    if (first == i) {
      text += page->version(shown[first]).str();
      continue;
    }
    if (first > 0) text += ">=" + page->version(shown[first]).str();
    if (i + 1 < shown.size()) text += (first > 0 ? ",<" : "<") + page->version(shown[i + 1]).str();
  }
  return text;
}

std::string ProblemDescriber::versions(PackageId id, const Range& range) const {
  return name(id) + range_text(id, range);
}

// Where all that is meant is no version but what stands in the place of some.
std::string ProblemDescriber::stand_in_text(PackageId id, const Range& range) const {
  const index::Page* page = problem_.package(id).page;
  const VersionIndex count = page == nullptr ? 0 : page->version_count();
  if (problem_.choice_count(id) == count) return "";
  for (const Interval& interval : intersect(range, Range::between(0, problem_.choice_count(id)))) {
    if (interval.begin < count) return "";
    const StandIn& by = *problem_.left_out(id, interval.begin);
    const std::string version = problem_.version(id, interval.begin).str();
    return by.pseudonym == nullptr ? fmt::format(" {} left out", version)
                                   : fmt::format(" {} replaced by {}", version, by.pseudonym->name);
  }
  return "";
}

// The versions one by one where they are few, as finals and pre-releases alike.
std::string ProblemDescriber::listed(PackageId id, const Range& range) const {
  const index::Page* page = problem_.package(id).page;
  std::string text;
  std::size_t count = 0;
  for (const Interval& interval : range) {
    for (VersionIndex i = interval.begin; i < interval.end; ++i) {
      if (++count <= 4) text += (text.empty() ? "" : ", ") + page->version(i).str();
    }
  }
  return count <= 4 ? text : fmt::format("{} and {} more", text, count - 4);
}

std::string ProblemDescriber::no_versions(PackageId id, const Range& range) const {
  const auto& package = problem_.package(id);
  if (package.page == nullptr)
    return fmt::format("no index has a package named {}", package.name.str());
  const VersionIndex count = package.page->version_count();
  const Range existing = intersect(range, Range::between(0, count));
  if (existing.empty())
    return count == 0 ? fmt::format("the index has no release of {}", name(id))
                      : fmt::format("there is no version of {} that is asked for", name(id));
  std::map<std::string, Range> reasons;
  for (const Interval& interval : existing) {
    for (VersionIndex version = interval.begin; version < interval.end; ++version) {
      std::string reason = problem_.why_not(id, version);
      if (reason.empty()) continue;
      Range& known = reasons[reason];
      known = unite(known, Range::one(version));
    }
  }
  if (reasons.empty()) return fmt::format("no version of {} fits", versions(id, existing));
  if (reasons.size() == 1)
    return fmt::format("{} {}", versions(id, existing), reasons.begin()->first);
  std::string text = fmt::format("no version of {} can be used (", versions(id, existing));
  bool first = true;
  for (const auto& [reason, some] : reasons) {
    text +=
        fmt::format("{}{} {}", first ? "" : "; ",
                    range_text(id, some).empty() ? "each" : range_text(id, some).substr(1), reason);
    first = false;
  }
  return text + ")";
}

std::string ProblemDescriber::depends(PackageId id, const Range& range,
                                      std::uint32_t number) const {
  const auto& detail = problem_.detail(number);
  if (detail.pseudonym != nullptr) {
    return fmt::format("{} offers {} in the place of {}{}", detail.pseudonym->head.unit,
                       detail.pseudonym->name, name(id), links_of(detail.pseudonym->head.notices));
  }
  if (detail.rule != nullptr) return added(versions(id, range), *detail.rule);
  const pep::Requirement& holds = problem_.overridden(*detail.requirement);
  pep::Requirement shown = holds;
  shown.marker.reset();
  std::string none = problem_.why_none(shown);
  if (&holds != detail.requirement)
    none = " (an override of " + detail.requirement->str() + ")" + none;
  if (id == solve::kRootPackage) {
    return fmt::format("you require {}{}{}", shown.str(),
                       detail.text.empty() ? "" : " (" + detail.text + ")", none);
  }
  return fmt::format("{} requires {}{}", versions(id, range), shown.str(), none);
}

std::string ProblemDescriber::external(const solve::Incompatibility& incompatibility) const {
  const auto& detail = problem_.detail(incompatibility.detail);
  if (detail.constraint) {
    return fmt::format(
        "the constraint {}{} rules out {}", detail.requirement->str(),
        detail.text.empty() ? "" : " (" + detail.text + ")",
        versions(incompatibility.literals[0].package, incompatibility.literals[0].term.range));
  }
  std::string who;
  for (const solve::Literal& literal : incompatibility.literals) {
    if (!literal.term.positive) continue;
    if (!who.empty()) who += " with ";
    who += versions(literal.package, literal.term.range);
    if (who.size() == name(literal.package).size() && !detail.rule) break;
  }
  if (detail.sieve != nullptr) {
    return fmt::format("{} is not acceptable: {}{}", who, message_of(detail.sieve->head),
                       links_of(detail.sieve->head.notices));
  }
  if (detail.rule != nullptr && detail.rule->effect == Effect::kAddPackage)
    return added(who, *detail.rule);
  if (detail.rule != nullptr && detail.rule->effect == Effect::kSkipPackage) {
    return fmt::format(
        "{} decides whether {} is left out of {}{}", detail.rule->head.unit,
        detail.rule->all_of[0].name.empty() ? "a package" : detail.rule->all_of[0].name, who,
        links_of(detail.rule->head.notices));
  }
  if (detail.rule != nullptr) {
    return fmt::format("{} is not acceptable: {}{}", who, detail.rule->message,
                       links_of(detail.rule->head.notices));
  }
  return fmt::format("{} cannot be used: {}", who, detail.text);
}

// Says so where no version at all meets a requirement: the clause then needs no other beside it.
std::string Problem::why_none(const pep::Requirement& requirement) {
  const PackageId id = find(requirement.name);
  if (id == solve::kNoPackage || packages_[id].page == nullptr) return "";
  const VersionIndex count = packages_[id].page->version_count();
  const Range admitted = existing(id, range(id, requirement.specifiers));
  if (count == 0 || !admitted.empty()) return "";
  const auto newest = first_choice(id, Range::all(), false);
  if (!newest) return ", and there is no such version";
  return fmt::format(", and there is no such version (the newest that can be used is {})",
                     packages_[id].page->version(*newest).str());
}

std::string Problem::why_not(PackageId id, VersionIndex version) {
  const PackageId base = packages_[id].base == solve::kNoPackage ? id : packages_[id].base;
  const Package& package = packages_[base];
  const Candidate& found = candidate(base, version);
  if (found.file) {
    if (!package.sieved.empty() && package.sieved[version] != nullptr) {
      const RuleHead& head = package.sieved[version]->head;
      return fmt::format("is not acceptable: {}{}", message_of(head), links_of(head.notices));
    }
    if (package.page->version(version).is_prerelease())
      return "is a pre-release, which is not allowed here";
    return "";
  }
  switch (found.rejection) {
    case Rejection::kNone:
      return "";
    case Rejection::kNoFiles:
      return "has no file that can be installed";
    case Rejection::kTooNew:
      return "was uploaded after the cut-off of --exclude-newer";
    case Rejection::kYanked:
      return "was yanked";
    case Rejection::kRequiresPython: {
      const index::FileRange files = package.page->files(version);
      for (std::uint32_t i = files.begin; i < files.end; ++i) {
        index::FileFacts file = package.page->facts(i);
        if (!filter_.python_fits(file.requires_python)) {
          return fmt::format("needs Python {}; this target has {}", file.requires_python,
                             target_.python.str());
        }
      }
      return "does not support this Python";
    }
    case Rejection::kOnlyBinary:
      return "has no wheel for this target, and sdists are ruled out by --only-binary";
    case Rejection::kNoBinary:
      return "has no sdist, and wheels are ruled out by --no-binary";
    case Rejection::kHash:
      return "has no file with a hash that you give";
    case Rejection::kLacks: {
      const index::FileRange files = package.page->files(version);
      for (std::uint32_t i = files.begin; i < files.end; ++i) {
        const auto known = question_.policy.lacking.find(package.page->file(i).filename);
        if (known != question_.policy.lacking.end()) return known->second;
      }
      return "needs libraries that this target lacks";
    }
    case Rejection::kTags:
      break;
  }
  const index::FileRange files = package.page->files(version);
  std::string needed;
  for (std::uint32_t i = files.begin; i < files.end; ++i) {
    std::string level = libc_needed(package.page->facts(i).triple, target_);
    if (!level.empty() && (needed.empty() || level < needed)) needed = level;
  }
  if (needed.empty()) {
    return fmt::format("has no wheel for this target ({}, {})", target_.abi,
                       target_.platforms.empty() ? "any platform" : target_.platforms.front());
  }
  const std::string& platform = target_.platforms.front();
  std::string has = platform;
  if (platform.starts_with("manylinux_") || platform.starts_with("musllinux_")) {
    std::string level = platform.substr(10);
    std::replace(level.begin(), level.end(), '_', '.');
    std::size_t dot = level.find('.');
    has = fmt::format("{} {}", platform.starts_with("many") ? "glibc" : "musl",
                      level.substr(0, level.find('.', dot + 1)));
  }
  return fmt::format("needs {}; this target has {}", needed, has);
}

RefusalFacts refusals_in(const solve::Solver& solver, solve::IncompatibilityId failure,
                         Problem& problem) {
  RefusalFacts found;
  for (solve::IncompatibilityId id : solve::facts_of(solver, failure)) {
    const solve::Incompatibility& fact = solver.incompatibility(id);
    if (fact.cause == solve::Cause::kExternal) {
      const StackRule* rule = problem.detail(fact.detail).rule;
      const SieveRule* late = problem.detail(fact.detail).sieve;
      if (late != nullptr &&
          std::find(found.sieves.begin(), found.sieves.end(), late) == found.sieves.end()) {
        found.sieves.push_back(late);
      }
      if (rule != nullptr && rule->effect == Effect::kNotAcceptable &&
          std::find(found.rules.begin(), found.rules.end(), rule) == found.rules.end()) {
        found.rules.push_back(rule);
      }
    } else if (fact.cause == solve::Cause::kNoVersions) {
      const auto& package = problem.package(fact.literals[0].package);
      for (VersionIndex i = 0; i < package.sieved.size(); ++i) {
        if (!fact.literals[0].term.range.contains(i)) continue;
        problem.candidate(fact.literals[0].package, i);
        const SieveRule* sieve = package.sieved[i];
        if (sieve != nullptr &&
            std::find(found.sieves.begin(), found.sieves.end(), sieve) == found.sieves.end()) {
          found.sieves.push_back(sieve);
        }
      }
    }
  }
  return found;
}

}  // namespace resolver::pipeline
