// Reading the store's file as a whole.
#include "resolver/index/store_snapshot.h"

#include <algorithm>

namespace resolver::index {
namespace layout = store_layout;

Snapshot::Snapshot(int descriptor) : descriptor_(descriptor) {
  if (descriptor < 0) return;
  const auto slot = read_newest_slot(descriptor);
  damaged_ = !slot || slot_is_damaged(descriptor);
  if (!slot) return;
  end_ = slot->end;
  std::vector<layout::BlockEntry> entries;
  for (std::uint64_t at = slot->newest_block; at != 0;) {
    auto block = read_block(descriptor, at, end_);
    if (!block) {
      damaged_ = true;
      break;
    }
    entries.insert(entries.end(), block->entries.begin(), block->entries.end());
    if (block->previous >= at) break;  // backwards only, so this ends
    at = block->previous;
  }
  // Of each key the newest first; then these in the order of the file, which is how disks like it.
  const auto newer = [](const layout::BlockEntry& a, const layout::BlockEntry& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.offset > b.offset;
  };
  std::sort(entries.begin(), entries.end(), newer);
  std::vector<std::size_t> newest;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == 0 || entries[i].hash != entries[i - 1].hash) newest.push_back(i);
  }
  std::sort(newest.begin(), newest.end(),
            [&](std::size_t a, std::size_t b) { return entries[a].offset < entries[b].offset; });
  for (std::size_t i : newest) {
    const std::uint64_t hash = entries[i].hash;
    for (; i < entries.size() && entries[i].hash == hash && !take(entries[i]); ++i) damaged_ = true;
  }
  std::sort(records_.begin(), records_.end(),
            [](const LiveRecord& a, const LiveRecord& b) { return a.offset < b.offset; });
}

bool Snapshot::take(const layout::BlockEntry& entry) {
  LiveRecord live{.offset = entry.offset, .size = entry.size, .hash = entry.hash, .key = {}};
  const auto record = read(live, buffer_);
  if (!record || record->head.key_hash != entry.hash) return false;
  live.type = static_cast<RecordType>(record->head.type);
  live.stored_at = record->head.stored_at;
  live.expires = record->head.expires;
  live.key = record->key;
  records_.push_back(std::move(live));
  return true;
}

std::optional<RecordView> Snapshot::read(const LiveRecord& record, std::string& buffer) const {
  if (record.offset < layout::kFirstRecord || record.offset > end_ ||
      record.size > end_ - record.offset) {
    return std::nullopt;
  }
  buffer.resize(record.size);
  if (!read_at(descriptor_, buffer, record.offset)) return std::nullopt;
  auto view = read_record(buffer);
  if (!view || record_size(view->head) != record.size) return std::nullopt;
  if (view->head.expires_sum != expiry_check(view->head.key_hash, view->head.expires))
    view->head.expires = 0;
  return view;
}

std::uint64_t compacted_size(const std::vector<LiveRecord>& records) {
  std::uint64_t size = layout::kFirstRecord;
  for (const LiveRecord& record : records) size += record.size;
  if (records.empty()) return size;
  return size + sizeof(layout::RecordHead) + sizeof(layout::BlockHead) +
         records.size() * sizeof(layout::BlockEntry);
}

}  // namespace resolver::index
