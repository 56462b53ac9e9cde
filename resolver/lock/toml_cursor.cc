// White space, comments, keys and strings of TOML; see toml_cursor.h.
#include "resolver/lock/toml_cursor.h"

#include <fmt/format.h>

#include "resolver/lock/utf8.h"

namespace resolver::lock {
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string shown(char c) {
  return is_control(c) || static_cast<unsigned char>(c) >= 0x7F
             ? fmt::format("byte 0x{:02x}", static_cast<unsigned char>(c))
             : fmt::format("\"{}\"", c);
}

}  // namespace

bool TomlCursor::take(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void TomlCursor::skip_spaces() {
  while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

bool TomlCursor::take_line_end() {
  if (peek() == '\r' && peek(1) == '\n') ++at_;
  if (at_end() || text_[at_] != '\n') return false;
  ++at_;
  ++line_;
  line_start_ = at_;
  return true;
}

pep::Status TomlCursor::skip_comment() {
  if (!take('#')) return pep::Done{};
  while (!at_end() && !is_control(text_[at_])) ++at_;
  const bool ends = at_end() || peek() == '\n' || (peek() == '\r' && peek(1) == '\n');
  if (ends) return pep::Done{};
  return error(fmt::format("{} can't stand in a comment", shown(peek())));
}

pep::Status TomlCursor::end_line() {
  skip_spaces();
  if (auto status = skip_comment(); !status) return status;
  if (at_end() || take_line_end()) return pep::Done{};
  return error(fmt::format("the line should end before {}", shown(peek())));
}

pep::Status TomlCursor::skip_blank() {
  do {
    skip_spaces();
    if (auto status = skip_comment(); !status) return status;
  } while (take_line_end());
  return pep::Done{};
}

void TomlCursor::set_place(Value& value) const {
  value.line = line_;
  value.column = static_cast<int>(at_ - line_start_) + 1;
}

pep::Error TomlCursor::error(std::string what) const {
  Value here;
  set_place(here);
  return error_at(source_, here, "no valid TOML: " + std::move(what));
}

pep::Result<std::string> TomlCursor::read_key_part() {
  if (peek() == '"' || peek() == '\'') {
    if (starts_with("\"\"\"") || starts_with("'''"))
      return error("a key can't be a text of several lines");
    return read_string();
  }
  const std::size_t begin = at_;
  while (!at_end() && is_bare(text_[at_])) ++at_;
  if (at_ > begin) return std::string(text_.substr(begin, at_ - begin));
  return error(at_end() ? "a key is missing"
                        : fmt::format("a key can't begin with {}", shown(peek())));
}

pep::Result<std::string> TomlCursor::read_string() {
  const bool basic = peek() == '"';
  if (starts_with(basic ? "\"\"\"" : "'''")) {
    at_ += 3;
    take_line_end();  // the first one does not count
    return basic ? read_basic(true) : read_literal(true);
  }
  ++at_;
  return basic ? read_basic(false) : read_literal(false);
}

// After a backslash.
pep::Status TomlCursor::read_escape(std::string& out, bool multiline) {
  static constexpr std::string_view kLetters = "btnfr\"\\";
  static constexpr std::string_view kMeant = "\b\t\n\f\r\"\\";
  const char letter = peek();
  if (const std::size_t found = kLetters.find(letter);
      letter != '\0' && found != std::string_view::npos) {
    out.push_back(kMeant[found]);
    ++at_;
    return pep::Done{};
  }
  if (letter == 'u' || letter == 'U') {
    const std::size_t digits = letter == 'u' ? 4 : 8;
    std::uint32_t point = 0;
    for (std::size_t i = 1; i <= digits; ++i) {
      const int value = hex_value(peek(i));
      if (value < 0) return error(fmt::format("\\{} needs {} hexadecimal digits", letter, digits));
      point = point << 4 | static_cast<std::uint32_t>(value);
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
      return error("the escape is no character");
    append_utf8(out, point);
    at_ += digits + 1;
    return pep::Done{};
  }
  if (multiline) {  // a backslash at the end of a line swallows white space up to the next word
    skip_spaces();
    if (take_line_end()) {
      do skip_spaces();
      while (take_line_end());
      return pep::Done{};
    }
  }
  return error("this is no escape; write \\\\ for a backslash");
}

pep::Result<std::string> TomlCursor::read_basic(bool multiline) {
  std::string out;
  while (!at_end()) {
    const std::size_t plain = plain_length(text_.substr(at_));
    out += text_.substr(at_, plain);
    at_ += plain;
    if (at_end()) break;
    const char c = text_[at_];
    if (c == '\\') {
      ++at_;
      if (auto status = read_escape(out, multiline); !status) return std::move(status).error();
    } else if (c == '"' && !multiline) {
      ++at_;
      return out;
    } else if (c == '"' && starts_with("\"\"\"")) {
      at_ += 3;
      for (int more = 0; more < 2 && take('"'); ++more) out.push_back('"');
      return out;
    } else if (multiline && (c == '\n' || c == '\r')) {
      if (!take_line_end()) return error("a carriage return stands alone");
      out.push_back('\n');
    } else if (is_control(c)) {
      return error(c == '\n' || c == '\r' ? "the quote is not closed on its line"
                                          : fmt::format("{} needs an escape", shown(c)));
    } else {
      out.push_back(c);
      ++at_;
    }
  }
  return error("the quote is not closed");
}

pep::Result<std::string> TomlCursor::read_literal(bool multiline) {
  std::string out;
  while (!at_end()) {
    const char c = text_[at_];
    if (c == '\'' && !multiline) {
      ++at_;
      return out;
    }
    if (c == '\'' && starts_with("'''")) {
      at_ += 3;
      for (int more = 0; more < 2 && take('\''); ++more) out.push_back('\'');
      return out;
    }
    if (multiline && (c == '\n' || c == '\r')) {
      if (!take_line_end()) return error("a carriage return stands alone");
      out.push_back('\n');
    } else if (is_control(c)) {
      return error(c == '\n' || c == '\r' ? "the quote is not closed on its line"
                                          : fmt::format("{} can't stand in a text", shown(c)));
    } else {
      out.push_back(c);
      ++at_;
    }
  }
  return error("the quote is not closed");
}

pep::Result<Value> TomlCursor::read_scalar() {
  Value value;
  set_place(value);
  static constexpr std::string_view kEnds = " \t\r\n,]}#=";
  std::string_view word = text_.substr(at_);
  word = word.substr(0, word.find_first_of(kEnds));
  // A date may have a space before its time.
  if (word.size() == 10 && word[4] == '-' && peek(10) == ' ' && peek(11) >= '0' &&
      peek(11) <= '9') {
    const std::string_view rest = text_.substr(at_ + 11);
    word = text_.substr(at_, 11 + std::min(rest.find_first_of(kEnds), rest.size()));
  }
  auto scalar = toml_scalar(word);
  if (!scalar) {
    if (word.empty())
      return error(at_end() ? "a value is missing"
                            : fmt::format("a value can't begin with {}", shown(peek())));
    return error(fmt::format("\"{}\" is no value; text needs quotes", word.substr(0, 40)));
  }
  scalar->line = value.line;
  scalar->column = value.column;
  at_ += word.size();
  return std::move(*scalar);
}

}  // namespace resolver::lock
