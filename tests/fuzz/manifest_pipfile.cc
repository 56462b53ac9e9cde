// A Pipfile: reading, with all its extras and a group; what is found has its place in the text.
#include "resolver/lock/pipfile.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const resolver::lock::Selection all{
      .extras = {}, .all_extras = true, .groups = {"dev"}, .develop = true};
  const auto found = resolver::lock::read_pipfile_text(fuzz::text_of(data, size), "Pipfile", all);
  if (!found) {
    fuzz::require(!found.error().what.empty(), "an error says what is wrong");
    return 0;
  }
  for (const auto& root : found->requirements)
    fuzz::require(root.place.file == "Pipfile", "a requirement has its place");
  const auto facts = resolver::lock::pipfile_facts(fuzz::text_of(data, size), "Pipfile",
                                                   "https://pypi.example/simple");
  fuzz::require(facts.has_value(), "what can be read can be hashed");
  return 0;
}
