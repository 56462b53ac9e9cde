#include "resolver/pipeline/prefetch.h"

#include <algorithm>
#include <optional>

#include "resolver/pipeline/specifier_range.h"

namespace resolver::pipeline {

void Prefetcher::require(const pep::Requirement& requirement) {
  if (!requirement.url.empty()) return;
  {
    std::scoped_lock lock(mutex_);
    Wish& wish = wishes_[requirement.name.str()];
    wish.extras.insert(requirement.extras.begin(), requirement.extras.end());
    if (!requirement.specifiers.empty()) wish.specifiers.push_back(requirement.specifiers);
  }
  client_.want_page(requirement.name);
}

void Prefetcher::on_page(const index::Page& page) {
  std::optional<std::uint32_t> file;
  {
    std::scoped_lock lock(mutex_);
    solve::Range allowed = solve::Range::between(0, page.version_count());
    bool prereleases = policy_.prerelease == Prerelease::kAllow;
    for (const pep::SpecifierSet& specifiers : wishes_[page.name().str()].specifiers) {
      allowed = intersect(allowed, range_of(specifiers, page, false));
    }
    for (std::size_t i = allowed.size(); i-- > 0 && !file;) {
      const solve::Interval interval = allowed.begin()[i];
      for (std::uint32_t version = interval.end; version-- > interval.begin && !file;) {
        if (!prereleases && page.version(version).is_prerelease()) continue;
        const Candidate candidate = filter_.best(page, version, false);
        if (candidate.file) file = candidate.metadata_file;
      }
    }
  }
  if (file) client_.want_metadata(page, *file);
}

void Prefetcher::on_metadata(const index::Page& page, const pep::Metadata& metadata) {
  std::vector<pep::Name> extras;
  {
    std::scoped_lock lock(mutex_);
    const Wish& wish = wishes_[page.name().str()];
    extras.assign(wish.extras.begin(), wish.extras.end());
  }
  for (const pep::Requirement& requirement : metadata.requires_dist) {
    if (requirement.marker && !requirement.marker->holds(target_.environment, extras)) continue;
    require(requirement);
  }
}

}  // namespace resolver::pipeline
