// How a page lies in the store.
#include "resolver/index/stored_page.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>

namespace resolver::index {
namespace {

constexpr std::int64_t kLongestAge = 7 * 24 * 3600;

}  // namespace

std::string page_key(std::string_view index, const pep::Name& name) {
  std::string key(index);
  key += ' ';
  key += name.str();
  return key;
}

std::optional<StoredPage> find_page(Store& store, std::string_view key) {
  StoredPage page;
  auto record = store.find(RecordType::kPage, key);
  if (!record) return std::nullopt;
  page.record = *record;
  if (record->type == RecordType::kAbsent) return page;
  const std::string_view payload = record->payload;
  std::uint32_t lengths[2];
  if (payload.size() < sizeof lengths) return std::nullopt;
  std::memcpy(lengths, payload.data(), sizeof lengths);
  const std::uint64_t begin = sizeof lengths + std::uint64_t{lengths[0]} + lengths[1];
  if (begin > payload.size()) return std::nullopt;
  page.etag = payload.substr(sizeof lengths, lengths[0]);
  page.last_modified = payload.substr(sizeof lengths + lengths[0], lengths[1]);
  const std::string_view bytes = payload.substr(begin);
  page.view = PageView::open({reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()});
  if (page.view == nullptr) return std::nullopt;
  return page;
}

void put_page(Store& store, std::string_view key, const PageView& page, std::string_view etag,
              std::string_view last_modified, std::int64_t expires) {
  const std::uint32_t lengths[2] = {static_cast<std::uint32_t>(etag.size()),
                                    static_cast<std::uint32_t>(last_modified.size())};
  const auto record = page.record();
  store.put(RecordType::kPage, key,
            {{reinterpret_cast<const char*>(lengths), sizeof lengths},
             etag,
             last_modified,
             {reinterpret_cast<const char*>(record.data()), record.size()}},
            expires);
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
