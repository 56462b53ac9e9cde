// A store's file.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "resolver/index/store.h"
#include "resolver/index/store_maintenance.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace index = resolver::index;
  static const std::string directory = [] {
    std::string pattern = "/tmp/seshat-fuzz-store-XXXXXX";
    return std::string(mkdtemp(pattern.data()));
  }();
  const std::string path = directory + "/" + index::store_layout::kFileName;
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  {
    auto store = index::Store::open(directory, 1 << 20);
    store->find(index::RecordType::kMetadata, "a");
    store->find(index::RecordType::kPage, "p");
    store->put(index::RecordType::kMetadata, "b", {"text"}, 0);
  }
  const auto found =
      index::Store::open(directory, 1 << 20)->find(index::RecordType::kMetadata, "b");
  fuzz::require(found && found->eager.size() == 4,
                "what is put is found, whatever was there before");
  static_cast<void>(index::store_prune(directory, {.size_limit = 1 << 20}));
  std::error_code code;
  std::filesystem::remove(path, code);
  return 0;
}
