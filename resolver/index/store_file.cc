// The pieces of the store's file.
#include "resolver/index/store_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <ctime>

#include "resolver/index/checksum.h"

namespace resolver::index {
namespace layout = store_layout;
namespace {

template <class Struct>
std::string_view bytes_of(const Struct& value, std::size_t size = sizeof(Struct)) {
  return {reinterpret_cast<const char*>(&value), size};
}

std::uint64_t slot_sum(const layout::Slot& slot) {
  return checksum(bytes_of(slot, offsetof(layout::Slot, sum)), 1);
}

bool slot_is_good(const layout::Slot& slot, std::uint64_t file_size) {
  return slot.sum == slot_sum(slot) && slot.end >= layout::kFirstRecord && slot.end <= file_size &&
         slot.newest_block < slot.end;
}

}  // namespace

std::uint64_t expiry_check(std::uint64_t key_hash, std::int64_t expires) {
  return checksum(bytes_of(expires), key_hash);
}

std::optional<layout::Slot> read_newest_slot(int descriptor) {
  struct stat status {};
  char head[layout::kFirstRecord];
  if (::fstat(descriptor, &status) != 0 ||
      ::pread(descriptor, head, sizeof head, 0) != sizeof head) {
    return std::nullopt;
  }
  layout::Header header;
  std::memcpy(&header, head, sizeof header);
  if (header.magic != layout::kMagic || header.format != layout::kFormat) return std::nullopt;
  std::optional<layout::Slot> best;
  for (const std::uint64_t at : layout::kSlotAt) {
    layout::Slot slot;
    std::memcpy(&slot, head + at, sizeof slot);
    if (!slot_is_good(slot, static_cast<std::uint64_t>(status.st_size))) continue;
    if (!best || slot.sequence > best->sequence) best = slot;
  }
  return best;
}

bool slot_is_damaged(int descriptor) {
  for (const std::uint64_t at : layout::kSlotAt) {
    layout::Slot slot;
    if (::pread(descriptor, &slot, sizeof slot, static_cast<off_t>(at)) != sizeof slot) return true;
    const std::string_view bytes = bytes_of(slot);
    if (slot.sum != slot_sum(slot) && bytes.find_first_not_of('\0') != std::string_view::npos)
      return true;
  }
  return false;
}

bool read_at(int descriptor, std::span<char> target, std::uint64_t offset) {
  while (!target.empty()) {
    const ssize_t n = ::pread(descriptor, target.data(), target.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    target = target.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return true;
}

bool Store::File::read(std::uint64_t offset, std::span<char> target) const {
  return read_at(descriptor_, target, offset);
}

bool write_at(int descriptor, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (n == 0) errno = ENOSPC;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return true;
}

bool write_slot(int descriptor, layout::Slot slot) {
  slot.sum = slot_sum(slot);
  return write_at(descriptor, bytes_of(slot), layout::kSlotAt[slot.sequence % 2]);
}

bool write_empty_store(int descriptor) {
  layout::Header header;
  header.created = static_cast<std::int64_t>(std::time(nullptr));
  const std::string zeros(layout::kFirstRecord - sizeof header, '\0');
  return write_at(descriptor, bytes_of(header), 0) && write_at(descriptor, zeros, sizeof header) &&
         write_slot(descriptor, {.sequence = 1});
}

bool head_is_possible(const layout::RecordHead& head, std::uint64_t space) {
  const std::uint64_t key_size = layout::padded(head.key_length);
  return head.magic == layout::kRecordMagic && space >= sizeof head &&
         key_size <= space - sizeof head && head.payload_length <= space - sizeof head - key_size &&
         head.eager_length <= head.payload_length;
}

std::uint64_t record_size(const layout::RecordHead& head) {
  return sizeof head + layout::padded(head.key_length) + layout::padded(head.payload_length);
}

std::uint64_t head_sum(const layout::RecordHead& head) {
  return checksum(bytes_of(head, offsetof(layout::RecordHead, sum)), 2);
}

std::optional<RecordView> read_record(std::string_view bytes) {
  RecordView record;
  if (bytes.size() < sizeof record.head) return std::nullopt;
  std::memcpy(&record.head, bytes.data(), sizeof record.head);
  if (!head_is_possible(record.head, bytes.size())) return std::nullopt;
  const std::uint64_t key_size = layout::padded(record.head.key_length);
  const std::string_view body =
      bytes.substr(sizeof record.head, key_size + record.head.payload_length);
  if (record.head.sum != checksum(body, head_sum(record.head))) return std::nullopt;
  record.key = body.substr(0, record.head.key_length);
  record.payload = body.substr(key_size);
  return record;
}

std::optional<Block> read_block(int descriptor, std::uint64_t offset, std::uint64_t end) {
  layout::RecordHead head;
  if (offset < layout::kFirstRecord || offset > end ||
      !read_at(descriptor, {reinterpret_cast<char*>(&head), sizeof head}, offset) ||
      !head_is_possible(head, end - offset)) {
    return std::nullopt;
  }
  std::string bytes(record_size(head), '\0');
  if (!read_at(descriptor, bytes, offset)) return std::nullopt;
  const auto record = read_record(bytes);
  layout::BlockHead block_head;
  if (!record || record->head.type != static_cast<std::uint8_t>(RecordType::kIndexBlock) ||
      record->payload.size() < sizeof block_head) {
    return std::nullopt;
  }
  std::memcpy(&block_head, record->payload.data(), sizeof block_head);
  const std::string_view entries = record->payload.substr(sizeof block_head);
  if (block_head.count != entries.size() / sizeof(layout::BlockEntry)) return std::nullopt;
  Block block{.previous = block_head.previous, .entries = {}};
  block.entries.resize(block_head.count);
  if (block_head.count != 0)
    std::memcpy(block.entries.data(), entries.data(),
                block_head.count * sizeof(layout::BlockEntry));
  return block;
}

std::uint64_t append_record(std::string& out, RecordType type, std::string_view key,
                            std::initializer_list<std::string_view> payload, std::int64_t stored_at,
                            std::int64_t expires) {
  layout::RecordHead head;
  head.type = static_cast<std::uint8_t>(type);
  head.key_length = static_cast<std::uint16_t>(key.size());
  head.key_hash = checksum(key);
  for (const std::string_view piece : payload) head.payload_length += piece.size();
  head.eager_length = payload.size() == 0 ? 0 : payload.begin()->size();
  head.stored_at = stored_at;
  head.expires = expires;
  head.expires_sum = expiry_check(head.key_hash, expires);
  const std::size_t head_at = out.size();
  out += bytes_of(head);
  const std::size_t body_at = out.size();
  out += key;
  out.append(layout::padded(key.size()) - key.size(), '\0');
  const std::size_t payload_at = out.size();
  for (const std::string_view piece : payload) out += piece;
  head.sum = checksum(std::string_view(out).substr(body_at), head_sum(head));
  std::memcpy(out.data() + head_at, &head, sizeof head);
  out.append(layout::padded(out.size()) - out.size(), '\0');
  return payload_at;
}

void append_block(std::string& out, std::uint64_t previous,
                  const std::vector<layout::BlockEntry>& entries) {
  const layout::BlockHead head{.previous = previous, .count = entries.size()};
  const std::string_view body(reinterpret_cast<const char*>(entries.data()),
                              entries.size() * sizeof entries[0]);
  append_record(out, RecordType::kIndexBlock, "", {bytes_of(head), body}, 0, 0);
}

}  // namespace resolver::index
