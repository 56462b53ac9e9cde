// What rules could bring at best, as far as that is known without reading anything: where the first
// stack has it already, there is nothing to look for.
#include <algorithm>
#include <limits>

#include "resolver/pipeline/problem.h"

namespace resolver::pipeline {

namespace {

bool is_among(const std::vector<std::string>& urls, std::string_view wanted) {
  return std::any_of(urls.begin(), urls.end(),
                     [&](const std::string& url) { return prescriptions::is_index(wanted, url); });
}

}  // namespace

// False only if no stack can make it fire: it asks for an index that nothing comes from, or for
// versions that do not exist. Of a package that was not met so far everything is possible.
bool Problem::may_fire(const StackRule& rule) const {
  const index::ClientOptions& asked = client_.options();
  const auto possible = [&](const PackagePattern& pattern) {
    if (pattern.index_url && !pattern.index_url->negated &&
        !is_among(asked.index_urls, pattern.index_url->url) &&
        !is_among(asked.find_links, pattern.index_url->url)) {
      return false;
    }
    if (pattern.name.empty()) return true;
    const auto known = ids_.find(pattern.name);
    if (known == ids_.end()) return true;
    const Package& package = packages_[known->second];
    if (package.page == nullptr) return false;
    PackagePattern version = pattern;
    version.develop.reset();
    version.index_url.reset();
    for (solve::VersionIndex i = 0; i < package.page->version_count(); ++i) {
      const pep::Version value = package.page->version(i);
      if (meets(version, {.name = pattern.name, .version = value, .index_url = {}})) return true;
    }
    return false;
  };
  return std::all_of(rule.all_of.begin(), rule.all_of.end(), possible) &&
         std::all_of(rule.parents.begin(), rule.parents.end(), possible);
}

double Problem::appraisal(solve::PackageId base, solve::VersionIndex version) {
  if (plan_.appraisers().empty() || left_out(base, version) != nullptr) return 0;
  const Package& package = packages_[base];
  const pep::Version value = package.page->version(version);
  return appraise(plan_.appraisers(), {.name = package.name.str(),
                                       .version = &value,
                                       .page = package.page,
                                       .version_index = version,
                                       .file = candidate(base, version).file,
                                       .metadata = metadata_of(base, version)});
}

double Problem::best_score() const {
  double best = 0;
  for (const StackRule* rule : plan_.scoring()) {
    if (rule->score <= 0 || !may_fire(*rule)) continue;
    // Once for each package that meets it.
    if (!rule->all_of.empty() && rule->all_of[0].name.empty())
      return std::numeric_limits<double>::infinity();
    best += rule->score;
  }
  return best;
}

}  // namespace resolver::pipeline
