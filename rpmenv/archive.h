// Archives in memory and on disk, through libarchive. Knows nothing of images or of Python.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pep/result.h"

namespace rpmenv {

// One member of a zip file; not_found if it has none of that name, malformed if it is damaged or
// has more bytes than `limit`.
pep::Result<std::string> read_zip_member(std::string_view zip, std::string_view member,
                                         std::uint64_t limit);

}  // namespace rpmenv
