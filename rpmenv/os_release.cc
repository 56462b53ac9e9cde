// Reads os-release. Unaware of what the values mean.
#include "rpmenv/os_release.h"

#include <string_view>

#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxBytes = 1 << 20;
constexpr std::size_t kMaxValue = 4096;

// The value of a shell assignment, without its quotes and backslashes.
std::string unquoted(std::string_view text) {
  std::string value;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size() && value.size() < kMaxValue; ++i) {
    const char c = text[i];
    if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote && quote != '\0') {
      quote = '\0';
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      value += text[++i];
    } else {
      value += c;
    }
  }
  return value;
}

}  // namespace

OsRelease read_os_release(const Root& root, std::vector<std::string>& warnings) {
  OsRelease os;
  for (const char* path : {"etc/os-release", "usr/lib/os-release"}) {
    const auto file = root.read(path, kMaxBytes);
    if (!file) {
      if (file.error().fault != pep::Fault::kNotFound) warnings.push_back(file.error().what);
      continue;
    }
    std::string_view rest = (*file)->view(), line;
    while (next_line(rest, line)) {
      line = trimmed(line);
      const auto equals = line.find('=');
      if (equals == std::string_view::npos || line.starts_with('#')) continue;
      const auto key = line.substr(0, equals);
      if (key == "ID") os.id = unquoted(line.substr(equals + 1));
      if (key == "VERSION_ID") os.version_id = unquoted(line.substr(equals + 1));
      if (key == "PRETTY_NAME") os.pretty_name = unquoted(line.substr(equals + 1));
    }
    return os;
  }
  return os;
}

}  // namespace rpmenv
