// What a resolution is made for: one interpreter on one platform. Read from an image or declared by
// the user.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pep/marker.h"
#include "pep/result.h"
#include "pep/tag.h"
#include "pep/version.h"
#include "rpmenv/facts.h"

namespace rpmenv {

struct Target {
  std::string implementation = "cpython";
  pep::Version python;                 // full, e.g. 3.12.0
  std::string abi;                     // cp312
  std::vector<std::string> platforms;  // best first
  pep::TagSet tags;
  pep::Environment environment;
  std::string root;         // as given; empty for a declared target
  std::string interpreter;  // path in the root; empty for a declared target
  Libc libc;                // kNone if unknown
};

// `python` is "3.12" or "3.12.4" ("3.12" means 3.12.0; "3.13t" is the free-threaded build),
// `platform` e.g. "manylinux_2_28_x86_64" (see expand_platform). Fault usage if one of them is
// malformed.
pep::Result<Target> declared_target(const std::string& python, const std::string& platform);

// `which`: "3.9", a path in the root, or empty for the default interpreter. Fault kEnvironment if
// there is none. `python_version` and `platform`, where given, overrule what was read; with both,
// the root needs no Python at all.
pep::Result<Target> target_of(const Facts& facts, const std::string& which,
                              const std::optional<std::string>& python_version,
                              const std::optional<std::string>& platform);

// The wheel platform tags of a root with this libc, best first: manylinux_2_36_x86_64 …
// linux_x86_64.
std::vector<std::string> platforms_of(const Libc& libc, const std::string& architecture);

}  // namespace rpmenv
