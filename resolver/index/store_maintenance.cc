// The size of the store, and its end.
#include "resolver/index/store_maintenance.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "resolver/index/store_access.h"
#include "resolver/index/store_snapshot.h"

namespace resolver::index {

pep::Result<StoreSize> store_size(const std::string& directory) {
  const std::string path = store_path(directory);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0 && errno == ENOENT) return StoreSize{};
  struct stat status {};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
    const pep::Error failure = store_error(path, errno);
    if (descriptor >= 0) ::close(descriptor);
    return failure;
  }
  const Snapshot snapshot(descriptor);
  ::close(descriptor);
  StoreSize size{.bytes = static_cast<std::uint64_t>(status.st_size),
                 .damaged = snapshot.damaged()};
  for (const LiveRecord& record : snapshot.records()) {
    ++(record.type == RecordType::kMetadata ? size.metadata
       : record.type == RecordType::kAbsent ? size.absent
                                            : size.pages);
  }
  const std::uint64_t needed = compacted_size(snapshot.records());
  if (size.bytes > needed) size.superseded = size.bytes - needed;
  return size;
}

pep::Result<std::uint64_t> store_clear(const std::string& directory) {
  const std::string path = store_path(directory);
  // A commit under way is let finish.
  auto file = LockedFile::open(path, PruneOptions{}.wait);
  if (!file) return std::move(file).error();
  struct stat status {};
  if (*file && ::fstat((*file)->descriptor(), &status) != 0) return store_error(path, errno);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return store_error(path, errno);
  ::unlink(claims_path(directory).c_str());  // advice only: who waits for a claim fetches instead
  remove_leftovers(directory);
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace resolver::index
