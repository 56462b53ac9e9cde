// Resolves a path component by component inside a tree, as the kernel does under chroot: an
// absolute link starts again at the root, ".." never leaves it. Knows of the tree only how to read
// one link.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "pep/result.h"

namespace rpmenv {

// The text of the link at `path` (whose directories are no links); empty if `path` is there and is
// no link.
using ReadLink = std::function<pep::Result<std::string>(const std::string& path)>;

// The path without links, relative to the root. malformed for a loop of links.
pep::Result<std::string> walk_path(std::string_view path, bool follow_last,
                                   const ReadLink& read_link);

}  // namespace rpmenv
