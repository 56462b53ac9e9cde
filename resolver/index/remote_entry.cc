#include "resolver/index/remote_entry.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "resolver/index/digest.h"

namespace resolver::index {

namespace {

constexpr std::string_view kMagic = "seshat-cache/1";

}  // namespace

std::string entry_of(const FetchResponse& response, std::string_view key, std::int64_t until) {
  std::string head;
  const auto line = [&](std::string_view text) {
    for (const char c : text) head += c == '\n' || c == '\r' ? ' ' : c;
    head += '\n';
  };
  line(kMagic);
  line(key);
  line(std::to_string(until));
  line(std::to_string(response.status));
  line(response.url);
  line(response.content_type);
  line(response.encoding);
  line(response.etag);
  line(response.last_modified);
  line(response.cache_control);
  // The lines are as much to be believed as the body.
  const std::string digest = hex(sha256_of(head + response.body));
  return head + digest + "\n" + response.body;
}

std::optional<FetchResponse> read_entry(std::string_view entry, std::string_view key,
                                        bool immutable, std::int64_t now) {
  std::string_view rest = entry;
  std::string lines[11];
  std::size_t head = 0;
  for (std::string& line : lines) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    if (&line == std::end(lines) - 1) head = entry.size() - rest.size();
    line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
  }
  std::string whole(entry.substr(0, head));
  whole += rest;
  if (lines[0] != kMagic || lines[1] != key || hex(sha256_of(whole)) != lines[10])
    return std::nullopt;
  if (!immutable && std::strtoll(lines[2].c_str(), nullptr, 10) <= now) return std::nullopt;
  FetchResponse response;
  response.status = std::strtol(lines[3].c_str(), nullptr, 10);
  if (response.status != 200 && response.status != 404 && response.status != 410)
    return std::nullopt;
  response.url = lines[4];
  response.content_type = lines[5];
  response.encoding = lines[6];
  response.etag = lines[7];
  response.last_modified = lines[8];
  response.cache_control = lines[9];
  response.body = rest;
  return response;
}

}  // namespace resolver::index
