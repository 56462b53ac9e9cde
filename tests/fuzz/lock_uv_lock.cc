// A uv.lock: reading; every package that is found has a name and a version.
#include "resolver/lock/readers.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lock = resolver::lock::read_uv_lock(fuzz::text_of(data, size), "uv.lock");
  if (!lock) {
    fuzz::require(!lock.error().what.empty(), "an error says what is wrong");
    return 0;
  }
  for (const auto& package : lock->packages)
    fuzz::require(!package.name.empty(), "a package has a name");
  return 0;
}
