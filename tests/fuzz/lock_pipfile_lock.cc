// A Pipfile.lock: reading.
#include "resolver/lock/readers.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lock = resolver::lock::read_pipfile_lock(fuzz::text_of(data, size), "Pipfile.lock");
  if (!lock) fuzz::require(!lock.error().what.empty(), "an error says what is wrong");
  return 0;
}
