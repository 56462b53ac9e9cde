// Pages of a static index: what a project's page says, as HTML (PEP 503) and JSON (PEP 691, 700).
// Pure: the same page and links give the same bytes. Knows nothing of directories or stores.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/index/page_record.h"

namespace resolver::index {

// How one file of a page is linked. The two forms differ where the file itself is not in the index:
// HTML, which any server hands out, links to where its metadata are; JSON, which is read from a
// directory, to where the file is.
struct StaticLink {
  std::string html_url;  // relative, or absolute and without credentials
  std::string json_url;
  std::optional<Sha256> metadata_sha256;  // of the metadata file beside the page
};

// By file number.
using StaticLinks = std::vector<StaticLink>;

std::string static_html_page(const PageView& page, const StaticLinks& links);
std::string static_json_page(const PageView& page, const StaticLinks& links);
// The list of all projects; names ascending.
std::string static_html_root(const std::vector<std::string>& names);
std::string static_json_root(const std::vector<std::string>& names);

}  // namespace resolver::index
