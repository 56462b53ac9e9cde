// Reading the store.
#include "resolver/index/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "resolver/index/checksum.h"
#include "resolver/index/store_file.h"

namespace resolver::index {
namespace layout = store_layout;

Store::Store(std::string directory, std::uint64_t size_limit)
    : directory_(std::move(directory)),
      path_(directory_ + "/" + layout::kFileName),
      size_limit_(size_limit) {}

std::unique_ptr<Store> Store::open(const std::string& directory, std::uint64_t size_limit) {
  std::unique_ptr<Store> store(new Store(directory, size_limit));
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  store->open_file();
  return store;
}

Store::~Store() {
  flush();
  if (oversized_) static_cast<void>(store_prune(directory_, size_limit_ / 4 * 3, 0));
  if (descriptor_ >= 0) ::close(descriptor_);
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
  if (auto slot = read_newest_slot(descriptor_)) {
    ++slot->sequence;
    write_slot(descriptor_, *slot);
  }
  unlock_file();
}

void Store::give_up(const std::string& why) {
  writable_ = false;
  warn("the store " + path_ + " cannot be written (" + why + "); going on without it");
}

std::vector<std::string> Store::warnings() const {
  const std::lock_guard lock(mutex_);
  return warnings_;
}

void Store::open_file() {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
  writable_ = descriptor_ >= 0;
  if (descriptor_ < 0 && errno == ENOENT) {
    create_file();
    return;
  }
  if (descriptor_ < 0) descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) return give_up(std::strerror(errno));
  const auto slot = read_newest_slot(descriptor_);
  if (slot && map(*slot)) {
    if (slot_is_damaged(descriptor_)) heal_slot();
    return;
  }
  ::close(descriptor_);
  descriptor_ = -1;
  if (!writable_) return give_up("it is damaged and read-only");
  note_damage();
  create_file();
}

// A new, empty file under the name; whatever was there before stays with those who have it open.
bool Store::create_file() {
  writable_ = false;
  std::string temporary = path_ + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) {
    give_up(std::strerror(errno));
    return false;
  }
  if (!write_empty_store(descriptor) || ::fchmod(descriptor, 0644) != 0 ||
      ::rename(temporary.c_str(), path_.c_str()) != 0) {
    give_up(std::strerror(errno));
    ::unlink(temporary.c_str());
    ::close(descriptor);
    return false;
  }
  descriptor_ = descriptor;
  writable_ = true;
  const auto slot = read_newest_slot(descriptor_);
  return slot && map(*slot);
}

bool Store::map(const layout::Slot& slot) {
  MappedFile mapped = MappedFile::of(descriptor_, slot.end);
  if (mapped.bytes().size() != slot.end) return false;
  maps_.push_back(std::move(mapped));
  sequence_ = slot.sequence;
  newest_block_ = slot.newest_block;
  blocks_.clear();
  load_blocks(slot.newest_block);
  return slot.newest_block == 0 || !blocks_.empty();
}

// Collects the index blocks, newest first; the chain ends early where a block is damaged.
void Store::load_blocks(std::uint64_t newest) {
  const std::string_view bytes = maps_.back().bytes();
  for (std::uint64_t offset = newest; offset != 0;) {
    const auto block = read_block(bytes, offset);
    if (!block) {
      note_damage();
      return;
    }
    blocks_.push_back(block->entries);
    if (block->previous >= offset) return;  // backwards only, so this ends
    offset = block->previous;
  }
}

bool Store::reload() {
  const std::lock_guard lock(mutex_);
  if (descriptor_ < 0) return false;
  const auto slot = read_newest_slot(descriptor_);
  if (!slot || slot->sequence == sequence_) return false;
  return map(*slot);
}

std::optional<StoreRecord> Store::checked_record(std::uint64_t offset, RecordType type,
                                                 std::string_view key) {
  const auto record = read_record(maps_.back().bytes(), offset);
  if (!record) {
    note_damage();
    return std::nullopt;
  }
  const auto found = static_cast<RecordType>(record->head.type);
  const bool same_kind = (found == RecordType::kMetadata) == (type == RecordType::kMetadata);
  if (record->key != key || !same_kind) return std::nullopt;
  StoreRecord result{.type = found,
                     .payload = record->payload,
                     .stored_at = record->head.stored_at,
                     .expires = record->head.expires,
                     .offset = offset};
  if (record->head.expires_sum != expiry_check(record->head.key_hash, record->head.expires))
    result.expires = 0;
  return result;
}

std::optional<StoreRecord> Store::find(RecordType type, std::string_view key) {
  const std::uint64_t hash = checksum(key);
  const std::lock_guard lock(mutex_);
  for (const std::string_view block : blocks_) {
    const std::size_t count = block.size() / sizeof(layout::BlockEntry);
    // Sorted by hash and offset: of one hash the last is the newest.
    std::size_t low = 0;
    std::size_t high = count;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (block_entry(block, middle).hash <= hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (; low > 0 && block_entry(block, low - 1).hash == hash; --low) {
      if (auto record = checked_record(block_entry(block, low - 1).offset, type, key))
        return record;
    }
  }
  return std::nullopt;
}

bool Store::has_unwritten() const {
  const std::lock_guard lock(mutex_);
  return !pending_entries_.empty() || !pending_touches_.empty();
}

}  // namespace resolver::index
