// Writes JSON into a string, piece by piece: two levels of layout, one key a line. The caller gives
// keys in their order. Bytes that are not UTF-8 come out as \udcXX, as Python writes them. Knows
// nothing of reports.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plugin {

class Json {
 public:
  explicit Json(std::size_t expected_size = 0) { out_.reserve(expected_size); }

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  // From here to the matching resume_lines, everything stands on one line.
  void one_line() { ++inline_; }
  void resume_lines() { --inline_; }

  void key(std::string_view name);  // a literal: not escaped
  void text(std::string_view text);
  void url(std::string_view url);  // credentials as ****
  void text_or_null(std::string_view text);
  void number(std::int64_t number);
  void number(std::uint64_t number);
  void number(int value) { number(static_cast<std::int64_t>(value)); }
  void real(double real);  // shortest that reads back the same; "1.0", never "1"
  void boolean(bool boolean);
  void null();
  void raw(std::string_view json);  // a value that is JSON already

  std::string take() && { return std::move(out_); }

 private:
  void value();
  void line();
  void close(char bracket);

  std::string out_;
  int depth_ = 0;
  int inline_ = 0;
  bool first_ = true;   // nothing yet in the innermost object or array
  bool keyed_ = false;  // a key waits for its value
};

}  // namespace plugin
