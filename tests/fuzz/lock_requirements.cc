// A requirements file: reading, and the places of what is found. -r and -c of the text may name
// files that are there; the corpus has none that are.
#include "resolver/lock/requirements_file.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto found = resolver::lock::read_requirements_text(text, "r.in");
  if (!found) {
    fuzz::require(!found.error().what.empty(), "an error says what is wrong");
    return 0;
  }
  for (const auto& root : found->requirements) {
    if (root.place.file != "r.in") continue;
    fuzz::require(root.place.line > 0 && root.place.column > 0, "a requirement has its place");
    fuzz::require(static_cast<std::size_t>(root.place.column) <= root.excerpt.size() + 1,
                  "the column is in the line");
  }
  return 0;
}
