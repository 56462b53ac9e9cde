// Where a requirement points, if not at an index: what its URL or path says, taken apart. Secrets
// are kept apart from what may be shown. Looks at the disk only to tell a directory from a file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pep/result.h"
#include "resolver/index/url.h"
#include "resolver/lock/lock.h"
#include "resolver/lock/requirements.h"

namespace plugin::direct {

struct Location {
  using Kind = resolver::lock::DirectOrigin::Kind;
  Kind kind = Kind::kArchive;
  std::string url;    // to be asked, with credentials; an absolute path for what is here
  std::string shown;  // the same without them; file:// for what is here
  bool local = false;
  std::string revision;             // of a repository; empty: its default branch
  std::string subdirectory;         // empty: none
  std::vector<std::string> sha256;  // an archive must have one of them; empty: any
  std::vector<pep::Name> extras;    // "./project[a,b]"
  bool editable = false;
  // The same for all spellings of one place.
  std::string canonical() const;
};

// kConfig, at its place, for what points nowhere or is not supported.
pep::Result<Location> location_of(const resolver::lock::RootRequirement& requirement);

}  // namespace plugin::direct
