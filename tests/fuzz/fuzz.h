// What every fuzz target is made of: one function that takes any bytes, and a check that ends the
// program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};  // bytes are what a text is made of
}

inline void require(bool true_always, const char* what) {
  if (true_always) return;
  std::fprintf(stderr, "fuzz: violated: %s\n", what);
  std::abort();
}

// Takes the first line off.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace fuzz
