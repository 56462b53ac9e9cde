// The learner's random numbers: xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64.
// Integers only up to the last step, so that a seed gives the same numbers on every machine.
#pragma once

#include <bit>
#include <cstdint>

namespace resolver::learn {

inline constexpr const char* kGenerator = "xoshiro256**";

class Rng {
 public:
  explicit Rng(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9E3779B97F4A7C15U;
      std::uint64_t mixed = seed;
      mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
      mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
      word = mixed ^ (mixed >> 31);
    }
  }

  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Uniform below `bound`, which is not 0. The bias of a bound below 2^16 is below 2^-16.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }
  // Uniform in [0, 1), a multiple of 2^-53.
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // Below `bound`, the first most probably: weights fall linearly (termial distribution).
  std::uint32_t early(std::uint32_t bound) {
    const std::uint32_t a = below(bound);
    const std::uint32_t b = below(bound);
    return a < b ? a : b;
  }

 private:
  std::uint64_t state_[4];
};

}  // namespace resolver::learn
