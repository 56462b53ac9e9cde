// Well-formed UTF-8, as readers check it and writers need it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace resolver::lock {

// Length in bytes of the well-formed sequence at `at`, 0 if there is none. No overlong forms, no
// surrogates.
std::size_t utf8_length(std::string_view text, std::size_t at);

void append_utf8(std::string& out, std::uint32_t code_point);

// How many bytes from the start need no escape in a JSON or TOML string: printable ASCII without
// quote and backslash.
std::size_t plain_length(std::string_view text);

}  // namespace resolver::lock
