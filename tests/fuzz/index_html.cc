// An HTML page of an index. The first line is the URL it came from.
#include "resolver/index/simple_api.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace index = resolver::index;
  std::string_view text = fuzz::text_of(data, size);
  const std::string url(fuzz::take_line(text));
  const index::PageText page{.body = std::string(text), .content_type = "text/html", .url = url};
  index::PageBuilder builder(pep::Name::of("a"), "https://pypi.example/simple/", url);
  if (!index::read_html_page(page, builder)) return 0;
  const auto view = index::PageView::own(builder.finish());
  fuzz::require(view != nullptr, "what was built can be opened");
  for (std::uint32_t v = 0; v < view->version_count(); ++v) {
    fuzz::require(v == 0 || view->version(v - 1) < view->version(v), "versions ascend");
    fuzz::require(view->files(v).begin < view->files(v).end, "a version has files");
  }
  for (std::uint32_t f = 0; f < view->file_count(); ++f) {
    fuzz::require(!view->file(f).filename.empty(), "a file has a name");
  }
  return 0;
}
