// A page as the store keeps it: its hot run, then its cold one.
#include <cstring>

#include "resolver/index/page_record.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace index = resolver::index;
  std::uint32_t hot_size = 0;
  if (size >= 8) std::memcpy(&hot_size, data + 4, 4);
  const std::size_t hot = std::min<std::size_t>(hot_size, size);
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const auto view =
      index::PageView::own({.hot = {bytes, bytes + hot}, .cold = {bytes + hot, bytes + size}});
  if (view == nullptr) return 0;
  std::size_t total = 0;
  for (std::uint32_t v = 0; v < view->version_count(); ++v) {
    total += view->version(v).release_size() + view->version_text(v).size();
    const index::FileRange range = view->files(v);
    for (std::uint32_t f = range.begin; f < range.end && total < 1'000'000; ++f) {
      const index::File file = view->file(f);
      total += file.filename.size() + file.url.size() + file.triple.size() +
               file.requires_python.size() + 1;
      view->metadata_sha256(f);
    }
    if (total > 1'000'000) break;
  }
  return 0;
}
