// Where the members of an uncompressed tar file lie, so that they can be read in any order. Only
// headers are looked at: an archive of 10 GB with 30 members costs 30 reads.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "pep/result.h"

namespace rpmenv {

struct Extent {
  std::uint64_t offset = 0, size = 0;
};

// Regular members and, under their own name, links to them. malformed if the file is no tar file or
// is cut off.
pep::Result<std::map<std::string, Extent>> index_tar(int file, const std::string& name);

}  // namespace rpmenv
