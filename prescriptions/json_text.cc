#include "prescriptions/json_text.h"

#include "fmt/format.h"
#include "prescriptions/text_check.h"

namespace prescriptions {

void append_json(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_size(text, at);
    const char c = text[at];
    if (size == 0) {
      out += "\\ufffd";
      ++at;
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += text.substr(at, size);
    }
    at += size;
  }
  out += '"';
}

}  // namespace prescriptions
