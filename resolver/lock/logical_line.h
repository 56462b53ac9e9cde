// Lines of a requirements file as pip joins them: continuation lines put together, comments taken
// off, ${VARIABLES} put in. Every character still knows the place it came from.
#pragma once

#include <string>
#include <vector>

#include "resolver/lock/source_text.h"

namespace resolver::lock {

class LogicalLine {
 public:
  const std::string& text() const { return text_; }
  // Where the character at `offset` was written.
  pep::Place place(const SourceText& source, std::size_t offset) const;
  pep::Error error(const SourceText& source, std::size_t offset, std::string what) const;

 private:
  friend std::vector<LogicalLine> logical_lines(const SourceText& source);
  struct Segment {
    std::size_t offset = 0;  // in text_
    int line = 0;
    int column = 0;
    bool verbatim = true;  // false: put in for a variable, all of it at one place
  };
  void append(std::string_view text, int line, int column);
  void expand_variables();
  void trim();

  std::string text_;
  std::vector<Segment> segments_;
};

// `text` with ${NAME} replaced by that environment variable, where there is one.
std::string with_variables(std::string_view text);

// Without empty ones.
std::vector<LogicalLine> logical_lines(const SourceText& source);

}  // namespace resolver::lock
