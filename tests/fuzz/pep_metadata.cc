// A METADATA file.
#include "pep/metadata.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto made = pep::Metadata::parse(fuzz::text_of(data, size));
  if (made) {
    fuzz::require(!made->name.empty(), "metadata has a name");
    for (const auto& requirement : made->requires_dist) {
      fuzz::require(!requirement.name.empty(), "a requirement has a name");
    }
  } else {
    fuzz::require(!made.error().what.empty(), "an error says what is wrong");
  }
  return 0;
}
