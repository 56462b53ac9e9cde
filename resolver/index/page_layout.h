// The numbers of the page record (page_record.h), shared by its writer and its reader.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace resolver::index::page_layout {

static_assert(std::endian::native == std::endian::little, "records are little endian");

inline constexpr std::uint32_t kMagic = 0x31474153;  // "SAG1"
inline constexpr std::size_t kHeader = 14 * 4;
inline constexpr std::size_t kVersion = 24;
inline constexpr std::size_t kFile = 40;
inline constexpr std::size_t kString = 8;
inline constexpr std::size_t kDigest = 32;

enum HeaderField : std::uint8_t {
  kMagicField,
  kTotal,
  kVersions,
  kFiles,
  kStrings,
  kTriples,
  kDigests,
  kVersionsAt,
  kFilesAt,
  kStringsAt,
  kDigestsAt,
  kTextAt,
  kNameLength,
  kIndexUrlLength,
};

// In the high 16 bits of a file's size field.
inline constexpr std::uint64_t kSdist = 1;
inline constexpr std::uint64_t kYanked = 2;
inline constexpr std::uint64_t kCoreMetadata = 4;
inline constexpr std::uint64_t kNameApart = 8;
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
