// Headers, retries and netrc.
#include "resolver/index/fetch_headers.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace resolver::index {
namespace {

constexpr auto kLongestWait = std::chrono::seconds(30);

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

}  // namespace

void take_header(std::string_view line, FetchResponse& response, std::string& retry_after) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == '\r' || value.back() == '\n' || value.back() == ' ')) {
    value.remove_suffix(1);
  }
  const std::pair<std::string_view, std::string*> fields[] = {
      {"content-type", &response.content_type},
      {"content-encoding", &response.encoding},
      {"etag", &response.etag},
      {"last-modified", &response.last_modified},
      {"cache-control", &response.cache_control},
      {"content-range", &response.content_range},
      {"retry-after", &retry_after}};
  for (const auto& [key, target] : fields) {
    if (equal_ignoring_case(name, key)) *target = value;
  }
}

bool worth_a_retry(long status) {
  return status == 429 || status == 408 || (status >= 500 && status != 501);
}

std::optional<std::chrono::milliseconds> retry_delay(int attempt, const std::string& retry_after) {
  if (!retry_after.empty() && retry_after[0] >= '0' && retry_after[0] <= '9') {
    const auto wait =
        std::chrono::seconds(std::min(std::strtol(retry_after.c_str(), nullptr, 10), 3600L));
    if (wait > kLongestWait) return std::nullopt;
    return wait;
  }
  return std::chrono::milliseconds(100) * (1 << std::min(attempt, 6));
}

std::string netrc_path() {
  std::string path;
  if (const char* given = std::getenv("NETRC"); given != nullptr && *given != '\0') {
    path = given;
  } else if (const char* home = std::getenv("HOME"); home != nullptr) {
    path = std::string(home) + "/.netrc";
  }
  return !path.empty() && ::access(path.c_str(), R_OK) == 0 ? path : std::string();
}

}  // namespace resolver::index
