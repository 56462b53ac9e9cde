// Decoding and line splitting; see source_text.h.
#include "resolver/lock/source_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <optional>

#include "resolver/lock/utf8.h"

namespace resolver::lock {
namespace {

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

// Offset of the first byte that is not text; npos if all is. Eight bytes at a time where they are
// ASCII without a zero.
std::size_t first_fault(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  for (std::size_t at = 0; at < text.size();) {
    std::uint64_t word = 0;
    if (at + sizeof word <= text.size()) {
      std::memcpy(&word, text.data() + at, sizeof word);
      if (((word | (word - kOnes)) & kHigh) == 0) {
        at += sizeof word;
        continue;
      }
    }
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
  const bool returns = text_.find('\r') != std::string::npos;
  for (std::size_t at = 0; (at = returns ? text_.find_first_of("\r\n", at)
                                         : text_.find('\n', at)) != std::string::npos;) {
    if (text_[at] == '\r' && at + 1 < text_.size() && text_[at + 1] == '\n') ++at;
    ++at;
    if (at < text_.size()) starts_.push_back(at);
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
