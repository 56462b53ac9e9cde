// One pass over the bytes; plain ASCII, which is nearly all of it, costs one comparison a byte.
#include "prescriptions/text_check.h"

#include <algorithm>
#include <cstdint>

#include "fmt/format.h"

namespace prescriptions {
namespace {

// The bytes of a valid sequence at `at`, and its code point; 0 bytes if there is none.
struct Decoded {
  std::size_t size = 0;
  std::uint32_t code = 0;
};

Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {1, first};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + size > text.size()) return {};
  std::uint32_t code = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {size, code};
}

bool is_admitted(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  if (code < 0x7F) return true;
  if (code < 0xA0) return code == 0x85;
  return code != 0xFFFE && code != 0xFFFF;
}

BadText bad_text(std::string message, std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n');
  const std::size_t begin = before.rfind('\n');
  const std::size_t column = begin == std::string_view::npos ? at : at - begin - 1;
  return {std::move(message), static_cast<int>(line) + 1, static_cast<int>(column) + 1};
}

}  // namespace

std::size_t utf8_size(std::string_view text, std::size_t at) { return decode(text, at).size; }

std::optional<BadText> find_bad_text(std::string_view text) {
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte < 0x7F) {
      ++at;
      continue;
    }
    const Decoded decoded = decode(text, at);
    if (decoded.size == 0) return bad_text("the file is not valid UTF-8", text, at);
    if (!is_admitted(decoded.code)) {
      return bad_text(fmt::format("the control character U+{:04X} is not allowed", decoded.code),
                      text, at);
    }
    at += decoded.size;
  }
  return std::nullopt;
}

}  // namespace prescriptions
