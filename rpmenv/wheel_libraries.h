// The shared objects in a wheel, as they will lie in a directory of packages once it is installed
// (PEP 427). Nothing is unpacked to disk but for members too large to be held. Untrusted input.
#pragma once

#include <optional>
#include <string>
#include <string_view>
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

// What was read of a wheel as text, to be kept, and back; the paths are then below `site` again.
// None if `text` is not what write_wheel_libraries() wrote.
std::string write_wheel_libraries(const WheelLibraries& wheel, const std::string& site);
std::optional<WheelLibraries> parse_wheel_libraries(std::string_view text, const std::string& site);

}  // namespace rpmenv
