// Writing the store: records are collected, then committed together under the file's lock.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "resolver/index/checksum.h"
#include "resolver/index/store.h"
#include "resolver/index/store_file.h"

namespace resolver::index {
namespace layout = store_layout;

void Store::put(RecordType type, std::string_view key,
                std::initializer_list<std::string_view> payload, std::int64_t expires) {
  if (!writable_ || key.size() > UINT16_MAX) return;
  const std::lock_guard lock(mutex_);
  pending_entries_.push_back({.hash = checksum(key), .offset = pending_.size()});
  append_record(pending_, type, key, payload, static_cast<std::int64_t>(std::time(nullptr)),
                expires);
}

void Store::touch(const StoreRecord& record, std::int64_t expires) {
  if (!writable_) return;
  const std::lock_guard lock(mutex_);
  pending_touches_.emplace_back(record.offset, expires);
}

void Store::flush() {
  const std::lock_guard only_one(flush_mutex_);
  std::string records;
  std::vector<layout::BlockEntry> entries;
  std::vector<std::pair<std::uint64_t, std::int64_t>> touched;
  {
    const std::lock_guard lock(mutex_);
    if (!writable_ || (pending_entries_.empty() && pending_touches_.empty())) return;
    records.swap(pending_);
    entries.swap(pending_entries_);
    touched.swap(pending_touches_);
  }
  if (!lock_file()) return;
  const bool good = commit(records, std::move(entries), touched);
  const int code = errno;
  unlock_file();
  if (good) return;
  const std::lock_guard lock(mutex_);
  if (writable_) give_up(std::strerror(code));
}

// Takes the lock of the file that the name means now; another process may have put a new file
// there.
bool Store::lock_file() {
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (::flock(descriptor_, LOCK_EX) != 0) {
      if (errno == EINTR) continue;
      break;
    }
    struct stat mine {};
    struct stat named {};
    if (::fstat(descriptor_, &mine) == 0 && ::stat(path_.c_str(), &named) == 0 &&
        mine.st_ino == named.st_ino && mine.st_dev == named.st_dev) {
      return true;
    }
    unlock_file();
    const int fresh = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
    if (fresh < 0) break;  // cleared while we ran: what we know is not worth a new file
    const std::lock_guard lock(mutex_);
    ::dup2(fresh, descriptor_);
    ::close(fresh);
    ::fcntl(descriptor_, F_SETFD, FD_CLOEXEC);
    replaced_ = true;
  }
  return false;
}

void Store::unlock_file() { ::flock(descriptor_, LOCK_UN); }

namespace {

// Entries of a block in the file, read without the mapping, which may be older.
std::optional<BlockView> load_block(int descriptor, std::uint64_t offset, std::uint64_t end,
                                    std::string& buffer) {
  layout::RecordHead head;
  if (::pread(descriptor, &head, sizeof head, static_cast<off_t>(offset)) != sizeof head)
    return std::nullopt;
  if (head.key_length != 0 || head.payload_length > end - offset) return std::nullopt;
  // read_record wants the record at its offset in the file; a file of only this record serves.
  buffer.assign(layout::kFirstRecord, '\0');
  buffer.resize(layout::kFirstRecord + sizeof head + layout::padded(head.payload_length));
  const ssize_t wanted = static_cast<ssize_t>(buffer.size() - layout::kFirstRecord);
  if (::pread(descriptor, buffer.data() + layout::kFirstRecord, static_cast<std::size_t>(wanted),
              static_cast<off_t>(offset)) != wanted) {
    return std::nullopt;
  }
  return read_block(buffer, layout::kFirstRecord);
}

}  // namespace

bool Store::commit(const std::string& records, std::vector<layout::BlockEntry> entries,
                   const std::vector<std::pair<std::uint64_t, std::int64_t>>& touched) {
  auto slot = read_newest_slot(descriptor_);
  if (!slot) {
    errno = EUCLEAN;
    return false;
  }
  if (!replaced_) {
    for (const auto& [offset, expires] : touched) {
      layout::RecordHead head;
      if (::pread(descriptor_, &head, sizeof head, static_cast<off_t>(offset)) != sizeof head)
        continue;
      const std::uint64_t pair[2] = {static_cast<std::uint64_t>(expires),
                                     expiry_check(head.key_hash, expires)};
      write_at(descriptor_, {reinterpret_cast<const char*>(pair), sizeof pair},
               offset + offsetof(layout::RecordHead, expires));
    }
  }
  if (entries.empty()) return true;
  for (layout::BlockEntry& entry : entries) entry.offset += slot->end;
  // Take in earlier blocks that are not much larger, so that their number stays small.
  std::uint64_t previous = slot->newest_block;
  std::string buffer;
  while (previous != 0) {
    const auto block = load_block(descriptor_, previous, slot->end, buffer);
    if (!block) {
      previous = 0;
      break;
    }
    const std::size_t count = block->entries.size() / sizeof(layout::BlockEntry);
    if (count > 2 * entries.size()) break;
    for (std::size_t i = 0; i < count; ++i) entries.push_back(block_entry(block->entries, i));
    previous = block->previous < previous ? block->previous : 0;
  }
  std::sort(entries.begin(), entries.end());
  std::string block;
  append_block(block, previous, entries);
  const std::uint64_t block_at = slot->end + records.size();
  const std::uint64_t end = block_at + block.size();
  if (!write_at(descriptor_, records, slot->end) || !write_at(descriptor_, block, block_at)) {
    const int code = errno;
    if (::ftruncate(descriptor_, static_cast<off_t>(slot->end)) != 0) errno = code;
    errno = code;
    return false;
  }
  oversized_ = end > size_limit_;
  return write_slot(descriptor_,
                    {.sequence = slot->sequence + 1, .end = end, .newest_block = block_at});
}

}  // namespace resolver::index
