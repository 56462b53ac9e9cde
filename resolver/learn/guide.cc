#include "resolver/learn/guide.h"

#include <algorithm>

namespace resolver::learn {

void Guide::prefer(const std::vector<Chosen>& versions) {
  std::fill(preferred_.begin(), preferred_.end(), UINT32_MAX);
  for (const Chosen& chosen : versions) {
    if (chosen.package >= preferred_.size()) preferred_.resize(chosen.package + 1, UINT32_MAX);
    preferred_[chosen.package] = chosen.version;
  }
}

pep::Result<std::optional<solve::VersionIndex>> Guide::choose(solve::PackageId package,
                                                              const solve::Range& allowed) {
  if (package < preferred_.size() && preferred_[package] != UINT32_MAX &&
      allowed.contains(preferred_[package])) {
    auto usable = problem_.choose(package, solve::Range::one(preferred_[package]));
    if (!usable || *usable) return usable;
  }
  return problem_.choose(package, allowed);
}

}  // namespace resolver::learn
