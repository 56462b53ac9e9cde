// Lines and words of text that an image holds, as views into it. Knows nothing of any file's
// format.
#pragma once

#include <optional>
#include <string_view>

namespace rpmenv {

inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\f\v";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// Takes the next line off `rest`, without its line feed; false at the end.
inline bool next_line(std::string_view& rest, std::string_view& line) {
  if (rest.empty()) return false;
  const auto end = rest.find('\n');
  line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return true;
}

// Takes the next word (runs without blanks) off `rest`; empty at the end.
inline std::string_view next_word(std::string_view& rest) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = rest.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return rest = {};
  const auto end = rest.find_first_of(kBlank, begin);
  const auto word = rest.substr(begin, end == std::string_view::npos ? end : end - begin);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
  return word;
}

// The file name and the directory of a path without a trailing "/".
inline std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}
inline std::string_view directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// `text` up to the first byte that is neither a digit nor a dot, without a dot at its end.
inline std::string_view leading_version(std::string_view text) {
  auto end = text.find_first_not_of("0123456789.");
  auto version = text.substr(0, end);
  while (!version.empty() && version.back() == '.') version.remove_suffix(1);
  return version;
}

// The number that `text` is; nullopt for anything else, an empty text too.
inline std::optional<unsigned long long> whole_number(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  unsigned long long value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned long long>(c - '0');
  }
  return value;
}

}  // namespace rpmenv
