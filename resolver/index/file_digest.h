// The SHA-256 of a file: what its index says; and of a file of this machine that no page speaks of,
// what it is.
#pragma once

#include <string>

#include "resolver/index/page.h"

namespace resolver::index {

// In hex; empty if it is not known. Reads a local file whole.
std::string sha256_hex(const File& file);

}  // namespace resolver::index
