// Writing the store: records are collected, then committed together under the file's lock.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <ctime>

#include "resolver/index/checksum.h"
#include "resolver/index/store.h"
#include "resolver/index/store_access.h"
#include "resolver/index/store_file.h"
#include "resolver/index/store_maintenance.h"

namespace resolver::index {
namespace layout = store_layout;
namespace {

constexpr std::size_t kLargestPending = 1 << 20;
// More than this, and more than what is valid, makes a rewrite worth its cost.
constexpr std::uint64_t kSupersededAllowed = 16 << 20;

}  // namespace

void Store::put(RecordType type, std::string_view key,
                std::initializer_list<std::string_view> payload, std::int64_t expires,
                Committed committed) {
  if (!writable_) return note_read_only();
  if (key.size() > UINT16_MAX) return;
  std::unique_lock lock(mutex_);
  Pending& pending = *pending_;
  if (pending.bytes.capacity() == 0) pending.bytes.reserve(kLargestPending + kLargestPending / 4);
  const std::uint64_t begin = pending.bytes.size();
  const std::uint64_t payload_at = append_record(
      pending.bytes, type, key, payload, static_cast<std::int64_t>(std::time(nullptr)), expires);
  pending.entries.push_back(
      {.hash = checksum(key), .offset = begin, .size = pending.bytes.size() - begin});
  if (committed)
    pending.callbacks.push_back({.payload_at = payload_at, .committed = std::move(committed)});
  if (pending.bytes.size() < kLargestPending) return;
  lock.unlock();
  flush();  // before it costs memory
}

void Store::touch(const StoreRecord& record, std::int64_t expires) {
  if (!writable_) return;
  const std::lock_guard lock(mutex_);
  pending_->touches.push_back(
      {.source = record.source, .offset = record.offset, .expires = expires});
}

void Store::after_flush(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  pending_->afterwards.push_back(std::move(call));
}

void Store::flush() {
  const std::lock_guard only_one(flush_mutex_);
  auto pending = std::make_unique<Pending>();
  {
    const std::lock_guard lock(mutex_);
    pending.swap(pending_);
  }
  if (writable_ && (!pending->entries.empty() || !pending->touches.empty()) && lock_file()) {
    const bool good = commit(*pending);
    const int code = errno;
    unlock_file();
    const std::lock_guard lock(mutex_);
    if (!good && writable_) give_up(std::strerror(code));
  }
  for (const auto& call : pending->afterwards) call();
}

// Takes the lock of the file that the name means now; another process may have put a new file
// there. A run does not stand still because another process does.
bool Store::lock_file() {
  for (int attempt = 0; attempt < 5; ++attempt) {
    const int descriptor = files_.back()->descriptor();
    const bool locked = lock_exclusively(descriptor, wait_);
    const int code = errno;
    const std::lock_guard lock(mutex_);
    if (!locked) {
      give_up(code == EWOULDBLOCK ? "another process has been writing it all the time"
                                  : std::strerror(code));
      return false;
    }
    const std::size_t before = files_.size();
    if (follow_name() && files_.size() == before) return true;
    ::flock(descriptor, LOCK_UN);
    if (files_.size() == before)
      return false;  // cleared while we ran: what we know is not worth a new file
  }
  return false;
}

void Store::unlock_file() { ::flock(files_.back()->descriptor(), LOCK_UN); }

void Store::touch_records(const Pending& pending) {
  const int descriptor = files_.back()->descriptor();
  for (const Pending::Touch& touch : pending.touches) {
    if (touch.source != files_.back().get()) continue;  // of a file that was replaced
    layout::RecordHead head;
    if (!read_at(descriptor, {reinterpret_cast<char*>(&head), sizeof head}, touch.offset)) continue;
    const std::uint64_t pair[2] = {static_cast<std::uint64_t>(touch.expires),
                                   expiry_check(head.key_hash, touch.expires)};
    write_at(descriptor, {reinterpret_cast<const char*>(pair), sizeof pair},
             touch.offset + offsetof(layout::RecordHead, expires));
  }
}

// Takes in earlier blocks that are not much larger, so that their number stays small.
void Store::take_in_blocks(std::vector<layout::BlockEntry>& entries, std::uint64_t& previous,
                           std::uint64_t end) const {
  while (previous != 0) {
    const auto block = read_block(files_.back()->descriptor(), previous, end);
    if (!block) {
      previous = 0;
      return;
    }
    if (block->entries.size() > 2 * entries.size()) return;
    entries.insert(entries.end(), block->entries.begin(), block->entries.end());
    previous = block->previous < previous ? block->previous : 0;
  }
}

bool Store::commit(Pending& pending) {
  const File& file = *files_.back();
  const int descriptor = file.descriptor();
  const auto slot = read_newest_slot(descriptor);
  if (!slot) {
    errno = EUCLEAN;
    return false;
  }
  touch_records(pending);
  if (pending.entries.empty()) return true;
  for (layout::BlockEntry& entry : pending.entries) entry.offset += slot->end;
  std::uint64_t previous = slot->newest_block;
  take_in_blocks(pending.entries, previous, slot->end);
  std::sort(pending.entries.begin(), pending.entries.end());
  std::string block;
  append_block(block, previous, pending.entries);
  const std::uint64_t block_at = slot->end + pending.bytes.size();
  const std::uint64_t end = block_at + block.size();
  if (!write_at(descriptor, pending.bytes, slot->end) || !write_at(descriptor, block, block_at)) {
    const int code = errno;
    static_cast<void>(
        !::ftruncate(descriptor, static_cast<off_t>(slot->end)));  // gives the space back
    errno = code;
    return false;
  }
  if (!write_slot(descriptor,
                  {.sequence = slot->sequence + 1, .end = end, .newest_block = block_at}))
    return false;
  committed_end_ = end;
  for (const Pending::Callback& callback : pending.callbacks)
    callback.committed(file, slot->end + callback.payload_at);
  return true;
}

bool Store::is_mostly_superseded() {
  reload();
  const std::lock_guard lock(mutex_);
  std::vector<layout::BlockEntry> entries;
  for (const auto& block : blocks_) entries.insert(entries.end(), block.begin(), block.end());
  std::sort(entries.begin(), entries.end());
  std::uint64_t live = 0;  // of one hash the last is the newest
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i + 1 == entries.size() || entries[i].hash != entries[i + 1].hash) live += entries[i].size;
  }
  return end_ - layout::kFirstRecord > live + std::max(live, kSupersededAllowed);
}

// Only what this run made larger is looked at, so a warm run ends at once. If another process is
// writing, a later run does it.
void Store::tidy() {
  const std::uint64_t end = committed_end_;
  PruneOptions options{.wait = std::chrono::milliseconds(0)};
  if (!writable_ || end == 0) return;
  if (end > size_limit_) {
    options.size_limit = size_limit_ / 4 * 3;  // leaves room, so that not every run does it
  } else if (end < kSupersededAllowed || !is_mostly_superseded()) {
    return;
  }
  static_cast<void>(store_prune(directory_, options));
}

}  // namespace resolver::index
