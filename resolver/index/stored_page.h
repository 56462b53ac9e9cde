// How a page lies in the store, and how long what an index said stays fresh. Knows nothing of
// transport.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/index/page_record.h"
#include "resolver/index/store.h"

namespace resolver::index {

struct StoredPage {
  StoreRecord record;
  std::string etag;  // read only if the page is stale
  std::string last_modified;
  std::shared_ptr<PageView> view;  // null: the index does not have the name
};

std::string page_key(std::string_view index, const pep::Name& name);
// By its hash, since that says what the file is wherever it lies; else by its URL.
std::string metadata_key(const File& file);
// None if the store does not know the page, or it is damaged.
std::optional<StoredPage> find_page(Store& store, std::string_view key, std::int64_t now);
// A page whose whole payload is in memory. Null if it is none.
std::shared_ptr<PageView> page_in_memory(std::string_view payload, std::uint64_t eager_length);
// Once it is written, the page keeps only its hot run in memory.
void put_page(Store& store, std::string_view key, const std::shared_ptr<PageView>& page,
              std::string_view etag, std::string_view last_modified, std::int64_t expires);

// Whether what the record says need not be asked again. What a clock that was set back calls the
// future is not believed.
bool is_fresh(const StoreRecord& record, std::int64_t now);
// When what was said at `now` stops being fresh: by max-age if the server gives one; at once if it
// gives something to ask again with; after `fresh_for` seconds otherwise.
std::int64_t expiry(std::string_view cache_control, bool has_validators, std::int64_t now,
                    std::int64_t fresh_for);

}  // namespace resolver::index
