// A requirement: reading and printing.
#include "pep/requirement.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto made = pep::Requirement::parse(text);
  if (!made || text.find('\\') != std::string_view::npos) return 0;
  const auto again = pep::Requirement::parse(made->str());
  fuzz::require(again.has_value() && again->str() == made->str(), "what is printed can be read");
  fuzz::require(
      again->name == made->name && again->extras == made->extras && again->url == made->url,
      "it is the same requirement");
  return 0;
}
