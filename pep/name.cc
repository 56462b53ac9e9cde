// Checking and normalising project names (PEP 503, 508).
#include "pep/name.h"

#include <fmt/format.h>

#include "pep/ascii.h"

namespace pep {

namespace {

constexpr bool is_separator(char c) { return c == '-' || c == '_' || c == '.'; }

constexpr std::size_t kLongestName = 512;  // no index has half of that

bool is_valid_name(std::string_view text) {
  if (text.empty() || text.size() > kLongestName) return false;
  if (!is_alnum(text.front()) || !is_alnum(text.back())) return false;
  for (const char c : text) {
    if (!is_name_char(c)) return false;
  }
  return true;
}

}  // namespace

Result<Name> Name::parse(std::string_view text) {
  if (!is_valid_name(text)) {
    return pep::error(Fault::kMalformed,
                      fmt::format("'{}' is no project name: letters, digits, '-', '_' and '.' are "
                                  "allowed, a letter or digit first and last",
                                  text.substr(0, 80)));
  }
  return of(text);
}

Name Name::of(std::string_view text) {
  Name name;
  name.text_.resize(text.size());
  std::size_t size = 0;
  bool separated = false;
  for (const char c : text) {
    if (is_separator(c)) {
      if (!separated) name.text_[size++] = '-';
      separated = true;
    } else {
      name.text_[size++] = to_lower(c);
      separated = false;
    }
  }
  name.text_.resize(size);
  return name;
}

bool is_normalized_name(std::string_view text) {
  if (!is_valid_name(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '_' || c == '.' || c != to_lower(c)) return false;
    if (c == '-' && text[i - 1] == '-') return false;
  }
  return true;
}

}  // namespace pep
