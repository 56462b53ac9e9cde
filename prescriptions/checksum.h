// A fast checksum of 64 bits against damage (not against forgers), the same on every machine.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace prescriptions {

class Checksum {
 public:
  void add(std::uint64_t number) {
    state_ = (state_ ^ number) * 0x9E3779B97F4A7C15ull;
    state_ ^= state_ >> 29;
  }
  void add(std::string_view bytes) {
    add(bytes.size());
    while (bytes.size() >= 8) {
      add(eight(bytes.data()));
      bytes.remove_prefix(8);
    }
    if (!bytes.empty()) add(little_endian(bytes, bytes.size()));
  }
  std::uint64_t value() const { return state_; }
  std::uint32_t short_value() const { return static_cast<std::uint32_t>(state_ >> 32); }

  // Of many bytes, in four lanes.
  static std::uint32_t of_block(std::string_view bytes) {
    Checksum lanes[4];
    std::size_t at = 0;
    for (; at + 32 <= bytes.size(); at += 32) {
      for (std::size_t lane = 0; lane < 4; ++lane)
        lanes[lane].add(eight(bytes.data() + at + 8 * lane));
    }
    Checksum sum;
    for (const Checksum& lane : lanes) sum.add(lane.value());
    sum.add(bytes.substr(at));
    return sum.short_value();
  }

  static std::uint64_t little_endian(std::string_view bytes, std::size_t size) {
    std::uint64_t number = 0;
    for (std::size_t i = size; i-- > 0;)
      number = (number << 8) | static_cast<unsigned char>(bytes[i]);
    return number;
  }

 private:
  static std::uint64_t eight(const char* bytes) {
    std::uint64_t number = 0;
    std::memcpy(&number, bytes, 8);
    return std::endian::native == std::endian::little ? number : __builtin_bswap64(number);
  }

  std::uint64_t state_ = 0x5345534841545255ull;
};

}  // namespace prescriptions
