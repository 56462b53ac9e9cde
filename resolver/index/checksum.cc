// A fast 64-bit checksum.
#include "resolver/index/checksum.h"

#include <bit>
#include <cstring>

namespace resolver::index {
namespace {

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87ull;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4Full;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9ull;
constexpr std::size_t kLanes = 8;

std::uint64_t load(const char* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// One step is a bijection of the lane for a given word and of the word for a given lane: no single
// change is lost.
std::uint64_t step(std::uint64_t lane, std::uint64_t word) {
  return std::rotl(lane ^ word, 29) * kPrime1;
}

}  // namespace

std::uint64_t checksum(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t lanes[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = seed + kPrime2 * (i + 1);
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  while (left >= 8 * kLanes) {
    for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = step(lanes[i], load(at + 8 * i));
    at += 8 * kLanes;
    left -= 8 * kLanes;
  }
  std::uint64_t sum = bytes.size() * kPrime3 + seed;
  for (const std::uint64_t lane : lanes) sum = step(sum, lane ^ lane >> 32);
  while (left >= 8) {
    sum = step(sum, load(at));
    at += 8;
    left -= 8;
  }
  if (left != 0) {
    char rest[8] = {};
    std::memcpy(rest, at, left);
    sum = step(sum, load(rest));
  }
  sum ^= sum >> 33;
  sum *= kPrime2;
  sum ^= sum >> 29;
  sum *= kPrime3;
  return sum ^ sum >> 32;
}

}  // namespace resolver::index
