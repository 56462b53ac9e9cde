// Packages.db of SUSE.
#include "rpmenv/db/container.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::uint64_t total = 0;
  (void)rpmenv::db::read_ndb(fuzz::text_of(data, size),
                             [&](std::string_view blob) { total += blob.size(); });
  return 0;
}
