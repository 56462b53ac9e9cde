// Which files of a version count, where a page may hold those of several indexes
// (--index-strategy unsafe-best-match): a sieve may remove what comes from one of them.
#include <algorithm>
#include <limits>
#include <set>
#include <string_view>

#include "resolver/pipeline/problem.h"

namespace resolver::pipeline {

using solve::PackageId;
using solve::VersionIndex;

std::vector<const std::string*> index_urls(const index::Page& page, VersionIndex version) {
  if (page.index_count() == 1) return {&page.index_url()};
  std::vector<const std::string*> urls;
  const index::FileRange files = page.files(version);
  for (std::uint32_t file = files.begin; file < files.end; ++file) {
    const std::string* url = &page.index_url_of(file);
    if (std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(url);
  }
  return urls;
}

const SieveRule* Problem::removed(const Package& package, VersionIndex version,
                                  const std::string& index_url) const {
  const pep::Version value = package.page->version(version);
  return plan_.removed({.name = package.name.str(), .version = value, .index_url = index_url},
                       any_develop_ ? Plan::Develop::kUnknown : Plan::Develop::kNone);
}

namespace {

// A rule that looks at nothing but one package decides by itself which index is the better one.
bool tells_indexes(const StackRule& rule) {
  return is_unconditional(rule) && rule.all_of[0].index_url.has_value() &&
         (rule.effect == Effect::kScore || rule.effect == Effect::kNotAcceptable);
}

}  // namespace

bool Problem::rules_tell_indexes(const Package& package) const {
  for (const PackageRules* rules : {&plan_.of(package.name.str()), &plan_.general()}) {
    for (const StackRule* rule : rules->stack)
      if (tells_indexes(*rule)) return true;
  }
  return false;
}

double Problem::worth_of_index(const Package& package, const pep::Version& version,
                               const std::string& index_url) const {
  double worth = 0;
  for (const PackageRules* rules : {&plan_.of(package.name.str()), &plan_.general()}) {
    for (const StackRule* rule : rules->stack) {
      if (!tells_indexes(*rule) ||
          !meets(rule->all_of[0],
                 {.name = package.name.str(), .version = version, .index_url = index_url}))
        continue;
      if (rule->effect == Effect::kNotAcceptable) return -std::numeric_limits<double>::infinity();
      worth += rule->score;
    }
  }
  return worth;
}

// The best file that no sieve removes, of the index that rules prefer; without one the version
// counts as removed.
void Problem::take_best_index(Package& package, VersionIndex version, Candidate& found) {
  const index::Page& page = *package.page;
  const bool pinned = package.pinned.contains(version);
  const pep::Version value = page.version(version);
  const SieveRule* removed_by = nullptr;
  std::optional<std::uint32_t> best;
  double most = 0;
  for (const std::uint32_t file : filter_.usable_files(page, version, pinned)) {
    const std::string& url = page.index_url_of(file);
    const SieveRule* sieve = package.sieved.empty() ? nullptr : removed(package, version, url);
    if (sieve != nullptr) {
      if (removed_by == nullptr) removed_by = sieve;
      continue;
    }
    const double worth = worth_of_index(package, value, url);
    if (best && worth <= most) continue;
    best = file;
    most = worth;
  }
  if (!best) {
    package.sieved[version] = removed_by;
  } else if (best != found.file) {
    found = {.file = *best, .metadata_file = *best};
  }
}

const std::string& Problem::chosen_index_url(PackageId base, VersionIndex version) {
  if (packages_[base].page->index_count() > 1) candidate(base, version);
  return index_url(base, version);
}

std::vector<std::uint32_t> Problem::usable_files(PackageId base, VersionIndex version) {
  const Package& package = packages_[base];
  const index::Page& page = *package.page;
  std::vector<std::uint32_t> files =
      filter_.usable_files(page, version, package.pinned.contains(version));
  if (page.index_count() == 1) return files;
  if (rules_tell_indexes(package)) {
    const std::string& chosen = index_url(base, version);
    std::stable_partition(files.begin(), files.end(),
                          [&](std::uint32_t file) { return page.index_url_of(file) == chosen; });
  }
  std::set<std::string_view> names;  // a file that several indexes have counts once
  std::erase_if(files, [&](std::uint32_t file) {
    const bool gone =
        !package.sieved.empty() && removed(package, version, page.index_url_of(file)) != nullptr;
    return gone || !names.insert(page.file(file).filename).second;
  });
  return files;
}

// A requirement with a URL can be met where the user has named the same.
bool Problem::is_given(const pep::Requirement& requirement) const {
  if (requirement.url.empty()) return true;
  const auto known = question_.direct_urls.find(requirement.name);
  return known != question_.direct_urls.end() &&
         std::find(known->second.begin(), known->second.end(), requirement.url) !=
             known->second.end();
}

const std::string& Problem::index_url(PackageId base, VersionIndex version) const {
  const Package& package = packages_[base];
  const index::Page& page = *package.page;
  if (page.index_count() == 1) return page.index_url();
  if (package.looked_at[version] != 0 && package.candidates[version].file)
    return page.index_url_of(*package.candidates[version].file);
  const index::FileRange files = page.files(version);
  return files.begin == files.end ? page.index_url() : page.index_url_of(files.begin);
}

// Versions that the user's policy keeps apart, as soon as all their packages are part of the
// problem. By version, not by file: another wheel of the same version is as good as none.
void Problem::keep_apart(const pep::Name& name) {
  for (const Apart& apart : question_.policy.apart) {
    solve::External external;
    bool named = false;
    for (const auto& [member, version] : apart.members) {
      named |= member == name;
      const PackageId id = find(member);
      if (id == solve::kNoPackage || packages_[id].page == nullptr) break;
      const index::Page& page = *packages_[id].page;
      for (VersionIndex i = 0; i < page.version_count(); ++i) {
        if (page.version(i) == version)
          external.literals.push_back({id, solve::Term::in(solve::Range::one(i))});
      }
    }
    if (!named || external.literals.size() != apart.members.size()) continue;
    external.detail = note({.text = apart.reason});
    externals_.push_back(std::move(external));
  }
}

}  // namespace resolver::pipeline
