// The lists of packages of the repositories that an image is configured for, brought to this
// machine and kept in the store's directory. Signatures are not checked: nothing is installed from
// them, and whoever pastes the line that they lead to has them checked by the image's own
// installer.
#pragma once

#include <string>
#include <vector>

#include "plugin/direct/process.h"
#include "plugin/options.h"
#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace plugin {

struct ImageRepositories {
  std::vector<std::string> directories;  // each with a repodata/repomd.xml and what that names
  std::string note;  // those that could not be had, and why; empty if there is nothing to say
  std::vector<direct::Scratch> scratch;  // what is there without a store
};

// What cannot be had is never an error. With IndexOptions::offline no socket is opened: only what
// the store has, and repositories within the image.
ImageRepositories image_repositories(const rpmenv::Root& root, const rpmenv::Facts& facts,
                                     const IndexOptions& options);

// Removes what is kept of them below the store's directory; the number of bytes that it had.
std::uint64_t remove_kept_repositories(const std::string& cache_directory);

}  // namespace plugin
