// A marker: reading, printing and evaluating.
#include "pep/marker.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto marker = pep::Marker::parse(text);
  if (!marker) {
    fuzz::require(marker.error().place.has_value(), "an error has its column");
    return 0;
  }
  pep::Environment environment;
  environment.python_version = "3.12";
  environment.python_full_version = environment.implementation_version = "3.12.4+";
  const pep::Name extras[] = {pep::Name::of("a"), pep::Name::of("socks")};
  const bool holds = marker->holds(environment, extras, extras);
  // A literal is printed as it is: an escape would be read again.
  if (text.find('\\') != std::string_view::npos) return 0;
  const auto again = pep::Marker::parse(marker->str());
  fuzz::require(again.has_value() && again->str() == marker->str(), "what is printed can be read");
  fuzz::require(again->holds(environment, extras, extras) == holds, "it is the same marker");
  return 0;
}
