// All that the store's file holds at one moment, for those who look at the whole of it: maintenance
// and export. Every record is verified. Knows nothing of what the records mean. Internal to
// store_*.cc and index_export.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "resolver/index/store.h"
#include "resolver/index/store_file.h"

namespace resolver::index {

// The newest undamaged record of a key.
struct LiveRecord {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t hash = 0;  // of the key
  RecordType type = RecordType::kPage;
  std::int64_t stored_at = 0;
  std::int64_t expires = 0;
  std::string key;
};

class Snapshot {
 public:
  // Of an open file, which stays the caller's (-1: of nothing). Needs no lock: nothing that is
  // valid is overwritten.
  explicit Snapshot(int descriptor);

  const std::vector<LiveRecord>& records() const { return records_; }  // by offset
  // Something of the file was not as it had been written.
  bool damaged() const { return damaged_; }
  // The whole record in `buffer`; none if it was damaged since.
  std::optional<RecordView> read(const LiveRecord& record, std::string& buffer) const;

 private:
  bool take(const store_layout::BlockEntry& entry);

  const int descriptor_;
  std::uint64_t end_ = 0;
  bool damaged_ = false;
  std::vector<LiveRecord> records_;
  std::string buffer_;
};

// The size of a file that holds these records and nothing else.
std::uint64_t compacted_size(const std::vector<LiveRecord>& records);

}  // namespace resolver::index
