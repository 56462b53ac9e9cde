// A specifier set and a version, a line each: the keys' answer and the exact one must agree.
#include "pep/specifier.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  const auto set = pep::SpecifierSet::parse(fuzz::take_line(text));
  if (!set) return 0;
  const auto again = pep::SpecifierSet::parse(set->str());
  fuzz::require(again.has_value() && again->str() == set->str(), "what is printed can be read");
  const auto version = pep::Version::try_parse(fuzz::take_line(text));
  if (!version) return 0;
  set->contains(*version, {});
  fuzz::require(set->contains(*version) == again->contains(*version), "it is the same set");
  if (version->has_local()) return 0;
  const auto with_local = pep::Version::try_parse(version->str() + "+0");
  for (const pep::Specifier& specifier : set->specifiers()) {
    const auto range = specifier.key_range();
    if (!range || version->key() == 0) continue;
    fuzz::require(range->contains(version->key()) == specifier.contains(*with_local),
                  "keys answer as the exact way does");
  }
  return 0;
}
