// URLs without the secrets they may carry: user and password, and tokens in the query.
#pragma once

#include <string>
#include <string_view>

namespace resolver::lock {

// For a lock: "https://user:word@host/p?token=x&y=1#z" is "https://host/p?y=1#z".
std::string without_credentials(std::string_view url);
// For a person or a report: "https://****@host/p?token=****&y=1". Every URL in `text` is treated,
// wherever it stands, and "user:word@" where the scheme was forgotten.
std::string redacted(std::string_view text);
// True if `redacted` would change `text`; does not allocate.
bool has_credentials(std::string_view text);

bool is_url(std::string_view text);  // "scheme://…"
// "%2B" as "+"; malformed escapes stay as they are.
std::string percent_decoded(std::string_view text);
// The last part of a URL's path, decoded: a file name.
std::string url_filename(std::string_view url);

}  // namespace resolver::lock
