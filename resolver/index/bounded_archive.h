// An archive in memory, opened with libarchive so that only so much of it is ever decompressed:
// what is skipped counts too. Knows nothing of what the archive holds.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "pep/result.h"

struct archive;  // libarchive's

namespace resolver::index {

// What is decompressed of an archive in which a file is looked for.
constexpr std::int64_t kLookLimit = std::int64_t{512} << 20;

class BoundedArchive {
 public:
  // `bytes` outlive this. `what` names the archive in errors: "the sdist".
  BoundedArchive(std::string_view bytes, std::int64_t most, std::string_view what);
  // Once, after the formats and filters were chosen with get().
  bool open();
  archive* get() const { return archive_.get(); }
  // What the last call of libarchive complained of.
  pep::Error broken() const;

 private:
  struct Source {
    archive* in;
    std::string_view bytes;
    std::int64_t most;
    std::size_t at = 0;
    bool beyond = false;
  };
  static ssize_t read(archive* in, void* source, const void** block);
  static std::int64_t skip(archive* in, void* source, std::int64_t size);
  static std::int64_t seek(archive* in, void* source, std::int64_t offset, int from);

  std::string_view what_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

}  // namespace resolver::index
