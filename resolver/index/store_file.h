// The pieces of the store's file, read with every offset checked. Internal to store*.cc.
#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/index/store.h"
#include "resolver/index/store_layout.h"

namespace resolver::index {

struct BlockView {
  std::uint64_t previous = 0;
  std::string_view entries;  // BlockEntry, unaligned
};

struct RecordView {
  store_layout::RecordHead head;
  std::string_view key;
  std::string_view payload;
  std::uint64_t size = 0;  // in the file
};

inline store_layout::BlockEntry block_entry(std::string_view entries, std::size_t number) {
  store_layout::BlockEntry entry;
  std::memcpy(&entry, entries.data() + number * sizeof entry, sizeof entry);
  return entry;
}

// The valid slot with the highest sequence, whose data are all in the file; none if the file is no
// store.
std::optional<store_layout::Slot> read_newest_slot(int descriptor);
// Whether one of the two slots was written and is not what was written.
bool slot_is_damaged(int descriptor);
bool write_slot(int descriptor, store_layout::Slot slot);
bool write_empty_store(int descriptor);
bool write_at(int descriptor, std::string_view bytes, std::uint64_t offset);

// None if there is no whole, undamaged record.
std::optional<RecordView> read_record(std::string_view file, std::uint64_t offset);
std::optional<BlockView> read_block(std::string_view file, std::uint64_t offset);

std::uint64_t expiry_check(std::uint64_t key_hash, std::int64_t expires);
// Appends a whole record to `out`, whose own beginning is aligned in the file.
void append_record(std::string& out, RecordType type, std::string_view key,
                   std::initializer_list<std::string_view> payload, std::int64_t stored_at,
                   std::int64_t expires);
void append_block(std::string& out, std::uint64_t previous,
                  const std::vector<store_layout::BlockEntry>& entries);

}  // namespace resolver::index
