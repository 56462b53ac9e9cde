// Layout and escaping; see json.h.
#include "plugin/report/json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "resolver/lock/url.h"
#include "resolver/lock/utf8.h"

namespace plugin {
namespace {

void append_unit(std::string& out, unsigned unit) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out.push_back(kDigits[unit >> shift & 0xF]);
}

void append_escaped(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = resolver::lock::plain_length(text.substr(at));
    out += text.substr(at, plain);
    at += plain;
    if (at == text.size()) break;
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    const std::size_t length = resolver::lock::utf8_length(text, at);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      append_unit(out, byte);
    } else if (length == 0) {
      append_unit(out, 0xDC00U + byte);
    } else {
      out += text.substr(at, length);
      at += length - 1;
    }
    ++at;
  }
  out.push_back('"');
}

}  // namespace

void Json::line() {
  if (inline_ > 0) return;
  out_.push_back('\n');
  out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
}

// What stands before a value: nothing after its key, else a comma and a new line.
void Json::value() {
  if (keyed_) {
    keyed_ = false;
    return;
  }
  if (depth_ == 0) return;
  if (!first_) out_ += inline_ > 0 ? ", " : ",";
  line();
  first_ = false;
}

void Json::key(std::string_view name) {
  value();
  out_.push_back('"');
  out_ += name;
  out_ += "\": ";
  keyed_ = true;
}

void Json::begin_object() {
  value();
  out_.push_back('{');
  ++depth_;
  first_ = true;
}

void Json::begin_array() {
  value();
  out_.push_back('[');
  ++depth_;
  first_ = true;
}

void Json::close(char bracket) {
  --depth_;
  if (!first_) line();
  out_.push_back(bracket);
  first_ = false;
}

void Json::end_object() { close('}'); }
void Json::end_array() { close(']'); }

void Json::text(std::string_view text) {
  value();
  append_escaped(out_, text);
}

void Json::url(std::string_view url) {
  value();
  if (resolver::lock::has_credentials(url)) {
    append_escaped(out_, resolver::lock::redacted(url));
  } else {
    append_escaped(out_, url);
  }
}

void Json::text_or_null(std::string_view text) { text.empty() ? null() : this->text(text); }

void Json::number(std::int64_t number) {
  value();
  std::array<char, 24> digits{};
  out_.append(digits.data(),
              std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void Json::number(std::uint64_t number) {
  value();
  std::array<char, 24> digits{};
  out_.append(digits.data(),
              std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void Json::real(double real) {
  if (!std::isfinite(real)) return null();
  value();
  std::array<char, 40> digits{};
  const char* end =
      std::to_chars(digits.data(), digits.data() + digits.size(), real == 0 ? 0.0 : real).ptr;
  const std::string_view written(digits.data(), static_cast<std::size_t>(end - digits.data()));
  out_ += written;
  if (written.find_first_of(".e") == std::string_view::npos) out_ += ".0";
}

void Json::boolean(bool boolean) {
  value();
  out_ += boolean ? "true" : "false";
}

void Json::null() {
  value();
  out_ += "null";
}

void Json::raw(std::string_view json) {
  value();
  out_ += json;
}

}  // namespace plugin
