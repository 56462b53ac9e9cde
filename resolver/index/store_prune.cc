// Rewriting the store with what is worth keeping.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <numeric>
#include <unordered_map>

#include "resolver/index/checksum.h"
#include "resolver/index/page_record.h"
#include "resolver/index/store_access.h"
#include "resolver/index/store_maintenance.h"
#include "resolver/index/store_snapshot.h"
#include "resolver/index/stored_page.h"

namespace resolver::index {
namespace layout = store_layout;
namespace {

std::int64_t last_confirmed(const LiveRecord& record) {
  return std::max(record.expires, record.stored_at);
}

// When each record was last of use, as far as the store can tell: a page when it was last fetched
// or confirmed, metadata when a page that lists their file was.
std::vector<std::int64_t> last_uses(const Snapshot& snapshot) {
  const std::vector<LiveRecord>& records = snapshot.records();
  std::vector<std::int64_t> uses;
  std::unordered_map<std::uint64_t, std::size_t> metadata;  // by the key's hash
  for (std::size_t i = 0; i < records.size(); ++i) {
    uses.push_back(last_confirmed(records[i]));
    if (records[i].type == RecordType::kMetadata) metadata.emplace(records[i].hash, i);
  }
  std::string buffer;
  for (std::size_t i = 0; i < records.size() && !metadata.empty(); ++i) {
    if (records[i].type != RecordType::kPage) continue;
    const auto record = snapshot.read(records[i], buffer);
    const auto page = record ? page_in_memory(record->payload, record->head.eager_length) : nullptr;
    for (std::uint32_t file = 0; page != nullptr && file < page->file_count(); ++file) {
      const auto found = metadata.find(checksum(metadata_key(page->file(file))));
      if (found != metadata.end()) uses[found->second] = std::max(uses[found->second], uses[i]);
    }
  }
  return uses;
}

// Leaves out what was not of use for longest until the rest fits.
std::vector<LiveRecord> shortened(const Snapshot& snapshot, std::vector<LiveRecord> kept,
                                  std::uint64_t size_limit) {
  std::uint64_t size = compacted_size(kept);
  if (size <= size_limit) return kept;
  const std::vector<std::int64_t> uses = last_uses(snapshot);
  std::vector<std::size_t> order(snapshot.records().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(uses[a], a) < std::pair(uses[b], b);
  });
  std::vector<std::uint64_t> dropped;
  for (const std::size_t i : order) {
    if (size <= size_limit) break;
    const LiveRecord& record = snapshot.records()[i];
    const bool is_kept = std::binary_search(
        kept.begin(), kept.end(), record,
        [](const LiveRecord& a, const LiveRecord& b) { return a.offset < b.offset; });
    if (!is_kept) continue;
    size -= record.size + sizeof(layout::BlockEntry);
    dropped.push_back(record.offset);
  }
  std::sort(dropped.begin(), dropped.end());
  std::erase_if(kept, [&](const LiveRecord& record) {
    return std::binary_search(dropped.begin(), dropped.end(), record.offset);
  });
  return kept;
}

// Several records are written at once.
constexpr std::size_t kPiece = 1 << 20;

bool write_compacted(int descriptor, const Snapshot& snapshot,
                     const std::vector<LiveRecord>& records, std::uint64_t& size) {
  if (!write_empty_store(descriptor)) return false;
  std::uint64_t end = layout::kFirstRecord;  // of what is written; `piece` follows
  std::string piece;
  std::string record_bytes;
  std::vector<layout::BlockEntry> entries;
  const auto write_piece = [&] {
    const bool good = write_at(descriptor, piece, end);
    end += piece.size();
    piece.clear();
    return good;
  };
  for (const LiveRecord& record : records) {
    if (!snapshot.read(record, record_bytes)) continue;
    entries.push_back({.hash = record.hash, .offset = end + piece.size(), .size = record.size});
    piece += record_bytes;
    if (piece.size() >= kPiece && !write_piece()) return false;
  }
  if (!write_piece()) return false;
  size = end;
  if (entries.empty()) return true;
  std::sort(entries.begin(), entries.end());
  append_block(piece, 0, entries);
  size = end + piece.size();
  return write_at(descriptor, piece, end) &&
         write_slot(descriptor, {.sequence = 2, .end = size, .newest_block = end});
}

}  // namespace

pep::Result<Pruned> store_prune(const std::string& directory, const PruneOptions& options) {
  const std::string path = store_path(directory);
  auto old = LockedFile::open(path, options.wait);
  if (!old) return std::move(old).error();
  remove_leftovers(directory);
  if (*old == nullptr) return Pruned{};
  struct stat status {};
  if (::fstat((*old)->descriptor(), &status) != 0) return store_error(path, errno);
  const Snapshot snapshot((*old)->descriptor());
  std::vector<LiveRecord> kept = snapshot.records();
  std::erase_if(kept, [&](const LiveRecord& record) {
    return record.type != RecordType::kMetadata && last_confirmed(record) < options.stale_before;
  });
  kept = shortened(snapshot, std::move(kept), options.size_limit);
  Pruned pruned{.bytes_before = static_cast<std::uint64_t>(status.st_size),
                .damaged = snapshot.damaged()};
  for (const LiveRecord& record : snapshot.records())
    ++(record.type == RecordType::kMetadata ? pruned.metadata : pruned.pages);
  for (const LiveRecord& record : kept)
    --(record.type == RecordType::kMetadata ? pruned.metadata : pruned.pages);
  std::string temporary = path;
  const int descriptor = open_temporary(temporary);
  if (descriptor < 0) return store_error(path, errno);
  const bool good = write_compacted(descriptor, snapshot, kept, pruned.bytes) &&
                    ::fchmod(descriptor, status.st_mode & 0777) == 0 &&
                    ::rename(temporary.c_str(), path.c_str()) == 0;
  const int code = errno;
  ::close(descriptor);
  if (good) return pruned;
  ::unlink(temporary.c_str());
  return store_error(path, code);
}

}  // namespace resolver::index
