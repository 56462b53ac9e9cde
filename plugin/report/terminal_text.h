// Text on a terminal: what is safe to print and how many columns it takes. Nothing that came from a
// file or an index reaches a terminal without `printable`: control characters could move the cursor
// or change colours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugin {

// One line of UTF-8: tabs as a space, other control characters as "?", bytes that are no UTF-8 as
// U+FFFD; credentials in URLs as ****.
std::string printable(std::string_view text);

// Columns of printable text: wide characters take two, combining ones none.
std::size_t columns(std::string_view text);

// At most `width` columns, "…" in place of what is cut off at the end.
std::string clipped(std::string_view text, std::size_t width);

// Broken at spaces so that no line is wider than `width`, where the words allow it. Line breaks of
// the text are kept.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// `text` in colour `code` ("1;31"), or as it is.
std::string colored(std::string_view text, std::string_view code, bool color);

}  // namespace plugin
