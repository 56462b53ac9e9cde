// A fast checksum of 64 bits against damage (not against forgers), the same on every machine.
#pragma once

#include <cstdint>
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
      add(little_endian(bytes, 8));
      bytes.remove_prefix(8);
    }
    if (!bytes.empty()) add(little_endian(bytes, bytes.size()));
  }
  std::uint64_t value() const { return state_; }
  std::uint32_t short_value() const { return static_cast<std::uint32_t>(state_ >> 32); }

  static std::uint64_t little_endian(std::string_view bytes, std::size_t size) {
    std::uint64_t number = 0;
    for (std::size_t i = size; i-- > 0;)
      number = (number << 8) | static_cast<unsigned char>(bytes[i]);
    return number;
  }

 private:
  std::uint64_t state_ = 0x5345534841545255ull;
};

}  // namespace prescriptions
