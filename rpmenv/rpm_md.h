// Files of an rpm-md repository that say where its list of packages is: repomd.xml, and a metalink,
// which names the mirrors that have it. Knows nothing of transport. Untrusted input.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"

namespace rpmenv {

// The list of packages that a repomd.xml names.
struct PackageList {
  std::string location;  // relative to the repository, below it
  std::string checksum;  // hex; empty if none is given
  int checksum_kind = 0;
};

// malformed if it is no repomd.xml or names no list below the repository; io if it cannot be read.
pep::Result<PackageList> package_list(const std::string& repomd_path);

// Whether the file has the checksum of the list; a list without one is always intact.
pep::Result<bool> is_intact(const std::string& path, const PackageList& list);

struct Metalink {
  std::vector<std::string> urls;    // of repomd.xml, preferred ones first
  std::vector<std::string> sha256;  // that it may have, hex in lower case; none: not said
};
Metalink parse_metalink(std::string_view text);

// The URLs of a mirrorlist: one a line, comments with "#".
std::vector<std::string> parse_mirror_list(std::string_view text);

}  // namespace rpmenv
