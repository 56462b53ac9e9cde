// Reads metalinks and lists of mirrors. A scanner and no parser of XML: what it takes is checked by
// what it leads to.
#include "rpmenv/rpm_md.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::size_t kMaxMirrors = 1000;

// The text of the next element `name` in `rest`, with what its start tag holds.
bool next_element(std::string_view& rest, std::string_view name, std::string_view& attributes,
                  std::string_view& text) {
  while (true) {
    const auto open = rest.find('<');
    if (open == std::string_view::npos) return false;
    rest.remove_prefix(open + 1);
    if (!rest.starts_with(name) || rest.size() == name.size() ||
        std::string_view(" \t\r\n>").find(rest[name.size()]) == std::string_view::npos)
      continue;
    const auto close = rest.find('>');
    if (close == std::string_view::npos) return false;
    attributes = rest.substr(name.size(), close - name.size());
    rest.remove_prefix(close + 1);
    const auto end = rest.find('<');
    text = trimmed(rest.substr(0, end));
    return true;
  }
}

std::string_view attribute(std::string_view attributes, std::string_view name) {
  const auto at = attributes.find(std::string(name) + "=");
  if (at == std::string_view::npos) return {};
  attributes.remove_prefix(at + name.size() + 1);
  if (attributes.empty() || (attributes[0] != '"' && attributes[0] != '\'')) return {};
  return attributes.substr(1, attributes.find(attributes[0], 1) - 1);
}

// Entities that URLs hold.
std::string unescaped(std::string_view text) {
  std::string plain(text);
  for (auto at = plain.find("&amp;"); at != std::string::npos; at = plain.find("&amp;", at + 1))
    plain.erase(at + 1, 4);
  return plain;
}

bool is_asked(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

}  // namespace

Metalink parse_metalink(std::string_view text) {
  Metalink found;
  std::string_view attributes, value;
  for (auto rest = text; next_element(rest, "hash", attributes, value);) {
    if (attribute(attributes, "type") != "sha256" || value.size() != 64) continue;
    std::string hex(value);
    std::ranges::transform(hex, hex.begin(), [](char c) {
      return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    found.sha256.push_back(std::move(hex));
  }
  std::vector<std::pair<int, std::string>> mirrors;
  for (auto rest = text; next_element(rest, "url", attributes, value);) {
    const std::string url = unescaped(value);
    if (!is_asked(url) || !url.ends_with("/repodata/repomd.xml")) continue;
    int preference = 0;
    const auto number = attribute(attributes, "preference");
    std::from_chars(number.data(), number.data() + number.size(), preference);
    if (mirrors.size() < kMaxMirrors) mirrors.emplace_back(preference, url);
  }
  std::ranges::stable_sort(mirrors, std::ranges::greater(), &std::pair<int, std::string>::first);
  for (auto& [preference, url] : mirrors) found.urls.push_back(std::move(url));
  return found;
}

std::vector<std::string> parse_mirror_list(std::string_view text) {
  std::vector<std::string> urls;
  std::string_view line;
  while (next_line(text, line) && urls.size() < kMaxMirrors) {
    const auto url = trimmed(line);
    if (is_asked(url)) urls.emplace_back(url);
  }
  return urls;
}

}  // namespace rpmenv
