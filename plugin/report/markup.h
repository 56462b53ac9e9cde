// Text and links for HTML and SVG. Nothing from a report gets into a page but through these.
#pragma once

#include <string>
#include <string_view>

namespace plugin {

// Printable text (terminal_text.h) with the five characters that mean something escaped.
std::string escaped(std::string_view text);

// An anchor for a web URL, the text alone for anything else; empty for an empty one.
std::string anchor(std::string_view url);

}  // namespace plugin
