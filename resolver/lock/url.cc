// Finding and removing secrets in URLs; see url.h.
#include "resolver/lock/url.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace resolver::lock {
namespace {

bool is_scheme_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
}

bool ends_url(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '"' || c == '\'' || c == '<' ||
         c == '>' || c == '`';
}

// Query parameters that are secrets by their name, compared without case.
bool is_secret(std::string_view parameter) {
  static constexpr std::array<std::string_view, 15> kSecret = {
      "access_token",  "api_key", "apikey",    "auth",     "auth_token",
      "authorization", "key",     "passwd",    "password", "private_token",
      "secret",        "sig",     "signature", "token",    "pwd"};
  std::string lower(parameter);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(kSecret, lower) != kSecret.end() || lower.starts_with("x-amz-") ||
         lower.starts_with("x-goog-");
}

// Calls `visit(begin, end, value)` for each secret in the query of `url`; `value` is where the
// value begins.
template <class Visit>
void each_secret(std::string_view url, const Visit& visit) {
  const std::size_t fragment = std::min(url.find('#'), url.size());
  std::size_t at = url.find('?');
  while (at < fragment) {
    const std::size_t begin = at + 1;
    const std::size_t end = std::min(url.find('&', begin), fragment);
    const std::size_t equals = url.find('=', begin);
    if (equals < end && equals + 1 < end && is_secret(url.substr(begin, equals - begin))) {
      visit(begin, end, equals + 1);
    }
    at = end;
  }
}

// One URL as parts of the text it stands in.
struct Parts {
  std::size_t authority = 0;  // after "://"
  std::size_t host = 0;       // after "user:word@", or the same as authority
  std::size_t end = 0;
};

// The next URL at or after `from`; false if there is none.
bool next_url(std::string_view text, std::size_t from, Parts& parts) {
  const std::size_t colon = text.find("://", from);
  if (colon == std::string_view::npos) return false;
  parts.authority = colon + 3;
  parts.end = parts.authority;
  while (parts.end < text.size() && !ends_url(text[parts.end])) ++parts.end;
  // A password may hold any character but those that end the authority; the last "@" before these
  // counts.
  const std::size_t path = std::min(text.find_first_of("/?#", parts.authority), parts.end);
  const std::size_t at = text.substr(parts.authority, path - parts.authority).rfind('@');
  parts.host = at == std::string_view::npos ? parts.authority : parts.authority + at + 1;
  return true;
}

// "user:word@" without a URL's "scheme://" in front, as it stands where one was forgotten.
struct Bare {
  std::size_t begin = 0;
  std::size_t at = 0;  // of the "@"
};

// The next one at or after `from`; false if there is none.
bool next_bare(std::string_view text, std::size_t from, Bare& bare) {
  const auto ends = [](char c) { return ends_url(c) || c == '/' || c == '?' || c == '#'; };
  while (from < text.size()) {
    std::size_t end = from;
    while (end < text.size() && !ends(text[end])) ++end;
    const std::string_view word = text.substr(from, end - from);
    const std::size_t at = word.rfind('@');
    const std::size_t colon = word.find(':');
    if (at != std::string_view::npos && colon < at && colon + 1 < at) {
      bare = {from, from + at};
      return true;
    }
    from = end + 1;
  }
  return false;
}

void append_without_bare(std::string& out, std::string_view text) {
  std::size_t from = 0;
  Bare bare;
  while (next_bare(text, from, bare)) {
    out += text.substr(from, bare.begin - from);
    out += "****";
    from = bare.at;
  }
  out += text.substr(from);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool is_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) return false;
  return std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
         std::ranges::all_of(text.substr(0, colon), is_scheme_character);
}

bool has_credentials(std::string_view text) {
  Parts url;
  Bare bare;
  std::size_t from = 0;
  for (; next_url(text, from, url); from = url.end) {
    if (url.host != url.authority) return true;
    if (next_bare(text.substr(from, url.authority - from), 0, bare)) return true;
    bool secret = false;
    each_secret(text.substr(url.host, url.end - url.host),
                [&](std::size_t, std::size_t, std::size_t) { secret = true; });
    if (secret) return true;
  }
  return next_bare(text.substr(from), 0, bare);
}

std::string redacted(std::string_view text) {
  std::string out;
  std::size_t from = 0;
  Parts url;
  while (next_url(text, from, url)) {
    append_without_bare(out, text.substr(from, url.authority - from));
    if (url.host != url.authority) out += "****@";
    const std::string_view rest = text.substr(url.host, url.end - url.host);
    std::size_t copied = 0;
    each_secret(rest, [&](std::size_t, std::size_t end, std::size_t value) {
      out += rest.substr(copied, value - copied);
      out += "****";
      copied = end;
    });
    out += rest.substr(copied);
    from = url.end;
  }
  append_without_bare(out, text.substr(from));
  return out;
}

std::string without_credentials(std::string_view url) {
  Parts parts;
  if (!next_url(url, 0, parts)) return std::string(url);
  std::string out(url.substr(0, parts.authority));
  const std::string_view rest = url.substr(parts.host);
  std::size_t copied = 0;
  each_secret(rest, [&](std::size_t begin, std::size_t end, std::size_t) {
    out += rest.substr(copied, begin - copied);
    copied = end < rest.size() && rest[end] == '&' ? end + 1 : end;
  });
  out += rest.substr(copied);
  if (copied > 0) {  // what is left of a query that lost its last parameter
    const std::size_t fragment = std::min(out.find('#'), out.size());
    std::size_t end = fragment;
    while (end > 0 && (out[end - 1] == '&' || out[end - 1] == '?')) --end;
    out.erase(end, fragment - end);
  }
  return out;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
        hex_value(text[at + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2])));
      at += 2;
    } else {
      out.push_back(text[at]);
    }
  }
  return out;
}

std::string url_filename(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t slash = url.rfind('/');
  return percent_decoded(slash == std::string_view::npos ? url : url.substr(slash + 1));
}

}  // namespace resolver::lock
