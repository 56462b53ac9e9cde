// A read-only view of an image's file tree and the only door to it. Every path is resolved inside
// the root (openat2 with RESOLVE_IN_ROOT): an absolute symbolic link means the image's "/", never
// the host's. Nothing is executed, created or written. Safe to share between threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"

namespace rpmenv {

enum class Kind { kFile, kDirectory, kLink, kOther };

struct Stat {
  Kind kind = Kind::kOther;
  std::uint64_t size = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint32_t mode = 0;
};

struct Entry {
  std::string name;
  Kind kind = Kind::kOther;
};

// Bytes of one file, mapped or held. Move only.
class Bytes {
 public:
  virtual ~Bytes() = default;
  virtual std::string_view view() const = 0;
  virtual const Stat& stat() const = 0;
};

// Faults of all members: not_found for a path that leads nowhere, io for one that may not be read
// (permission, disk), malformed for one that is not what was asked for (a FIFO, a loop of links,
// more bytes than the limit).
class Root {
 public:
  virtual ~Root() = default;
  // Paths are relative to the root, without a leading "/"; "" is the root itself. Links are
  // followed inside the root.
  virtual pep::Result<Stat> stat(std::string_view path) const = 0;
  virtual pep::Result<Stat> lstat(std::string_view path) const = 0;
  virtual pep::Result<std::vector<Entry>> list(
      std::string_view directory) const = 0;  // sorted by name
  // A regular file of at most `limit` bytes; FIFOs, devices and larger files are an error that
  // names them.
  virtual pep::Result<std::unique_ptr<Bytes>> read(std::string_view path,
                                                   std::uint64_t limit) const = 0;
  virtual pep::Result<std::string> read_link(std::string_view path) const = 0;
  // The path after all links, relative to the root.
  virtual pep::Result<std::string> real_path(std::string_view path) const = 0;
  virtual std::string describe() const = 0;  // what a person gave: the path of the root
  // "NAME=value" of the image's configuration; empty where there is none, as for a directory whose
  // configuration nobody gave.
  const std::vector<std::string>& environment() const { return environment_; }
  void set_environment(std::vector<std::string> environment) {
    environment_ = std::move(environment);
  }
  // What was wrong with the image itself, such as a path in a layer that leaves it.
  virtual std::vector<std::string> warnings() const { return {}; }

  bool is_file(std::string_view path) const;
  bool is_directory(std::string_view path) const;

 private:
  std::vector<std::string> environment_;
};

// A directory. not_found if it does not exist.
pep::Result<std::unique_ptr<Root>> open_directory(const std::string& path);

// What a person may name as an image: a root directory, an OCI layout, or an OCI or docker archive,
// told apart by looking. Fault environment if it is none of them, integrity if a digest in it is
// wrong.
pep::Result<std::unique_ptr<Root>> open_root(const std::string& path);

// The same, with the configuration of the image in a file of its own (what `buildah inspect`,
// `docker inspect` or `skopeo inspect --config` print): its environment counts as the image's.
// Empty `image_config`: none. Fault config if that file is none of these.
pep::Result<std::unique_ptr<Root>> open_root(const std::string& path,
                                             const std::string& image_config);

}  // namespace rpmenv
