// Decoding and line splitting; see source_text.h.
#include "resolver/lock/source_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

#include "resolver/lock/utf8.h"

namespace resolver::lock {
namespace {

void append_utf8(std::string& out, std::uint32_t point) {
  const auto byte = [&](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | point >> 6);
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | point >> 18);
    byte(0x80 | (point >> 12 & 0x3F));
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
}

// Nothing if the text is cut off or holds a lone surrogate.
std::optional<std::string> from_utf16(std::string_view bytes, bool big_endian) {
  std::string out;
  out.reserve(bytes.size() / 2);
  if (bytes.size() % 2 != 0) return std::nullopt;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    std::uint32_t point = unit(at);
    if (point >= 0xDC00 && point < 0xE000) return std::nullopt;
    if (point >= 0xD800 && point < 0xDC00) {
      if (at + 3 >= bytes.size()) return std::nullopt;
      const std::uint32_t low = unit(at + 2);
      if (low < 0xDC00 || low >= 0xE000) return std::nullopt;
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    append_utf8(out, point);
  }
  return out;
}

// Offset of the first byte that is not text; npos if all is.
std::size_t first_fault(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = text[at] == '\0' ? 0 : utf8_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

}  // namespace

pep::Result<SourceText> SourceText::decode(std::string bytes, std::string name) {
  SourceText source;
  source.name_ = std::move(name);
  const std::string_view view = bytes;
  if (view.starts_with("\xFF\xFE") || view.starts_with("\xFE\xFF")) {
    auto text = from_utf16(view.substr(2), view[0] == '\xFE');
    if (!text) {
      return pep::error(
          pep::Fault::kMalformed,
          fmt::format("{} begins as UTF-16 and is none; save it as UTF-8", source.name_));
    }
    source.text_ = std::move(*text);
  } else if (view.starts_with("\xEF\xBB\xBF")) {
    source.text_ = std::string(view.substr(3));
  } else {
    source.text_ = std::move(bytes);
  }
  source.split();
  const std::size_t fault = first_fault(source.text_);
  if (fault == std::string::npos) return source;
  std::size_t line = source.starts_.size();
  while (line > 1 && source.starts_[line - 1] > fault) --line;
  const auto column = static_cast<int>(fault - source.starts_[line - 1]) + 1;
  return source.error(pep::Fault::kMalformed, static_cast<int>(line), column,
                      fmt::format("byte 0x{:02x} is no text; save the file as UTF-8",
                                  static_cast<unsigned char>(source.text_[fault])));
}

void SourceText::split() {
  starts_.assign(1, 0);
  for (std::size_t at = 0; at < text_.size(); ++at) {
    const bool ends = text_[at] == '\n' ||
                      (text_[at] == '\r' && (at + 1 == text_.size() || text_[at + 1] != '\n'));
    if (ends && at + 1 < text_.size()) starts_.push_back(at + 1);
  }
}

std::string_view SourceText::line(std::size_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::size_t begin = starts_[number - 1];
  const std::size_t end = number < starts_.size() ? starts_[number] : text_.size();
  std::string_view line = std::string_view(text_).substr(begin, end - begin);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

pep::Error SourceText::error(pep::Fault fault, int line, int column, std::string what) const {
  pep::Error failure = pep::error(fault, std::move(what));
  failure.place = place(line, column);
  if (line > 0) failure.excerpt = std::string(this->line(static_cast<std::size_t>(line)));
  return failure;
}

}  // namespace resolver::lock
