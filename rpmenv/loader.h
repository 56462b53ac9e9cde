// The dynamic loader's view of an image: the directories it searches, and the shared objects in
// them. Knows nothing of packages.
#pragma once

#include <string>
#include <vector>

#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

// Directories that exist, as real paths, in the order of the search: ld.so.conf, then the defaults
// of both families.
std::vector<std::string> loader_directories(const Root& root);

struct LibraryScan {
  std::vector<Library> libraries;     // sorted by path, without owners
  std::vector<std::string> warnings;  // damaged files, by name
};

// Every ELF shared object of `directories`, and every one below /usr and below `places`
// (directories of Python packages) that has a soname (with `modules`: that has none too), once; its
// other names are its links. With `symbols` what they export too. Two threads.
LibraryScan scan_libraries(const Root& root, const std::vector<std::string>& directories,
                           const std::vector<std::string>& places, bool modules, bool symbols);

}  // namespace rpmenv
