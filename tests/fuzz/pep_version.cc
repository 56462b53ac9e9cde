// Two versions, a line each: reading, printing, the key and the order must agree.
#include "pep/version.h"
#include "pep/version_fields.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  const auto a = pep::Version::try_parse(fuzz::take_line(text));
  const auto b = pep::Version::try_parse(fuzz::take_line(text));
  for (const auto& version : {a, b}) {
    if (!version) continue;
    const std::string printed = version->str();
    const auto again = pep::Version::try_parse(printed);
    fuzz::require(again.has_value(), "what is printed can be read");
    fuzz::require(*again == *version && again->str() == printed, "it is the same version");
    fuzz::require(again->hash() == version->hash(), "equal versions hash alike");
    const auto stored = pep::Version::from_store(version->key(), printed);
    fuzz::require(stored == *version && stored.str() == printed, "it comes back from a store");
    fuzz::require(stored.is_prerelease() == version->is_prerelease(), "with what it is");
  }
  if (a && b) {
    pep::Fields left;
    pep::Fields right;
    a->read(left);
    b->read(right);
    fuzz::require((*a <=> *b) == pep::compare(left, right), "keys order as parts do");
    fuzz::require((*a <=> *b) == 0 ? (*b <=> *a) == 0 : (*a < *b) == (*b > *a), "antisymmetric");
    fuzz::require(*a != *b || a->key() == b->key(), "equal versions have equal keys");
  }
  return 0;
}
