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
#include "resolver/index/store_file.h"

namespace resolver::index {
namespace layout = store_layout;
namespace {

constexpr std::size_t kLargestPending = 1 << 20;

}  // namespace

void Store::put(RecordType type, std::string_view key,
                std::initializer_list<std::string_view> payload, std::int64_t expires,
                Committed committed) {
  if (!writable_ || key.size() > UINT16_MAX) return;
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
// there.
bool Store::lock_file() {
  for (int attempt = 0; attempt < 5; ++attempt) {
    const int descriptor = files_.back()->descriptor();
    if (::flock(descriptor, LOCK_EX) != 0) {
      if (errno == EINTR) continue;
      return false;
    }
    const std::lock_guard lock(mutex_);
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
  oversized_ = end > size_limit_;
  if (!write_slot(descriptor,
                  {.sequence = slot->sequence + 1, .end = end, .newest_block = block_at}))
    return false;
  for (const Pending::Callback& callback : pending.callbacks)
    callback.committed(file, slot->end + callback.payload_at);
  return true;
}

}  // namespace resolver::index
