// Shell-like splitting; see option_words.h.
#include "resolver/lock/option_words.h"

namespace resolver::lock {

Words split_words(std::string_view line, std::size_t from) {
  Words result;
  char quote = 0;
  bool open = false;  // a word is being read
  for (std::size_t at = from; at < line.size(); ++at) {
    const char c = line[at];
    const bool space = quote == 0 && (c == ' ' || c == '\t' || c == '\f' || c == '\v');
    if (space) {
      open = false;
      continue;
    }
    if (!open) {
      result.words.push_back({{}, at});
      open = true;
    }
    std::string& word = result.words.back().text;
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      result.unclosed = at;
    } else if (c == quote) {
      quote = 0;
      result.unclosed = std::string::npos;
    } else if (c == '\\' && quote != '\'' && at + 1 < line.size()) {
      word.push_back(line[++at]);
    } else {
      word.push_back(c);
    }
  }
  return result;
}

}  // namespace resolver::lock
