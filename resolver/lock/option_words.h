// The words of one logical line, split as a shell would: quotes and backslashes are understood.
#pragma once

#include <string>
#include <vector>

namespace resolver::lock {

struct Word {
  std::string text;
  std::size_t offset = 0;  // where it begins in the line
};

// An open quote ends at the end of the line; `unclosed` is then its offset.
struct Words {
  std::vector<Word> words;
  std::size_t unclosed = std::string::npos;
};

Words split_words(std::string_view line, std::size_t from);

}  // namespace resolver::lock
