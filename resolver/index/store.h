// What indexes said in earlier runs, in one file that is mapped into memory (store_layout.h
// documents it). Safe between processes and against being killed; damage is noticed, ignored and
// overwritten by what is fetched anew. Knows nothing of what the records mean. All members may be
// called from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/store_layout.h"

namespace resolver::index {

enum class RecordType : std::uint8_t { kIndexBlock = 1, kPage = 2, kAbsent = 3, kMetadata = 4 };

struct StoreRecord {
  RecordType type = RecordType::kPage;
  std::string_view payload;  // as long as the store
  std::int64_t stored_at = 0;
  std::int64_t expires = 0;
  std::uint64_t offset = 0;
};

class Store {
 public:
  // Never fails: without a usable directory the store keeps nothing and warnings() says so.
  static std::unique_ptr<Store> open(const std::string& directory, std::uint64_t size_limit);
  ~Store();  // flushes

  // The newest record of a key; kPage and kAbsent share their keys, so `type` says which kind of
  // key it is.
  std::optional<StoreRecord> find(RecordType type, std::string_view key);
  // Takes note of a record; flush() writes it.
  void put(RecordType type, std::string_view key, std::initializer_list<std::string_view> payload,
           std::int64_t expires);
  // The record is fresh until `expires`.
  void touch(const StoreRecord& record, std::int64_t expires);
  bool has_unwritten() const;
  void flush();
  // Sees what other processes have committed since. True if there was anything.
  bool reload();

  bool writable() const { return writable_; }
  std::vector<std::string> warnings() const;

 private:
  Store(std::string directory, std::uint64_t size_limit);
  void open_file();
  bool create_file();
  bool map(const store_layout::Slot& slot);
  std::optional<StoreRecord> checked_record(std::uint64_t offset, RecordType type,
                                            std::string_view key);
  void load_blocks(std::uint64_t newest);
  bool lock_file();
  void unlock_file();
  bool commit(const std::string& records, std::vector<store_layout::BlockEntry> entries,
              const std::vector<std::pair<std::uint64_t, std::int64_t>>& touched);
  void warn(std::string text);
  void note_damage();
  void heal_slot();
  void give_up(const std::string& why);

  const std::string directory_;
  const std::string path_;
  const std::uint64_t size_limit_;
  mutable std::mutex mutex_;
  std::mutex flush_mutex_;  // before mutex_; flock() does not keep threads of one process apart
  int descriptor_ = -1;
  std::atomic<bool> writable_ = false;
  bool damaged_ = false;
  bool replaced_ =
      false;  // another file has the name now: offsets of old records mean nothing in it
  std::vector<MappedFile>
      maps_;  // the newest is last; older ones stay, since records point into them
  std::atomic<bool> oversized_ = false;
  std::uint64_t sequence_ = 0;
  std::uint64_t newest_block_ = 0;
  std::vector<std::string_view> blocks_;  // entries, newest block first
  std::string pending_;
  std::vector<store_layout::BlockEntry> pending_entries_;  // offsets within pending_
  std::vector<std::pair<std::uint64_t, std::int64_t>> pending_touches_;
  std::vector<std::string> warnings_;
};

// For `seshat cache`: works on the file, whether or not a run is using it.
struct StoreSize {
  std::uint64_t bytes = 0;
  std::uint64_t pages = 0;
  std::uint64_t metadata = 0;
};
pep::Result<StoreSize> store_size(const std::string& directory);
// Rewrites the store without what is superseded and without pages that expired before `older_than`,
// then without the oldest records until it is at most `size_limit` bytes. Returns the bytes that
// were freed.
pep::Result<std::uint64_t> store_prune(const std::string& directory, std::uint64_t size_limit,
                                       std::int64_t older_than);
pep::Status store_clear(const std::string& directory);

}  // namespace resolver::index
