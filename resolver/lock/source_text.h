// A text that a person wrote, as UTF-8 and in lines, so that every fault can be shown where it is.
// Knows nothing of what the text means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"

namespace resolver::lock {

class SourceText {
 public:
  // `bytes` are UTF-8, with or without a byte order mark, or UTF-16 with one (what PowerShell
  // writes). Malformed, with the place, for anything else.
  static pep::Result<SourceText> decode(std::string bytes, std::string name);

  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  std::size_t line_count() const { return starts_.size(); }
  std::string_view line(
      std::size_t number) const;  // from 1, without its end; empty beyond the last

  pep::Place place(int line, int column) const { return {name_, line, column}; }
  // `column` counts bytes from 1.
  pep::Error error(pep::Fault fault, int line, int column, std::string what) const;

 private:
  void split();

  std::string name_;
  std::string text_;
  std::vector<std::size_t> starts_;  // where lines begin
};

// The whole of a file, at most 64 MB. Works on pipes. kNotFound if it is not there, kIo if it can't
// be read.
pep::Result<std::string> read_file(const std::string& path);

}  // namespace resolver::lock
