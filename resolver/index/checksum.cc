// A fast 64-bit checksum.
#include "resolver/index/checksum.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace resolver::index {
namespace {

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87ull;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4Full;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9ull;

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

Checksum::Checksum(std::uint64_t seed) : seed_(seed) {
  for (std::size_t i = 0; i < kLanes; ++i) lanes_[i] = seed + kPrime2 * (i + 1);
}

void Checksum::blocks(const char* at, std::size_t count) {
  std::uint64_t lanes[kLanes];
  std::memcpy(lanes, lanes_, sizeof lanes);
  for (; count > 0; --count, at += kBlock) {
    // Unrolled, the lanes stay in registers.
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = step(lanes[i], load(at + 8 * i));
  }
  std::memcpy(lanes_, lanes, sizeof lanes);
}

void Checksum::add(std::string_view bytes) {
  size_ += bytes.size();
  if (rest_size_ != 0) {
    const std::size_t taken = std::min(bytes.size(), kBlock - rest_size_);
    if (taken != 0) std::memcpy(rest_ + rest_size_, bytes.data(), taken);
    rest_size_ += taken;
    bytes.remove_prefix(taken);
    if (rest_size_ < kBlock) return;
    blocks(rest_, 1);
    rest_size_ = 0;
  }
  const std::size_t whole = bytes.size() / kBlock;
  blocks(bytes.data(), whole);
  bytes.remove_prefix(whole * kBlock);
  if (!bytes.empty()) std::memcpy(rest_, bytes.data(), bytes.size());
  rest_size_ = bytes.size();
}

std::uint64_t Checksum::finish() {
  std::uint64_t sum = size_ * kPrime3 + seed_;
  for (const std::uint64_t lane : lanes_) sum = step(sum, lane ^ lane >> 32);
  std::memset(rest_ + rest_size_, 0, kBlock - rest_size_);
  for (std::size_t at = 0; at < rest_size_; at += 8) sum = step(sum, load(rest_ + at));
  sum ^= sum >> 33;
  sum *= kPrime2;
  sum ^= sum >> 29;
  sum *= kPrime3;
  return sum ^ sum >> 32;
}

std::uint64_t checksum(std::string_view bytes, std::uint64_t seed) {
  Checksum sum(seed);
  sum.add(bytes);
  return sum.finish();
}

}  // namespace resolver::index
