// A JSON page of an index.
#include "resolver/index/simple_api.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace index = resolver::index;
  index::PageText page{.body = std::string(fuzz::text_of(data, size)),
                       .content_type = "application/json",
                       .url = "https://pypi.example/simple/a/"};
  index::PageBuilder builder(pep::Name::of("a"), "https://pypi.example/simple/", page.url);
  if (!index::read_json_page(page, builder)) return 0;
  const auto view = index::PageView::own(builder.finish());
  fuzz::require(view != nullptr, "what was built can be opened");
  for (std::uint32_t f = 0; f < view->file_count(); ++f) {
    fuzz::require(!view->file(f).filename.empty(), "a file has a name");
    fuzz::require(view->version_of(f) < view->version_count(), "a file has a version");
  }
  return 0;
}
