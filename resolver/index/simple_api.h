// Pages of the Simple Repository API: JSON (PEP 691, 700) and HTML (PEP 503), read into a
// PageBuilder. Knows nothing of transport. Input is untrusted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pep/result.h"
#include "resolver/index/page_record.h"

namespace resolver::index {

struct PageText {
  std::string body;          // may grow: the JSON parser wants a few bytes of padding behind it
  std::string content_type;  // as the server said; empty if it did not
  std::string url;           // after redirects, without credentials; links are relative to it
};

enum class PageForm { kJson, kHtml };

// Which of the two `page` is; malformed with the URL if it can be neither.
pep::Result<PageForm> page_form(const PageText& page);

pep::Status read_json_page(PageText& page, PageBuilder& builder);
pep::Status read_html_page(const PageText& page, PageBuilder& builder);
// By its form.
pep::Status read_page(PageText& page, PageBuilder& builder);

// "2024-08-08T01:02:03.456789Z" as seconds since the epoch; 0 if it is none.
std::int64_t parse_time(std::string_view text);
// 64 hexadecimal digits.
bool parse_sha256(std::string_view hex, Sha256& digest);

}  // namespace resolver::index
