// Gets what a requirement points at: the metadata of an archive, a directory or a commit, and what
// a lock says of it. What was found out once is kept in the store.
#pragma once

#include <optional>
#include <string>

#include "pep/metadata.h"
#include "plugin/direct/build.h"
#include "plugin/direct/location.h"
#include "resolver/index/client.h"
#include "resolver/index/overlay_client.h"
#include "resolver/lock/lock.h"

namespace plugin::direct {

struct Source {
  resolver::index::Direct direct;
  resolver::lock::DirectOrigin origin;
};

class SourceReader {
 public:
  // `builder` may be null: nothing is built then.
  SourceReader(resolver::index::Client& client, Builder* builder)
      : client_(client), builder_(builder) {}

  // not_found with the reason if only a build would tell, integrity for a hash that is another,
  // unreachable if it cannot be had now.
  pep::Result<Source> read(const Location& location);
  // METADATA of an sdist of an index; what an earlier build gave.
  std::optional<std::string> known_sdist(const resolver::index::File& file) const;
  pep::Result<std::string> build_sdist(const resolver::index::File& file);

 private:
  pep::Result<Source> read_archive(const Location& location);
  pep::Result<Source> read_directory(const Location& location);
  pep::Result<Source> read_repository(const Location& location);
  pep::Result<std::string> metadata_of_archive(const std::string& path, const std::string& filename,
                                               const Location& location);
  pep::Result<std::string> build_archive(std::string_view bytes, const std::string& below,
                                         const std::string& shown);
  pep::Result<std::string> metadata_of_commit(const Location& location, class Git& git,
                                              const std::string& commit);
  std::string sdist_key(const resolver::index::File& file) const;
  std::string flavour() const;  // part of keys: what was built is another matter

  resolver::index::Client& client_;
  Builder* builder_;
};

// The digest of 64 hexadecimal digits; none if it is none.
std::optional<resolver::index::Sha256> digest_of(const std::string& hex);

}  // namespace plugin::direct
