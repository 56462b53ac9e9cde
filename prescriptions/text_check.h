// Whether bytes are text that YAML admits: UTF-8 without control characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace prescriptions {

struct BadText {
  std::string message;
  int line = 1;
  int column = 1;  // in bytes
};

std::optional<BadText> find_bad_text(std::string_view text);
// Bytes of the UTF-8 sequence that begins at `at`; 0 if there is none.
std::size_t utf8_size(std::string_view text, std::size_t at);

}  // namespace prescriptions
