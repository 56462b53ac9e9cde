// What a source tree says of itself in its files, without running anything of it: [project] of
// pyproject.toml (PEP 621), or setup.cfg; and how it would be built (PEP 517). Knows nothing of
// where the tree is.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"

namespace resolver::lock {

// The text of the tree's file of that name; not_found if there is none.
using TreeReader = std::function<pep::Result<std::string>(const std::string& name)>;

// METADATA (name, version, Requires-Python, dependencies, extras). not_found with the reason if
// only a build would tell, malformed if what is written is wrong. `shown` names the tree in errors.
pep::Result<std::string> static_metadata(const TreeReader& read, const std::string& shown);

struct BuildSystem {
  std::vector<std::string> requires_;
  std::string backend;                    // "hatchling.build", "module:object"
  std::vector<std::string> backend_path;  // directories of the tree, relative to it
};
// Setuptools where the tree says nothing; not_found if there is nothing to build.
pep::Result<BuildSystem> build_system(const TreeReader& read, const std::string& shown);

}  // namespace resolver::lock
