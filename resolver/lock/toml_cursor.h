// A place in a TOML text, and the scalars that can be read there. Knows nothing of tables;
// toml_document.cc puts them together. Every step is bounded by the text, and what is malformed is
// an error at its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "resolver/lock/document.h"

namespace resolver::lock {

class TomlCursor {
 public:
  explicit TomlCursor(const SourceText& source) : source_(source), text_(source.text()) {}

  bool at_end() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool starts_with(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  void skip(std::size_t count) { at_ += count; }
  bool take(char c);
  void skip_spaces();  // and tabs

  // The end of the line, with a comment before it. Malformed if anything else stands there.
  pep::Status end_line();
  // Spaces, comments and line ends, as inside an array.
  pep::Status skip_blank();

  void set_place(Value& value) const;
  pep::Error error(std::string what) const;  // here

  // One part of a key: bare or quoted.
  pep::Result<std::string> read_key_part();
  // A string in any of the four notations.
  pep::Result<std::string> read_string();
  // A number, boolean, date or time.
  pep::Result<Value> read_scalar();

 private:
  pep::Status skip_comment();
  bool take_line_end();  // LF or CRLF
  pep::Status read_escape(std::string& out, bool multiline);
  pep::Result<std::string> read_basic(bool multiline);
  pep::Result<std::string> read_literal(bool multiline);

  const SourceText& source_;
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::size_t line_start_ = 0;
};

// The number, boolean, date or time that `word` is; nothing if it is none.
std::optional<Value> toml_scalar(std::string_view word);

}  // namespace resolver::lock
