// Installed Python distributions: *.dist-info, *.egg-info and *.egg in directories of packages.
#pragma once

#include <string>
#include <vector>

#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

struct FoundDistribution {
  Distribution distribution;  // without an owner
  std::string record;         // the file that a package would own: …/METADATA
};

// What is damaged or unreadable goes to `warnings`; its name and version then come from the name of
// its directory.
std::vector<FoundDistribution> find_distributions(const Root& root,
                                                  const std::vector<std::string>& directories,
                                                  std::vector<std::string>& warnings);

}  // namespace rpmenv
