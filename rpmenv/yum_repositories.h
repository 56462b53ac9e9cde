// The repositories of packages that an image is configured for: sections of /etc/yum.repos.d/*.repo
// (zypper's directory too) with their variables replaced. Asks nobody. Untrusted input.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

struct YumRepository {
  std::string id;
  std::vector<std::string> base_urls;
  std::string mirror_list, metalink;  // URLs, or empty
  bool verifies_tls = true;
};

// Those that are enabled and say where they are, in the order of files and sections; of several
// with one id the last counts, as with dnf.
std::vector<YumRepository> yum_repositories(const Root& root, const Facts& facts);

}  // namespace rpmenv
