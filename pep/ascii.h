// Character classes of the packaging standards, which know ASCII only (the C library's depend on a
// locale).
#pragma once

#include <string_view>

namespace pep {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_alnum(char c) {
  const char low = to_lower(c);
  return is_digit(c) || (low >= 'a' && low <= 'z');
}
constexpr bool is_name_char(char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; }
// A character that goes on with a word: what stands before "and", "in", a variable … must not be
// one.
constexpr bool is_word_char(char c) { return is_alnum(c) || c == '_'; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

}  // namespace pep
