// Escaping; see markup.h.
#include "plugin/report/markup.h"

#include "plugin/report/terminal_text.h"

namespace plugin {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string anchor(std::string_view url) {
  const std::string text = escaped(url);
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  if (!web) return text;
  return "<a rel=\"noreferrer\" href=\"" + text + "\">" + text + "</a>";
}

}  // namespace plugin
