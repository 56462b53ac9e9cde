// URLs as far as an index needs them.
#include "resolver/index/url.h"

#include <algorithm>
#include <cctype>

namespace resolver::index {
namespace {

struct Parts {
  std::string_view scheme;     // with ":"
  std::string_view authority;  // with "//"
  std::string_view path;
  std::string_view query;  // with "?"
};

Parts split(std::string_view url) {
  Parts parts;
  url = url.substr(0, url.find('#'));
  const std::string_view scheme = scheme_of(url);
  if (!scheme.empty()) {
    parts.scheme = url.substr(0, scheme.size() + 1);
    url.remove_prefix(scheme.size() + 1);
  }
  if (url.starts_with("//")) {
    const std::size_t end = std::min(url.find_first_of("/?", 2), url.size());
    parts.authority = url.substr(0, end);
    url.remove_prefix(end);
  }
  const std::size_t question = std::min(url.find('?'), url.size());
  parts.path = url.substr(0, question);
  parts.query = url.substr(question);
  return parts;
}

// Removes "." and ".." (RFC 3986, 5.2.4) from an absolute path.
void append_without_dots(std::string& out, std::string_view path) {
  const std::size_t floor = out.size();
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    const bool last = path.empty();
    if (segment == "/.") {
      if (last) out += '/';
    } else if (segment == "/..") {
      const std::size_t slash = out.rfind('/');
      out.resize(slash == std::string::npos || slash < floor ? floor : slash);
      if (last) out += '/';
    } else {
      out += segment;
    }
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Where user and password are: after "//", up to the last "@" before the path. Both npos if there
// are none.
std::pair<std::size_t, std::size_t> user_info(std::string_view url) {
  const std::size_t slashes = url.find("//");
  if (slashes == std::string_view::npos) return {std::string_view::npos, 0};
  const std::size_t begin = slashes + 2;
  const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  const std::size_t at = url.substr(begin, end - begin).rfind('@');
  if (at == std::string_view::npos) return {std::string_view::npos, 0};
  return {begin, begin + at};
}

}  // namespace

std::string_view scheme_of(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view scheme = url.substr(0, colon);
  const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
  });
  return valid && std::isalpha(static_cast<unsigned char>(scheme[0])) != 0 ? scheme
                                                                           : std::string_view();
}

std::string join_url(std::string_view base, std::string_view reference) {
  const std::string_view plain = reference.substr(0, reference.find('#'));
  const Parts link = split(plain);
  if (!link.scheme.empty()) return std::string(plain);
  const Parts from = split(base);
  std::string out;
  out.reserve(base.size() + plain.size());
  out += from.scheme;
  if (!link.authority.empty()) {
    out += plain;
    return out;
  }
  out += from.authority;
  if (link.path.empty()) {
    out += from.path;
    out += link.query.empty() ? from.query : link.query;
    return out;
  }
  if (link.path.starts_with('/')) {
    append_without_dots(out, link.path);
  } else {
    std::string path(from.path.substr(0, from.path.rfind('/') + 1));
    if (path.empty()) path = "/";
    path += link.path;
    append_without_dots(out, path);
  }
  out += link.query;
  return out;
}

std::string redacted(std::string_view url) {
  const auto [begin, at] = user_info(url);
  if (begin == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, begin)) + "****" + std::string(url.substr(at));
}

Credentials take_credentials(std::string& url) {
  const auto [begin, at] = user_info(url);
  if (begin == std::string_view::npos) return {};
  const std::string_view text = std::string_view(url).substr(begin, at - begin);
  const std::size_t colon = std::min(text.find(':'), text.size());
  Credentials credentials{
      .user = percent_decoded(text.substr(0, colon)),
      .password = colon < text.size() ? percent_decoded(text.substr(colon + 1)) : ""};
  url.erase(begin, at + 1 - begin);
  return credentials;
}

std::string_view origin_of(std::string_view url) {
  const Parts parts = split(url);
  return url.substr(0, parts.scheme.size() + parts.authority.size());
}

std::string_view host_of(std::string_view url) {
  std::string_view authority = split(url).authority;
  if (authority.size() >= 2) authority.remove_prefix(2);
  const std::size_t at = authority.rfind('@');
  return at == std::string_view::npos ? authority : authority.substr(at + 1);
}

std::string_view last_segment(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t slash = url.rfind('/');
  return slash == std::string_view::npos ? url : url.substr(slash + 1);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string percent_encoded_path(std::string_view path) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 ||
        std::string_view("/-_.~+!,=@").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

bool is_local(std::string_view location) {
  const std::string_view scheme = scheme_of(location);
  return scheme.empty() || scheme == "file" || scheme == "FILE";
}

std::string local_path(std::string_view location) {
  if (scheme_of(location).empty()) return std::string(location);
  const Parts parts = split(location);
  return percent_decoded(parts.path);
}

std::string file_url(std::string_view path) { return "file://" + percent_encoded_path(path); }

}  // namespace resolver::index
