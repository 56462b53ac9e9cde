// A wheel, whole and by its end.
#include "resolver/index/wheel.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace index = resolver::index;
  const std::string_view bytes = fuzz::text_of(data, size);
  const pep::Name name = pep::Name::of("a");
  const auto whole = index::wheel_metadata(bytes, name);
  for (const std::size_t cut : {size / 4, size / 2}) {
    const index::Piece tail{.offset = cut, .bytes = bytes.substr(cut)};
    const auto found = index::locate_metadata(tail, name);
    if (!found) continue;
    if (const auto* member = std::get_if<index::ZipMember>(&*found)) {
      fuzz::require(member->end <= size, "a member lies inside of the file");
      const auto text = index::extract_member(tail, *member);
      fuzz::require(!text || !whole || *text == *whole, "both ways give the same text");
    }
  }
  return 0;
}
