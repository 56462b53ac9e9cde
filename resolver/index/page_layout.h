// The numbers of the page record (page_record.h), shared by its writer and its reader.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace resolver::index::page_layout {

static_assert(std::endian::native == std::endian::little, "records are little endian");

inline constexpr std::uint32_t kMagic = 0x32474153;  // "SAG2"
inline constexpr std::size_t kHeader = 12 * 4;
inline constexpr std::size_t kVersion = 24;
inline constexpr std::size_t kFile = 32;
inline constexpr std::size_t kString = 8;
inline constexpr std::size_t kDigest = 32;

enum HeaderField : std::uint8_t {
  kMagicField,
  kHotSize,
  kColdSize,
  kVersions,
  kFiles,
  kStrings,
  kTriples,
  kStringsAt,
  kTextAt,
  kNameLength,
  kIndexUrlLength,
};

// In the high 16 bits of a file's size field.
inline constexpr std::uint64_t kSdist = 1;
inline constexpr std::uint64_t kYanked = 2;
inline constexpr std::uint64_t kCoreMetadata = 4;
inline constexpr std::uint64_t kNameApart = 8;
inline constexpr std::uint64_t kHasDigest = 16;
inline constexpr std::uint64_t kHasMetadataDigest = 32;
inline constexpr int kOriginShift = 8;  // of merged pages only: which index, in eight bits
inline constexpr std::uint64_t kSizeMask = (std::uint64_t{1} << 48) - 1;

template <class Integer>
Integer load(const std::byte* at) {
  Integer value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class Integer>
void store(std::byte* at, Integer value) {
  std::memcpy(at, &value, sizeof value);
}

}  // namespace resolver::index::page_layout
