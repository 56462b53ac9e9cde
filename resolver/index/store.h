// What indexes said in earlier runs, in one file (store_layout.h documents it). Safe between
// processes and against being killed; damage is noticed, ignored and overwritten by what is fetched
// anew. Knows nothing of what the records mean. All members may be called from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "resolver/index/page_record.h"
#include "resolver/index/store_layout.h"

namespace resolver::index {

enum class RecordType : std::uint8_t { kIndexBlock = 1, kPage = 2, kAbsent = 3, kMetadata = 4 };

struct StoreRecord {
  RecordType type = RecordType::kPage;
  std::vector<std::byte> eager;        // the beginning of the payload
  const ColdSource* source = nullptr;  // reads the rest; lives as long as the store
  std::uint64_t payload_at = 0;
  std::uint64_t payload_length = 0;
  std::int64_t stored_at = 0;
  std::int64_t expires = 0;
  std::uint64_t offset = 0;
};

class Store {
 public:
  // Where a payload lies once it is written.
  using Committed = std::function<void(const ColdSource& source, std::uint64_t payload_at)>;

  // Never fails: without a usable directory the store keeps nothing and warnings() says so.
  // `size_limit` is held when the store is closed; `wait` is for a process that writes and does
  // not end.
  static std::unique_ptr<Store> open(const std::string& directory, std::uint64_t size_limit,
                                     std::chrono::milliseconds wait = std::chrono::seconds(10));
  ~Store();  // flushes; rewrites a file that has grown too large, or is superseded for the most
             // part

  // The newest record of a key, verified whole. kPage and kAbsent share their keys: `type` says
  // which kind of key it is.
  std::optional<StoreRecord> find(RecordType type, std::string_view key);
  // Takes note of a record; flush() writes it. The first piece of the payload is its eager part.
  void put(RecordType type, std::string_view key, std::initializer_list<std::string_view> payload,
           std::int64_t expires, Committed committed = {});
  // The record is fresh until `expires`.
  void touch(const StoreRecord& record, std::int64_t expires);
  // Called after the next flush, whether or not it succeeds.
  void after_flush(std::function<void()> call);
  void flush();
  // Sees what other processes have committed since. True if there was anything.
  bool reload();
  std::vector<std::string> warnings() const;

 private:
  class File;
  struct Pending;
  Store(std::string directory, std::uint64_t size_limit, std::chrono::milliseconds wait);
  void open_file();
  void create_file();
  bool load(const store_layout::Slot& slot);
  std::optional<StoreRecord> checked_record(const store_layout::BlockEntry& entry, RecordType type,
                                            std::string_view key);
  bool follow_name();
  bool lock_file();
  void unlock_file();
  bool commit(Pending& pending);
  void touch_records(const Pending& pending);
  void take_in_blocks(std::vector<store_layout::BlockEntry>& entries, std::uint64_t& previous,
                      std::uint64_t end) const;
  void warn(std::string text);
  void note_damage();
  void heal_slot();
  void give_up(const std::string& why);
  void note_read_only();
  bool is_mostly_superseded();
  void tidy();

  const std::string directory_;
  const std::string path_;
  const std::uint64_t size_limit_;
  const std::chrono::milliseconds wait_;
  std::mutex flush_mutex_;  // before mutex_; flock() does not keep threads of one process apart
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<File>>
      files_;  // the last is in use; earlier ones were replaced, but pages read from them
  std::atomic<bool> writable_ = false;
  std::atomic<std::uint64_t> committed_end_ = 0;  // of the file after this run's last commit
  int read_only_ = 0;                             // why, until it was said; guarded by mutex_
  bool damaged_ = false;
  std::uint64_t sequence_ = 0;
  std::uint64_t end_ = 0;
  std::vector<std::vector<store_layout::BlockEntry>> blocks_;  // newest first
  std::unique_ptr<Pending> pending_;
  std::vector<std::string> warnings_;
};

}  // namespace resolver::index
