// Writes a 64-bit little-endian shared object of headers alone: what a loader would read of it, and
// nothing to run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

struct ElfFile {
  std::string soname;
  std::vector<std::string> definitions;  // the first is the BASE node
  std::vector<std::pair<std::string, std::vector<std::string>>>
      needs;                      // DT_NEEDED and the nodes needed of it
  std::vector<std::string> weak;  // nodes of the last of `needs` that may be missing
  std::string run_path;
  std::string loader;  // PT_INTERP
  std::string text;    // bytes that a program would hold
  std::uint16_t machine = 62;

  std::string bytes() const;
};

// Overwrites the number at `at`.
template <class T>
void patch(std::string& bytes, std::size_t at, T value) {
  bytes.replace(at, sizeof value,
                std::string_view(reinterpret_cast<const char*>(&value), sizeof value));
}

// Where the layout of ElfFile puts things.
constexpr std::size_t kDynamicAt = 64 + 3 * 56;

}  // namespace tests
