// A lock: the packages of one stack with the artifacts that may be installed. What readers give and
// writers take. Writers are canonical: the same Lock gives the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/name.h"
#include "pep/result.h"
#include "pep/version.h"

namespace resolver::lock {

struct Artifact {
  std::string filename;
  std::string url;
  std::string sha256;            // hex
  std::uint64_t size = 0;        // bytes, 0 if not known
  std::int64_t upload_time = 0;  // seconds since the epoch, 0 if not known
  bool wheel = true;
  bool elsewhere = false;  // listed for other targets: what the lock was made for can't use it
};

// Where a package comes from that no index gave: what PEP 610 records, and the tables archive, vcs
// and directory of PEP 751. No URL holds credentials.
struct DirectOrigin {
  enum class Kind : std::uint8_t { kArchive, kDirectory, kRepository };
  Kind kind = Kind::kArchive;
  std::string url;  // of the archive; of the repository, without "git+"; the directory's path
  std::string subdirectory;
  std::string revision;  // of a repository, as it was asked for; may be empty
  std::string commit;
  bool editable = false;
};

struct Package {
  pep::Name name;
  pep::Version version;
  bool has_version = true;             // a lock says none of a source tree
  std::optional<DirectOrigin> origin;  // none: an index
  std::string index;                   // URL as it was given
  std::vector<pep::Name> extras;       // asked for and provided, sorted
  std::vector<pep::Name>
      dependencies;  // that apply in the target, sorted, never the package itself
  std::vector<std::string> required_by;  // for "# via": names, or "-r requirements.in"; sorted
  std::string requires_python;           // of the release, as the index spells it; may be empty
  std::string marker;  // where a lock of others says the package is needed; empty: always
  bool direct = false;
  bool develop = false;
  std::vector<Artifact> artifacts;  // best first; those of other targets come last
};

struct Lock {
  std::string requires_python;  // of the target, e.g. "==3.11.*"
  std::vector<std::string>
      environments;               // markers of the targets it is for (PEP 751); empty: not said
  std::vector<Package> packages;  // sorted by name
};

// pip installs it with --require-hashes --no-deps. Every line is "name==version" with its hashes
// and "# via".
std::string write_requirements(const Lock& lock);
// pylock.toml (PEP 751), lock-version 1.0. Artifacts of file:// URLs are written as paths: relative
// to `directory`, where the lock will be, or absolute if that is not known.
std::string write_pylock(const Lock& lock, std::string_view directory = {});

// Replaces `path` by `bytes`: a temporary file in the same directory, fsync, rename, fsync of the
// directory. On any error (a full disk, no permission) what was there is still there and no
// temporary file stays behind. The mode of an existing file is kept, a symbolic link stays one. A
// file whose content is already `bytes` is left alone.
pep::Status write_file(const std::string& path, std::string_view bytes);

}  // namespace resolver::lock
