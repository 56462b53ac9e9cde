// SHA-256 by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace resolver::index {

class Sha256Hasher {
 public:
  Sha256Hasher();
  ~Sha256Hasher();
  void add(std::string_view bytes);
  std::array<std::uint8_t, 32> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::array<std::uint8_t, 32> sha256_of(std::string_view bytes);
// Of 64 hexadecimal digits in lower case; none if `text` is anything else.
std::optional<std::array<std::uint8_t, 32>> sha256_from_hex(std::string_view text);
std::string hex(const std::array<std::uint8_t, 32>& digest);

}  // namespace resolver::index
