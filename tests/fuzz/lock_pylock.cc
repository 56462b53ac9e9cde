// A pylock.toml: reading; what is read is written and read back as the same bytes.
#include "resolver/lock/readers.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lock = resolver::lock::read_pylock(fuzz::text_of(data, size), "pylock.toml");
  if (!lock) {
    fuzz::require(!lock.error().what.empty(), "an error says what is wrong");
    return 0;
  }
  const std::string written = resolver::lock::write_pylock(*lock);
  const auto again = resolver::lock::read_pylock(written, "pylock.toml");
  fuzz::require(again.has_value(), "what is written can be read");
  fuzz::require(resolver::lock::write_pylock(*again) == written, "it is the same lock");
  return 0;
}
