// What a lock says of packages that no index gave, for who fetches and installs it.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
#include "resolver/index/client.h"
#include "resolver/lock/lock.h"

namespace plugin::direct {

// Makes paths of a lock, which are relative to it, absolute.
void find_from(resolver::lock::Lock& lock, const std::string& lock_path);
// Points archives and repositories to what `fetch` has put into one of these directories.
void find_in(resolver::lock::Lock& lock, const std::vector<std::string>& wheelhouses);

// Whether a package is installed from a source tree: a directory or a repository.
bool is_tree(const resolver::lock::Package& package);
resolver::lock::Lock take_trees(resolver::lock::Lock& lock);

// Clones a repository at its commit into `wheelhouse`; a directory stays where it is.
pep::Status fetch_tree(const resolver::index::ClientOptions& options,
                       const resolver::lock::Package& package, const std::string& wheelhouse);

}  // namespace plugin::direct
