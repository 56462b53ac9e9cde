// What `seshat cache` does with the store's file, whether or not runs are using it: they keep what
// they have open and find the new file by its name. Knows nothing of how a run reads or writes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "pep/result.h"

namespace resolver::index {

struct StoreSize {
  std::uint64_t bytes = 0;
  std::uint64_t pages = 0;
  std::uint64_t absent = 0;  // names that an index said it does not have
  std::uint64_t metadata = 0;
  std::uint64_t superseded = 0;  // bytes of what is no longer valid
  bool damaged = false;
};
// All zero if there is no store. kIo if it cannot be read.
pep::Result<StoreSize> store_size(const std::string& directory);

struct PruneOptions {
  // Bytes. What is over it goes, the longest unused first.
  std::uint64_t size_limit = UINT64_MAX;
  std::int64_t stale_before = 0;           // pages whose freshness ended earlier go
  std::chrono::milliseconds wait{10'000};  // for a process that is writing
};
struct Pruned {
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes = 0;
  std::uint64_t pages = 0;  // that were dropped, absent names too
  std::uint64_t metadata = 0;
  bool damaged = false;  // what could not be read is gone too
};
// Rewrites the store without what is superseded, damaged or to be dropped, and removes what killed
// processes left beside it. kIo if it cannot be written, or is being written for too long.
pep::Result<Pruned> store_prune(const std::string& directory, const PruneOptions& options);

// Removes the store; the number of bytes that it had.
pep::Result<std::uint64_t> store_clear(const std::string& directory);

}  // namespace resolver::index
