// The layout of an error; see error.h.
#include "plugin/report/error.h"

#include <fmt/format.h>

#include <algorithm>

#include "plugin/report/terminal_text.h"
#include "resolver/lock/url.h"

namespace plugin {
namespace {

constexpr std::size_t kWidest = 120;  // columns of a line that is shown
constexpr std::size_t kBefore = 60;   // of these, before the caret when the line is cut

// The line and its caret. `column` counts bytes from 1; a column beyond the line points behind its
// end.
void append_excerpt(std::string& out, const pep::Place& place, std::string_view line, bool color) {
  const std::size_t offset =
      place.column > 0 ? std::min(static_cast<std::size_t>(place.column) - 1, line.size()) : 0;
  // Cleaned in two parts, so that the caret stays right when characters are replaced.
  std::string before = printable(line.substr(0, offset));
  std::string after = printable(line.substr(offset));
  if (resolver::lock::has_credentials(line)) {  // a secret may stand across the caret
    const std::string whole = printable(line);
    before = before.size() <= whole.size() && whole.starts_with(before) ? before : std::string();
    after = whole.substr(before.size());
  }
  if (columns(before) + columns(after) > kWidest && columns(before) > kBefore) {
    std::size_t cut = before.size() - kBefore;
    while (cut < before.size() && (static_cast<unsigned char>(before[cut]) & 0xC0) == 0x80) ++cut;
    before = "…" + before.substr(cut);
  }
  const std::string number = place.line > 0 ? std::to_string(place.line) : "";
  const std::size_t margin = std::max<std::size_t>(number.size(), 3);
  out += fmt::format("{:>{}} | {}\n", number, margin + 2, clipped(before + after, kWidest));
  if (place.column <= 0) return;
  out += fmt::format("{:>{}} | {}{}\n", "", margin + 2, std::string(columns(before), ' '),
                     colored("^", "1;31", color));
}

}  // namespace

std::string describe(const pep::Error& error, bool color) {
  std::string out = colored("error:", "1;31", color) + " ";
  if (error.place && !error.place->file.empty()) {
    std::string where = printable(error.place->file);
    if (error.place->line > 0) where += fmt::format(":{}", error.place->line);
    if (error.place->line > 0 && error.place->column > 0)
      where += fmt::format(":{}", error.place->column);
    out += colored(where + ":", "1", color) + " ";
  }
  std::string_view what = error.what;
  while (what.ends_with('\n')) what.remove_suffix(1);
  for (bool first = true; !what.empty() || first; first = false) {
    const std::size_t end = std::min(what.find('\n'), what.size());
    out += (first ? "" : "  ") + printable(what.substr(0, end)) + "\n";
    what.remove_prefix(std::min(end + 1, what.size()));
  }
  if (error.place && !error.excerpt.empty())
    append_excerpt(out, *error.place, error.excerpt, color);
  for (const std::string& stage : error.trail) out += "  while " + printable(stage) + "\n";
  return out;
}

std::string redact_url(std::string_view url) { return resolver::lock::redacted(url); }

}  // namespace plugin
