// One RPM header blob: an index of tags and a store of values, big-endian in every database format.
// Untrusted input: a header is read whole or refused. Views point into the blob. Knows nothing of
// the container it came from.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rpmenv/facts.h"

namespace rpmenv::db {

enum class Tag : std::uint32_t {
  kName = 1000,
  kVersion = 1001,
  kRelease = 1002,
  kEpoch = 1003,
  kSize = 1009,
  kVendor = 1011,
  kArch = 1022,
  kOldFileNames = 1027,
  kSourceRpm = 1044,
  kProvideName = 1047,
  kRequireFlags = 1048,
  kRequireName = 1049,
  kRequireVersion = 1050,
  kProvideFlags = 1112,
  kProvideVersion = 1113,
  kDirIndexes = 1116,
  kBaseNames = 1117,
  kDirNames = 1118,
  kLongSize = 5009,
  kModularityLabel = 5096,
};

class Header {
 public:
  // nullopt if any entry of the index points outside of the store, or there is no name or version.
  static std::optional<Header> parse(std::string_view blob);

  std::string_view text(Tag tag) const;                             // empty if absent
  std::optional<std::uint64_t> number(Tag tag) const;               // the first value
  std::vector<std::string_view> texts(Tag tag) const;               // all strings of an array
  std::vector<std::uint32_t> numbers(Tag tag) const;                // all values of a 32-bit array
  bool is_key() const { return text(Tag::kName) == "gpg-pubkey"; }  // no package
  Package package() const;

 private:
  struct Entry {
    std::uint32_t tag, type, offset, count;
  };
  const Entry* find(Tag tag) const;

  std::vector<Entry> entries_;  // those of Tag, in the blob's order
  std::string_view store_;
};

}  // namespace rpmenv::db
