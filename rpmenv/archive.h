// Archives in memory and on disk, through libarchive. Knows nothing of images or of Python.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "pep/result.h"
#include "rpmenv/descriptor.h"

namespace rpmenv {

// One member of a zip file; not_found if it has none of that name, malformed if it is damaged or
// has more bytes than `limit`.
pep::Result<std::string> read_zip_member(std::string_view zip, std::string_view member,
                                         std::uint64_t limit);

// io if it is not there, may not be read, or is no regular file, such as a FIFO that would hang.
pep::Result<Descriptor> open_regular(const std::string& path);

using StreamFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
// A file for reading whose bytes are those of `path` decompressed: gzip, bzip2, xz, zstd, or as
// they are. io if it cannot be opened. What is damaged shows as a read error.
pep::Result<StreamFile> open_decompressed(const std::string& path);

struct ZipMember {
  std::string_view name;
  // Hands the bytes on in pieces; stops at the first error. malformed if the member is damaged or
  // has more than `limit`.
  std::function<pep::Status(std::uint64_t limit,
                            const std::function<pep::Status(std::string_view)>& use)>
      read;
};

// Every member of a zip file on disk, in its order, until `use` fails. io if the file cannot be
// opened, malformed if it is damaged or no zip file.
pep::Status for_each_zip_member(const std::string& path,
                                const std::function<pep::Status(const ZipMember&)>& use);

}  // namespace rpmenv
