// Pieces of TOML as our writers put them down.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace resolver::lock {

// A basic string in quotes. Bytes that are no UTF-8 become U+FFFD: TOML has no way to write them.
void append_toml_string(std::string& out, std::string_view text);
// "2024-05-06T07:08:09Z" from seconds since the epoch.
void append_utc(std::string& out, std::int64_t seconds);

}  // namespace resolver::lock
