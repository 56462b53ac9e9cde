// A fast 64-bit checksum against accidents (not against people): eight lanes of multiply and
// rotate, some 10 bytes a cycle. Also the hash of store keys. Part of the store's format: never
// change it without a new format number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace resolver::index {

std::uint64_t checksum(std::string_view bytes, std::uint64_t seed = 0);

// The same of bytes that come piece by piece.
class Checksum {
 public:
  explicit Checksum(std::uint64_t seed);
  void add(std::string_view bytes);
  std::uint64_t finish();

 private:
  void blocks(const char* at, std::size_t count);

  static constexpr std::size_t kLanes = 8;
  static constexpr std::size_t kBlock = 8 * kLanes;
  std::uint64_t seed_;
  std::uint64_t lanes_[kLanes];
  std::uint64_t size_ = 0;
  char rest_[kBlock];
  std::size_t rest_size_ = 0;
};

}  // namespace resolver::index
