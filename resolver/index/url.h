// URLs as far as an index needs them: joining (RFC 3986), credentials, local paths. Knows nothing
// of transport. Text only; nothing here looks at a disk or a network.
#pragma once

#include <string>
#include <string_view>

namespace resolver::index {

// `reference` against `base`, with the fragment removed; `base` is absolute.
std::string join_url(std::string_view base, std::string_view reference);

// `url` for a person to read: user and password become "****".
std::string redacted(std::string_view url);

struct Credentials {
  std::string user;
  std::string password;
  bool empty() const { return user.empty() && password.empty(); }
};
// Takes user and password out of `url` and decodes them; what is left is safe to send and to show.
Credentials take_credentials(std::string& url);

std::string_view scheme_of(
    std::string_view url);  // lower case is not forced; empty if there is none
std::string_view origin_of(std::string_view url);  // "https://host:port"
std::string_view host_of(std::string_view url);    // "host:port" without user
std::string_view last_segment(std::string_view url);

std::string percent_decoded(std::string_view text);
std::string percent_encoded_path(std::string_view path);

// Whether `location` is on this machine: a path, or a file: URL; and which path that is.
bool is_local(std::string_view location);
std::string local_path(std::string_view location);
std::string file_url(std::string_view path);  // of an absolute path

}  // namespace resolver::index
