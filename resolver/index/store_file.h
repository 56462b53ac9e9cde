// The pieces of the store's file, read with every offset checked. Internal to store*.cc.
#pragma once

#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/index/store.h"
#include "resolver/index/store_layout.h"

namespace resolver::index {

// The store's file, open.
class Store::File final : public ColdSource {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() override { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool read(std::uint64_t offset, std::span<char> target) const override;
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

// What is to be committed.
struct Store::Pending {
  struct Callback {
    std::uint64_t payload_at = 0;  // within `bytes`
    Committed committed;
  };
  struct Touch {
    const ColdSource* source = nullptr;
    std::uint64_t offset = 0;
    std::int64_t expires = 0;
  };
  std::string bytes;
  std::vector<store_layout::BlockEntry> entries;  // offsets within `bytes`
  std::vector<Callback> callbacks;
  std::vector<Touch> touches;
  std::vector<std::function<void()>> afterwards;
};

struct RecordView {
  store_layout::RecordHead head;
  std::string_view key;
  std::string_view payload;
};

struct Block {
  std::uint64_t previous = 0;
  std::vector<store_layout::BlockEntry> entries;
};

bool read_at(int descriptor, std::span<char> target, std::uint64_t offset);
bool write_at(int descriptor, std::string_view bytes, std::uint64_t offset);

// The valid slot with the highest sequence, whose data are all in the file; none if the file is no
// store.
std::optional<store_layout::Slot> read_newest_slot(int descriptor);
// Whether one of the two slots was written and is not what was written.
bool slot_is_damaged(int descriptor);
bool write_slot(int descriptor, store_layout::Slot slot);
bool write_empty_store(int descriptor);

// Sizes that can be true of a record with `space` bytes from its beginning to the end of the data.
bool head_is_possible(const store_layout::RecordHead& head, std::uint64_t space);
std::uint64_t record_size(const store_layout::RecordHead& head);
std::uint64_t head_sum(const store_layout::RecordHead& head);  // the seed of the record's checksum
std::uint64_t expiry_check(std::uint64_t key_hash, std::int64_t expires);
// The record at the beginning of `bytes`; none if it is not whole and undamaged.
std::optional<RecordView> read_record(std::string_view bytes);
std::optional<Block> read_block(int descriptor, std::uint64_t offset, std::uint64_t end);

// Appends a whole record to `out`, whose own beginning is aligned in the file. Returns where the
// payload begins.
std::uint64_t append_record(std::string& out, RecordType type, std::string_view key,
                            std::initializer_list<std::string_view> payload, std::int64_t stored_at,
                            std::int64_t expires);
void append_block(std::string& out, std::uint64_t previous,
                  const std::vector<store_layout::BlockEntry>& entries);

}  // namespace resolver::index
