// Widths and cleaning; see terminal_text.h.
#include "plugin/report/terminal_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "resolver/lock/url.h"
#include "resolver/lock/utf8.h"

namespace plugin {
namespace {

std::uint32_t code_point(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t offset) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + offset]));
  };
  if (length == 1) return byte(0);
  if (length == 2) return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
  if (length == 3) return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
}

struct Interval {
  std::uint32_t first;
  std::uint32_t last;
};

// The blocks that matter in names and messages; terminals differ in the rest.
constexpr std::array<Interval, 6> kCombining = {{{0x0300, 0x036F},
                                                 {0x0483, 0x0489},
                                                 {0x1AB0, 0x1AFF},
                                                 {0x200B, 0x200F},
                                                 {0x20D0, 0x20FF},
                                                 {0xFE00, 0xFE0F}}};
constexpr std::array<Interval, 7> kWide = {{{0x1100, 0x115F},
                                            {0x2E80, 0xA4CF},
                                            {0xAC00, 0xD7A3},
                                            {0xF900, 0xFAFF},
                                            {0xFE30, 0xFE6F},
                                            {0xFF00, 0xFF60},
                                            {0x1F300, 0x1FAFF}}};

template <std::size_t N>
bool within(const std::array<Interval, N>& intervals, std::uint32_t point) {
  return std::ranges::any_of(
      intervals, [&](const Interval& i) { return point >= i.first && point <= i.last; });
}

std::size_t width_of(std::uint32_t point) {
  if (point < 0x0300) return 1;
  if (within(kCombining, point)) return 0;
  return within(kWide, point) ? 2 : 1;
}

// Whether a character of Unicode would act on the terminal or on the order of the text instead of
// being seen.
bool acts(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069) || point == 0x2028 || point == 0x2029;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string redacted;
  if (resolver::lock::has_credentials(text)) {
    redacted = resolver::lock::redacted(text);
    text = redacted;
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = resolver::lock::utf8_length(text, at);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
      continue;
    }
    if (text[at] == '\t') {
      out.push_back(' ');
    } else if (acts(code_point(text, at, length))) {
      out.push_back('?');
    } else {
      out += text.substr(at, length);
    }
    at += length;
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = std::max<std::size_t>(resolver::lock::utf8_length(text, at), 1);
    width += width_of(code_point(text, at, length));
    at += length;
  }
  return width;
}

std::string clipped(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = std::max<std::size_t>(resolver::lock::utf8_length(text, at), 1);
    const std::size_t next = used + width_of(code_point(text, at, length));
    if (next > width - 1) break;
    used = next;
    at += length;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view paragraph = text.substr(0, end);
    std::string line;
    std::size_t used = 0;
    while (!paragraph.empty()) {
      const std::size_t begin = paragraph.find_first_not_of(' ');
      if (begin == std::string_view::npos) break;
      const std::size_t after = std::min(paragraph.find(' ', begin), paragraph.size());
      const std::string word = printable(paragraph.substr(begin, after - begin));
      const std::size_t wide = columns(word);
      if (!line.empty() && used + 1 + wide > width) {
        lines.push_back(std::move(line));
        line.clear();
        used = 0;
      }
      if (!line.empty()) {
        line.push_back(' ');
        ++used;
      } else if (paragraph.data() == text.data()) {  // the text's own indent
        line.append(begin, ' ');
        used = begin;
      }
      line += word;
      used += wide;
      paragraph.remove_prefix(after);
    }
    lines.push_back(std::move(line));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string colored(std::string_view text, std::string_view code, bool color) {
  if (!color || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace plugin
