// How a page lies in the store.
#include "resolver/index/stored_page.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>

#include "resolver/index/digest.h"

namespace resolver::index {
namespace {

constexpr std::int64_t kLongestAge = 7 * 24 * 3600;
constexpr std::int64_t kClocksDiffer = 60;

}  // namespace

std::string page_key(std::string_view index, const pep::Name& name) {
  std::string key(index);
  key += ' ';
  key += name.str();
  return key;
}

std::string metadata_key(const File& file) {
  return file.has_sha256 ? "sha256:" + hex(file.sha256) : std::string(file.url);
}

std::shared_ptr<PageView> page_in_memory(std::string_view payload, std::uint64_t eager_length) {
  const auto* bytes = reinterpret_cast<const std::byte*>(payload.data());
  if (eager_length > payload.size()) return nullptr;
  return PageView::own({.hot = {bytes, bytes + eager_length},
                        .cold = {bytes + eager_length, bytes + payload.size()}});
}

std::optional<StoredPage> find_page(Store& store, std::string_view key, std::int64_t now) {
  StoredPage page;
  auto record = store.find(RecordType::kPage, key);
  if (!record) return std::nullopt;
  page.record = std::move(*record);
  if (page.record.type == RecordType::kAbsent) return page;
  const StoreRecord& found = page.record;
  if (!is_fresh(found, now) && found.payload_length >= 8) {
    std::uint32_t lengths[2] = {};
    const std::uint64_t trailer_at = found.payload_at + found.payload_length - sizeof lengths;
    if (found.source->read(trailer_at, {reinterpret_cast<char*>(lengths), sizeof lengths}) &&
        std::uint64_t{lengths[0]} + lengths[1] <= found.payload_length - sizeof lengths) {
      std::string texts(std::size_t{lengths[0]} + lengths[1], '\0');
      if (found.source->read(trailer_at - texts.size(), texts)) {
        page.etag = texts.substr(0, lengths[0]);
        page.last_modified = texts.substr(lengths[0]);
      }
    }
  }
  const std::uint64_t cold_at = found.payload_at + found.eager.size();
  page.view = PageView::open(std::move(page.record.eager), *found.source, cold_at);
  if (page.view == nullptr) return std::nullopt;
  return page;
}

void put_page(Store& store, std::string_view key, const std::shared_ptr<PageView>& page,
              std::string_view etag, std::string_view last_modified, std::int64_t expires) {
  const std::uint32_t lengths[2] = {static_cast<std::uint32_t>(etag.size()),
                                    static_cast<std::uint32_t>(last_modified.size())};
  const auto text = [](const std::vector<std::byte>& bytes) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  const std::uint64_t hot_size = page->bytes().hot.size();
  store.put(RecordType::kPage, key,
            {text(page->bytes().hot), text(page->bytes().cold), etag, last_modified,
             std::string_view(reinterpret_cast<const char*>(lengths), sizeof lengths)},
            expires, [page, hot_size](const ColdSource& source, std::uint64_t payload_at) {
              page->move_cold(source, payload_at + hot_size);
            });
}

bool is_fresh(const StoreRecord& record, std::int64_t now) {
  return record.expires > now && record.expires <= now + kLongestAge &&
         record.stored_at <= now + kClocksDiffer;
}

std::int64_t expiry(std::string_view cache_control, bool has_validators, std::int64_t now,
                    std::int64_t fresh_for) {
  std::string text(cache_control);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  const std::size_t at = text.find("max-age=");
  const bool forbidden =
      text.find("no-cache") != std::string::npos || text.find("no-store") != std::string::npos;
  if (at != std::string::npos && !forbidden) {
    const std::int64_t age = std::strtoll(text.c_str() + at + 8, nullptr, 10);
    return now + std::clamp<std::int64_t>(age, 0, kLongestAge);
  }
  return has_validators ? now : now + fresh_for;
}

}  // namespace resolver::index
