// Which C library an image has and which release it is, read from the library's own bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

struct FoundLibc {
  Libc libc;
  std::string path;     // of the library, real; empty with kNone
  std::string machine;  // of the library's ELF header
};

// `program_loader` is the PT_INTERP of the image's Python and `machine` its architecture, where
// known: they decide between two C libraries in one image.
FoundLibc find_libc(const Root& root, const std::vector<std::string>& directories,
                    std::string_view program_loader, std::string_view machine);

// "2.36" of "GNU C Library (…) stable release version 2.36."; empty if the bytes do not say.
std::string glibc_release(std::string_view bytes);
// The version text of a musl loader, "1.2.3"; empty if the bytes do not say.
std::string musl_release(std::string_view bytes);

}  // namespace rpmenv
