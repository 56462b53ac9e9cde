// rpmdb.sqlite; read once more with its second half as its write-ahead log.
#include "rpmenv/db/container.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::text_of(data, size);
  const auto log = bytes.substr(bytes.size() / 1024 * 512);
  std::uint64_t total = 0;
  const auto count = [&](std::string_view blob) { total += blob.size(); };
  (void)rpmenv::db::read_sqlite(bytes, {}, count);
  (void)rpmenv::db::read_sqlite(bytes.substr(0, bytes.size() - log.size()), log, count);
  return 0;
}
