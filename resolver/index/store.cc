// Reading the store.
#include "resolver/index/store.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "resolver/index/checksum.h"
#include "resolver/index/store_access.h"
#include "resolver/index/store_file.h"
#include "resolver/index/store_maintenance.h"

namespace resolver::index {
namespace layout = store_layout;

Store::Store(std::string directory, std::uint64_t size_limit, std::chrono::milliseconds wait)
    : directory_(std::move(directory)),
      path_(store_path(directory_)),
      size_limit_(size_limit),
      wait_(wait),
      pending_(std::make_unique<Pending>()) {}

std::unique_ptr<Store> Store::open(const std::string& directory, std::uint64_t size_limit,
                                   std::chrono::milliseconds wait) {
  std::unique_ptr<Store> store(new Store(directory, size_limit, wait));
  store->open_file();
  return store;
}

Store::~Store() {
  flush();
  tidy();
}

void Store::warn(std::string text) { warnings_.push_back(std::move(text)); }

void Store::note_damage() {
  if (!damaged_) warn("the store " + path_ + " was damaged; what it held there is fetched again");
  damaged_ = true;
}

// Overwrites the damaged slot with the state that the good one states.
void Store::heal_slot() {
  note_damage();
  if (!writable_ || !lock_file()) return;
  const int descriptor = files_.back()->descriptor();
  if (auto slot = read_newest_slot(descriptor)) {
    ++slot->sequence;
    write_slot(descriptor, *slot);
  }
  unlock_file();
}

void Store::give_up(const std::string& why) {
  writable_ = false;
  warn("the store " + path_ + " cannot be written (" + why + "); going on without it");
}

void Store::note_read_only() {
  const std::lock_guard lock(mutex_);
  if (read_only_ == 0) return;
  warn("the store " + path_ + " cannot be written (" + std::strerror(read_only_) +
       "); what is fetched now is not kept");
  read_only_ = 0;
}

std::vector<std::string> Store::warnings() const {
  const std::lock_guard lock(mutex_);
  return warnings_;
}

void Store::open_file() {
  // Not to wait for whoever writes into it, should the name be a pipe.
  int descriptor = ::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  writable_ = descriptor >= 0;
  if (descriptor < 0 && errno == ENOENT) return create_file();
  if (descriptor < 0 && errno != EISDIR) {
    read_only_ = errno;
    descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  }
  if (descriptor < 0) {
    const int code = std::exchange(read_only_, 0);
    return give_up(std::strerror(code != 0 ? code : errno));
  }
  files_.push_back(std::make_unique<File>(descriptor));
  const auto slot = read_newest_slot(descriptor);
  if (slot && load(*slot)) {
    if (slot_is_damaged(descriptor)) heal_slot();
    return;
  }
  if (!writable_) {
    read_only_ = 0;
    return give_up("it is damaged and read-only");
  }
  note_damage();
  create_file();
}

namespace {

// What a new file may be used for, as the user's mask has it. No other thread is there yet.
mode_t new_mode() {
  const mode_t mask = ::umask(022);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

// A new, empty file under the name; whatever was there before stays with those who have it open.
void Store::create_file() {
  writable_ = false;
  std::error_code code;
  std::filesystem::create_directories(directory_, code);
  std::string temporary = path_;
  const int descriptor = open_temporary(temporary);
  if (descriptor < 0) return give_up(std::strerror(errno));
  files_.push_back(std::make_unique<File>(descriptor));
  if (!write_empty_store(descriptor) || ::fchmod(descriptor, new_mode()) != 0) {
    give_up(std::strerror(errno));
    ::unlink(temporary.c_str());
    return;
  }
  // Several processes may be here at once: the first one's file stays, unless what has the name is
  // damaged.
  const bool first = !damaged_ && ::link(temporary.c_str(), path_.c_str()) == 0;
  const bool exists = !damaged_ && !first && errno == EEXIST;
  if (first || exists) ::unlink(temporary.c_str());
  if (first) remove_leftovers(directory_);
  if (exists) {
    writable_ = true;
    follow_name();
    return;
  }
  if (!first && ::rename(temporary.c_str(), path_.c_str()) != 0) {
    give_up(std::strerror(errno));
    ::unlink(temporary.c_str());
    return;
  }
  const auto slot = read_newest_slot(descriptor);
  writable_ = slot && load(*slot);
  unlock_file();
}

// Collects the index blocks, newest first; the chain ends early where a block is damaged. False if
// there is nothing.
bool Store::load(const layout::Slot& slot) {
  sequence_ = slot.sequence;
  end_ = slot.end;
  blocks_.clear();
  for (std::uint64_t offset = slot.newest_block; offset != 0;) {
    auto block = read_block(files_.back()->descriptor(), offset, slot.end);
    if (!block) {
      note_damage();
      break;
    }
    blocks_.push_back(std::move(block->entries));
    if (block->previous >= offset) break;  // backwards only, so this ends
    offset = block->previous;
  }
  return slot.newest_block == 0 || !blocks_.empty();
}

// Opens the file that the name means now, if another process put a new one there. False if there is
// none.
bool Store::follow_name() {
  if (is_named(files_.back()->descriptor(), path_)) return true;
  const int fresh = ::open(path_.c_str(), (writable_ ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
  if (fresh < 0) return false;
  files_.push_back(std::make_unique<File>(fresh));
  blocks_.clear();
  sequence_ = 0;
  if (const auto slot = read_newest_slot(fresh)) load(*slot);
  return true;
}

bool Store::reload() {
  const std::lock_guard only_one(flush_mutex_);
  const std::lock_guard lock(mutex_);
  if (files_.empty()) return false;
  const std::size_t before = files_.size();
  if (!follow_name()) return false;
  if (files_.size() != before) return true;
  const auto slot = read_newest_slot(files_.back()->descriptor());
  if (!slot || slot->sequence == sequence_) return false;
  return load(*slot);
}

namespace {

constexpr std::size_t kChunk = 64 << 10;

// Reads what follows a record's first `bytes`, which are in `first`, and sums it up; keeps the
// eager part.
bool read_body(const ColdSource& file, std::uint64_t offset, const layout::RecordHead& head,
               std::span<char> buffer, std::size_t available, std::vector<std::byte>& eager) {
  Checksum sum(head_sum(head));
  const std::uint64_t key_size = layout::padded(head.key_length);
  std::uint64_t at = sizeof head;  // within the record
  const std::uint64_t payload_begin = sizeof head + key_size;
  const std::uint64_t end = payload_begin + head.payload_length;
  eager.resize(head.eager_length);
  while (at < end) {
    const std::size_t size =
        std::min<std::uint64_t>(end, at + available - (at == sizeof head ? sizeof head : 0)) - at;
    const char* bytes = buffer.data() + (at == sizeof head ? sizeof head : 0);
    sum.add({bytes, size});
    // The part of [at, at + size) that belongs to the eager part of the payload.
    const std::uint64_t from = std::max(at, payload_begin);
    const std::uint64_t to = std::min(at + size, payload_begin + head.eager_length);
    if (from < to)
      std::memcpy(eager.data() + (from - payload_begin), bytes + (from - at), to - from);
    at += size;
    if (at >= end) break;
    available = std::min<std::uint64_t>(buffer.size(), end - at);
    if (!file.read(offset + at, buffer.first(available))) return false;
  }
  return sum.finish() == head.sum;
}

}  // namespace

std::optional<StoreRecord> Store::checked_record(const layout::BlockEntry& entry, RecordType type,
                                                 std::string_view key) {
  thread_local std::vector<char> chunk(kChunk);
  const File& file = *files_.back();
  layout::RecordHead head;
  const std::size_t first = std::min<std::uint64_t>(kChunk, entry.size);
  std::optional<StoreRecord> result;
  bool good = entry.offset >= layout::kFirstRecord && entry.offset <= end_ &&
              entry.size <= end_ - entry.offset && first >= sizeof head &&
              file.read(entry.offset, {chunk.data(), first});
  if (good) {
    std::memcpy(&head, chunk.data(), sizeof head);
    good = head_is_possible(head, entry.size) && record_size(head) == entry.size;
  }
  if (good && head.key_hash == entry.hash && sizeof head + head.key_length <= first) {
    const auto found = static_cast<RecordType>(head.type);
    const bool same_kind = (found == RecordType::kMetadata) == (type == RecordType::kMetadata);
    const bool same_key = std::string_view(chunk.data() + sizeof head, head.key_length) == key;
    result.emplace();
    good = read_body(file, entry.offset, head, chunk, first, result->eager);
    if (good && (!same_kind || !same_key)) return std::nullopt;
  } else {
    good = false;
  }
  if (!good) {
    note_damage();
    return std::nullopt;
  }
  result->type = static_cast<RecordType>(head.type);
  result->source = &file;
  result->payload_at = entry.offset + sizeof head + layout::padded(head.key_length);
  result->payload_length = head.payload_length;
  result->stored_at = head.stored_at;
  result->expires =
      head.expires_sum == expiry_check(head.key_hash, head.expires) ? head.expires : 0;
  result->offset = entry.offset;
  return result;
}

std::optional<StoreRecord> Store::find(RecordType type, std::string_view key) {
  const std::uint64_t hash = checksum(key);
  const std::lock_guard lock(mutex_);
  for (const auto& block : blocks_) {
    // Sorted by hash and offset: of one hash the last is the newest.
    auto after = std::upper_bound(
        block.begin(), block.end(), hash,
        [](std::uint64_t value, const layout::BlockEntry& entry) { return value < entry.hash; });
    for (; after != block.begin() && std::prev(after)->hash == hash; --after) {
      if (auto record = checked_record(*std::prev(after), type, key)) return record;
    }
  }
  return std::nullopt;
}

}  // namespace resolver::index
