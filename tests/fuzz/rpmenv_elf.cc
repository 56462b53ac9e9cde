// An ELF file.
#include "rpmenv/elf.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto elf = rpmenv::read_elf(fuzz::text_of(data, size), true);
  fuzz::require(elf.has_value() || !elf.error().what.empty(), "an error says what is wrong");
  return 0;
}
