// An RPM header blob.
#include "rpmenv/db/header.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = rpmenv::db::Header::parse(fuzz::text_of(data, size));
  if (!header) return 0;
  const auto package = header->package();
  fuzz::require(!package.name.empty(), "a header that was read has a name");
  (void)header->texts(rpmenv::db::Tag::kBaseNames);
  (void)header->numbers(rpmenv::db::Tag::kDirIndexes);
  return 0;
}
