// File names of wheels and sdists, and ranking the wheel's tags.
#include "pep/tag.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const pep::TagSet tags =
      pep::cpython_tags(3, 12, "cp312", pep::expand_platform("manylinux_2_28_x86_64"));
  const std::string_view text = fuzz::text_of(data, size);
  tags.rank(text);
  pep::expand_platform(text);
  if (const auto wheel = pep::parse_wheel_filename(text)) {
    fuzz::require(!wheel->name.empty() && !wheel->triple.empty(), "a wheel has a name and tags");
    tags.rank(wheel->triple);
  }
  if (const auto sdist = pep::parse_sdist_filename(text)) {
    fuzz::require(pep::is_normalized_name(sdist->name.str()), "an sdist has a name");
  }
  pep::sdist_version(text, pep::Name::of("foo"));
  return 0;
}
