// A setup.cfg: reading, with all its extras and a group; what is found has its place in the text.
#include "resolver/lock/setup_cfg.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const resolver::lock::Selection all{
      .extras = {}, .all_extras = true, .groups = {"dev"}, .develop = true};
  const auto found =
      resolver::lock::read_setup_cfg_text(fuzz::text_of(data, size), "setup.cfg", all);
  if (!found) {
    fuzz::require(!found.error().what.empty(), "an error says what is wrong");
    return 0;
  }
  for (const auto& root : found->requirements)
    fuzz::require(root.place.file == "setup.cfg", "a requirement has its place");
  return 0;
}
