// Joining of lines; see logical_line.h.
#include "resolver/lock/logical_line.h"

#include <algorithm>
#include <cstdlib>

namespace resolver::lock {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v'; }

// Where a comment begins, white space before it included; the size of the line if there is none.
std::size_t comment_start(std::string_view line) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != '#' || (at > 0 && !is_space(line[at - 1]))) continue;
    while (at > 0 && is_space(line[at - 1])) --at;
    return at;
  }
  return line.size();
}

bool is_comment(std::string_view line) {
  const auto first = std::find_if_not(line.begin(), line.end(), is_space);
  return first != line.end() && *first == '#';
}

bool is_variable_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

void LogicalLine::append(std::string_view text, int line, int column) {
  if (text.empty()) return;
  segments_.push_back({text_.size(), line, column, true});
  text_ += text;
}

void LogicalLine::trim() {
  while (!text_.empty() && is_space(text_.back())) text_.pop_back();
  std::size_t begin = 0;
  while (begin < text_.size() && is_space(text_[begin])) ++begin;
  if (begin == 0) return;
  // Segments that lie wholly in what is cut off may go: the last of them keeps the place of the
  // first character.
  std::vector<Segment> kept;
  for (const Segment& segment : segments_) {
    Segment moved = segment;
    if (segment.offset <= begin) {
      kept.clear();
      if (segment.verbatim) moved.column += static_cast<int>(begin - segment.offset);
      moved.offset = 0;
    } else {
      moved.offset -= begin;
    }
    kept.push_back(moved);
  }
  segments_ = std::move(kept);
  text_.erase(0, begin);
}

void LogicalLine::expand_variables() {
  if (text_.find("${") == std::string::npos) return;
  LogicalLine expanded;
  std::size_t next = 0;  // segment
  const auto copy = [&](std::size_t begin, std::size_t end) {
    for (; next < segments_.size() && segments_[next].offset < end; ++next) {
      Segment moved = segments_[next];
      if (moved.offset < begin) continue;
      moved.offset = expanded.text_.size() + (moved.offset - begin);
      expanded.segments_.push_back(moved);
    }
    expanded.text_ += std::string_view(text_).substr(begin, end - begin);
  };
  const auto mapped = [&](std::size_t offset) {  // the segment that says where `offset` was written
    Segment found = *std::prev(std::ranges::upper_bound(segments_, offset, {}, &Segment::offset));
    found.column += static_cast<int>(offset - found.offset);
    return found;
  };
  std::size_t begin = 0;
  for (std::size_t at = 0; (at = text_.find("${", at)) != std::string::npos;) {
    std::size_t end = at + 2;
    while (end < text_.size() && is_variable_character(text_[end])) ++end;
    const std::string name = text_.substr(at + 2, end - at - 2);
    const char* value = end < text_.size() && text_[end] == '}' && !name.empty()
                            ? std::getenv(name.c_str())
                            : nullptr;
    if (value == nullptr) {  // pip leaves it as it is, too
      at = end;
      continue;
    }
    copy(begin, at);
    Segment put_in = mapped(at);
    expanded.segments_.push_back({expanded.text_.size(), put_in.line, put_in.column, false});
    expanded.text_ += value;
    begin = at = end + 1;
    while (next < segments_.size() && segments_[next].offset <= begin) ++next;
    if (begin < text_.size()) {
      const Segment after = mapped(begin);
      expanded.segments_.push_back({expanded.text_.size(), after.line, after.column, true});
    }
  }
  if (begin < text_.size()) copy(begin, text_.size());
  *this = std::move(expanded);
}

pep::Place LogicalLine::place(const SourceText& source, std::size_t offset) const {
  if (segments_.empty()) return source.place(0, 0);
  const auto after = std::ranges::upper_bound(segments_, offset, {}, &Segment::offset);
  const Segment& segment = after == segments_.begin() ? *after : *std::prev(after);
  const int beyond =
      segment.verbatim && offset > segment.offset ? static_cast<int>(offset - segment.offset) : 0;
  return source.place(segment.line, segment.column + beyond);
}

pep::Error LogicalLine::error(const SourceText& source, std::size_t offset,
                              std::string what) const {
  const pep::Place place = this->place(source, offset);
  return source.error(pep::Fault::kMalformed, place.line, place.column, std::move(what));
}

std::string with_variables(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 2;
    if (text.substr(at, 2) == "${") {
      while (end < text.size() && is_variable_character(text[end])) ++end;
    }
    const bool named =
        text.substr(at, 2) == "${" && end < text.size() && text[end] == '}' && end > at + 2;
    const char* value =
        named ? std::getenv(std::string(text.substr(at + 2, end - at - 2)).c_str()) : nullptr;
    if (value == nullptr) {
      out.push_back(text[at++]);
    } else {
      out += value;
      at = end + 1;
    }
  }
  return out;
}

std::vector<LogicalLine> logical_lines(const SourceText& source) {
  std::vector<LogicalLine> lines;
  LogicalLine current;
  bool commented = false;  // a comment swallows the lines that continue it
  const auto finish = [&] {
    commented = false;
    current.expand_variables();
    current.trim();
    if (!current.text_.empty()) lines.push_back(std::move(current));
    current = {};
  };
  for (std::size_t number = 1; number <= source.line_count(); ++number) {
    std::string_view line = source.line(number);
    const bool comment = is_comment(line);
    const bool continues = line.ends_with('\\') && !comment;
    if (continues) line.remove_suffix(1);
    const std::size_t end = commented ? 0 : comment_start(line);
    current.append(line.substr(0, end), static_cast<int>(number), 1);
    commented = commented || end < line.size();
    if (!continues) finish();
  }
  finish();
  return lines;
}

}  // namespace resolver::lock
