// Escapes of Python's string literals; an unknown one stands for itself, as in Python. "\N{…}" is
// refused: it needs a table of all characters, and no marker has one.
#include "pep/python_literal.h"

#include <cstdint>

namespace pep {

namespace {

void append_utf8(std::string& text, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// Up to `most` digits of `base` from `rest`; takes them off.
std::uint32_t take_number(std::string_view& rest, int base, std::size_t most, std::size_t* taken) {
  std::uint32_t value = 0;
  *taken = 0;
  while (*taken < most && !rest.empty() && digit_value(rest.front()) < base) {
    value = value * static_cast<std::uint32_t>(base) +
            static_cast<std::uint32_t>(digit_value(rest.front()));
    rest.remove_prefix(1);
    ++*taken;
  }
  return value;
}

constexpr std::string_view kSimple = "\\'\"abfnrtv";
constexpr std::string_view kMeant = "\\'\"\a\b\f\n\r\t\v";

// One escape, the backslash taken off already.
bool read_escape(std::string_view& rest, std::string& text) {
  if (rest.empty()) return false;
  const char c = rest.front();
  if (const std::size_t simple = kSimple.find(c); simple != std::string_view::npos) {
    text += kMeant[simple];
    rest.remove_prefix(1);
    return true;
  }
  std::size_t taken = 0;
  if (c >= '0' && c <= '7') {
    append_utf8(text, take_number(rest, 8, 3, &taken));
    return true;
  }
  if (c == 'N') return false;
  const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (digits == 0) {
    text += '\\';
    return true;
  }
  rest.remove_prefix(1);
  const std::uint32_t point = take_number(rest, 16, digits, &taken);
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  if (taken != digits || point > 0x10FFFF || surrogate) return false;
  append_utf8(text, point);
  return true;
}

}  // namespace

std::optional<std::string> read_python_literal(std::string_view inside) {
  if (inside.find_first_of(std::string_view("\n\r\0", 3)) != std::string_view::npos) {
    return std::nullopt;
  }
  std::string text;
  while (!inside.empty()) {
    const std::size_t escape = inside.find('\\');
    text.append(inside.substr(0, escape));
    if (escape == std::string_view::npos) break;
    inside.remove_prefix(escape + 1);
    if (!read_escape(inside, text)) return std::nullopt;
  }
  return text;
}

}  // namespace pep
