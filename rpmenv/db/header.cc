// Parses RPM header blobs with every offset bounded. Unaware of databases.
#include "rpmenv/db/header.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace rpmenv::db {
namespace {

constexpr std::uint32_t kMaxEntries = 0x10000;  // RPM's own limits
constexpr std::uint32_t kMaxStore = 256u << 20;
constexpr std::string_view kMagic = "\x8e\xad\xe8\x01";

enum Type : std::uint32_t {
  kNull,
  kChar,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kString,
  kBinary,
  kStringArray,
  kI18nString
};

std::uint32_t big32(std::string_view bytes, std::size_t at) {
  std::uint32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return __builtin_bswap32(value);
}

std::uint64_t big64(std::string_view bytes, std::size_t at) {
  return std::uint64_t{big32(bytes, at)} << 32 | big32(bytes, at + 4);
}

// The least bytes that `count` values need.
std::uint64_t least_size(std::uint32_t type, std::uint64_t count) {
  switch (type) {
    case kInt16:
      return 2 * count;
    case kInt32:
      return 4 * count;
    case kInt64:
      return 8 * count;
    case kNull:
      return 0;
    default:
      return count;  // bytes, or strings with their NUL
  }
}

// Tags that are read here, sorted.
constexpr auto kWanted =
    std::to_array<std::uint32_t>({1000, 1001, 1002, 1003, 1009, 1011, 1022, 1027, 1044, 1047,
                                  1048, 1049, 1050, 1112, 1113, 1116, 1117, 1118, 5009, 5096});

}  // namespace

std::optional<Header> Header::parse(std::string_view blob) {
  if (blob.starts_with(kMagic) && blob.size() >= 8) blob.remove_prefix(8);
  if (blob.size() < 8) return std::nullopt;
  const std::uint32_t count = big32(blob, 0), length = big32(blob, 4);
  if (count == 0 || count > kMaxEntries || length > kMaxStore) return std::nullopt;
  const std::size_t index_end = 8 + std::size_t{16} * count;
  if (index_end + length > blob.size()) return std::nullopt;
  Header header;
  header.store_ = blob.substr(index_end, length);
  for (std::size_t at = 8; at < index_end; at += 16) {
    const Entry entry{big32(blob, at), big32(blob, at + 4), big32(blob, at + 8),
                      big32(blob, at + 12)};
    // rpm 5 has types of its own, of tags that nobody reads here.
    const std::uint64_t size = entry.type > kI18nString ? 0 : least_size(entry.type, entry.count);
    if (entry.offset > length || size > length - entry.offset) return std::nullopt;
    if (std::ranges::binary_search(kWanted, entry.tag)) header.entries_.push_back(entry);
  }
  if (header.text(Tag::kName).empty() || header.text(Tag::kVersion).empty()) return std::nullopt;
  return header;
}

const Header::Entry* Header::find(Tag tag) const {
  for (const auto& entry : entries_) {
    if (entry.tag == static_cast<std::uint32_t>(tag) && entry.count > 0) return &entry;
  }
  return nullptr;
}

std::string_view Header::text(Tag tag) const {
  const Entry* entry = find(tag);
  if (entry == nullptr ||
      (entry->type != kString && entry->type != kI18nString && entry->type != kStringArray)) {
    return {};
  }
  const auto rest = store_.substr(entry->offset);
  const auto end = rest.find('\0');
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

std::optional<std::uint64_t> Header::number(Tag tag) const {
  const Entry* entry = find(tag);
  if (entry == nullptr) return std::nullopt;
  if (entry->type == kInt32) return big32(store_, entry->offset);
  if (entry->type == kInt64) return big64(store_, entry->offset);
  return std::nullopt;
}

std::vector<std::string_view> Header::texts(Tag tag) const {
  std::vector<std::string_view> all;
  const Entry* entry = find(tag);
  if (entry == nullptr ||
      (entry->type != kString && entry->type != kI18nString && entry->type != kStringArray)) {
    return all;
  }
  all.reserve(entry->count);
  auto rest = store_.substr(entry->offset);
  for (std::uint32_t i = 0; i < entry->count; ++i) {
    const auto end = rest.find('\0');
    if (end == std::string_view::npos) break;
    all.push_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return all;
}

std::vector<std::uint32_t> Header::numbers(Tag tag) const {
  std::vector<std::uint32_t> all;
  const Entry* entry = find(tag);
  if (entry == nullptr || entry->type != kInt32) return all;
  all.reserve(entry->count);
  for (std::uint32_t i = 0; i < entry->count; ++i)
    all.push_back(big32(store_, entry->offset + std::size_t{4} * i));
  return all;
}

Package Header::package() const {
  Package package;
  package.kind = "rpm";
  package.name = text(Tag::kName);
  package.epoch = number(Tag::kEpoch);
  package.version = text(Tag::kVersion);
  if (find(Tag::kRelease) != nullptr) package.release = std::string(text(Tag::kRelease));
  package.arch = text(Tag::kArch);
  package.vendor = text(Tag::kVendor);
  package.source = text(Tag::kSourceRpm);
  if (const auto label = text(Tag::kModularityLabel); !label.empty())
    package.modularity = std::string(label);
  auto size = number(Tag::kLongSize);
  if (!size) size = number(Tag::kSize);
  package.size = size.value_or(0);
  return package;
}

}  // namespace rpmenv::db
