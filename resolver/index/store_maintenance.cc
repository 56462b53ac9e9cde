// What `seshat cache` does with the store's file.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include "resolver/index/mapped_file.h"
#include "resolver/index/store.h"
#include "resolver/index/store_file.h"

namespace resolver::index {
namespace layout = store_layout;
namespace {

pep::Error io_error(const std::string& path) {
  return pep::error(pep::Fault::kIo,
                    "the store " + path + " cannot be used: " + std::strerror(errno));
}

// The file, locked; closed and unlocked at the end.
class LockedFile {
 public:
  explicit LockedFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {
    if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX);
  }
  ~LockedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

struct Live {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t hash = 0;
  RecordType type = RecordType::kPage;
  std::int64_t stored_at = 0;
  std::int64_t expires = 0;
};

// The newest undamaged record of each key, by offset.
std::vector<Live> live_records(int descriptor, std::string_view file, std::uint64_t newest_block) {
  std::map<std::pair<bool, std::string_view>, Live> newest;
  for (std::uint64_t at = newest_block; at != 0;) {
    const auto block = read_block(descriptor, at, file.size());
    if (!block) break;
    for (const layout::BlockEntry& entry : block->entries) {
      if (entry.offset > file.size() || entry.size > file.size() - entry.offset) continue;
      const auto record = read_record(file.substr(entry.offset, entry.size));
      if (!record) continue;
      const auto type = static_cast<RecordType>(record->head.type);
      Live& live = newest[{type == RecordType::kMetadata, record->key}];
      if (live.size != 0 && live.offset > entry.offset) continue;
      live = {.offset = entry.offset,
              .size = entry.size,
              .hash = entry.hash,
              .type = type,
              .stored_at = record->head.stored_at,
              .expires = record->head.expires};
    }
    if (block->previous >= at) break;
    at = block->previous;
  }
  std::vector<Live> result;
  for (const auto& [key, live] : newest) result.push_back(live);
  std::sort(result.begin(), result.end(),
            [](const Live& a, const Live& b) { return a.offset < b.offset; });
  return result;
}

// Leaves out the oldest until the rest fits.
void shorten(std::vector<Live>& records, std::uint64_t size_limit) {
  std::uint64_t total = 0;
  for (const Live& record : records) total += record.size + sizeof(layout::BlockEntry);
  std::vector<const Live*> oldest;
  for (const Live& record : records) oldest.push_back(&record);
  std::sort(oldest.begin(), oldest.end(), [](const Live* a, const Live* b) {
    return std::pair(a->stored_at, a->offset) < std::pair(b->stored_at, b->offset);
  });
  std::vector<std::uint64_t> dropped;
  for (const Live* record : oldest) {
    if (total + layout::kFirstRecord <= size_limit) break;
    total -= record->size + sizeof(layout::BlockEntry);
    dropped.push_back(record->offset);
  }
  std::sort(dropped.begin(), dropped.end());
  std::erase_if(records, [&](const Live& record) {
    return std::binary_search(dropped.begin(), dropped.end(), record.offset);
  });
}

bool write_compacted(int descriptor, std::string_view file, const std::vector<Live>& records,
                     std::uint64_t& size) {
  if (!write_empty_store(descriptor)) return false;
  std::uint64_t at = layout::kFirstRecord;
  std::vector<layout::BlockEntry> entries;
  for (const Live& record : records) {
    const std::string_view bytes = file.substr(record.offset, record.size);
    if (!write_at(descriptor, bytes, at)) return false;
    entries.push_back({.hash = record.hash, .offset = at, .size = record.size});
    at += record.size;
  }
  size = at;
  if (entries.empty()) return true;
  std::sort(entries.begin(), entries.end());
  std::string block;
  append_block(block, 0, entries);
  size = at + block.size();
  return write_at(descriptor, block, at) &&
         write_slot(descriptor, {.sequence = 2, .end = size, .newest_block = at});
}

}  // namespace

pep::Result<StoreSize> store_size(const std::string& directory) {
  const std::string path = directory + "/" + layout::kFileName;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return StoreSize{};
  if (descriptor < 0) return io_error(path);
  StoreSize size;
  if (const auto slot = read_newest_slot(descriptor)) {
    const MappedFile file = MappedFile::of(descriptor, slot->end);
    for (const Live& record : live_records(descriptor, file.bytes(), slot->newest_block)) {
      ++(record.type == RecordType::kMetadata ? size.metadata : size.pages);
    }
  }
  struct stat status {};
  if (::fstat(descriptor, &status) == 0) size.bytes = static_cast<std::uint64_t>(status.st_size);
  ::close(descriptor);
  return size;
}

pep::Result<std::uint64_t> store_prune(const std::string& directory, std::uint64_t size_limit,
                                       std::int64_t older_than) {
  const std::string path = directory + "/" + layout::kFileName;
  const LockedFile old(path);
  if (old.descriptor() < 0 && errno == ENOENT) return std::uint64_t{0};
  if (old.descriptor() < 0) return io_error(path);
  struct stat status {};
  if (::fstat(old.descriptor(), &status) != 0) return io_error(path);
  const auto slot = read_newest_slot(old.descriptor());
  const MappedFile file = MappedFile::of(old.descriptor(), slot ? slot->end : 0);
  std::vector<Live> records;
  if (slot) records = live_records(old.descriptor(), file.bytes(), slot->newest_block);
  std::erase_if(records, [&](const Live& record) {
    return record.type != RecordType::kMetadata &&
           std::max(record.expires, record.stored_at) < older_than;
  });
  shorten(records, size_limit);
  std::string temporary = path + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return io_error(path);
  std::uint64_t size = 0;
  const bool good = write_compacted(descriptor, file.bytes(), records, size) &&
                    ::fchmod(descriptor, 0644) == 0 &&
                    ::rename(temporary.c_str(), path.c_str()) == 0;
  const pep::Error failure = io_error(path);
  ::close(descriptor);
  if (!good) {
    ::unlink(temporary.c_str());
    return failure;
  }
  const auto before = static_cast<std::uint64_t>(status.st_size);
  return before > size ? before - size : 0;
}

pep::Status store_clear(const std::string& directory) {
  const std::string path = directory + "/" + layout::kFileName;
  const LockedFile file(path);  // a commit under way is let finish
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return io_error(path);
  return pep::Done{};
}

}  // namespace resolver::index
