// The shared objects in a wheel, as they will lie in a directory of packages once it is installed
// (PEP 427). Nothing is unpacked to disk but for members too large to be held. Untrusted input.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
#include "rpmenv/facts.h"

namespace rpmenv {

struct WheelLibraries {
  std::string distribution;        // of the wheel's file name
  std::vector<Library> libraries;  // paths below `site`, in the wheel's order
};

// `site` is the directory of packages that the wheel would be installed into, relative to the root.
// io if the file cannot be read, malformed if it is no wheel or is damaged; both name it.
pep::Result<WheelLibraries> wheel_libraries(const std::string& path, const std::string& site);

}  // namespace rpmenv
