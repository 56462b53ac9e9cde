// Compiled prescriptions: one file, mapped into memory and used in place. A unit is decoded only
// when its package is asked for; conditions that many units share are there once.
//
// Layout (format 3). Every integer is little-endian, whatever the machine; offsets count from the
// first byte of the file.
//
//   header, 128 bytes
//     0  "SESHRULE"
//     8  u32 format; u32 size of the header
//    16  u64 size of the file
//    24  32 bytes: SHA-256 of the inputs
//    56  u64 checksum of the rest of the header and of the checksums of blocks
//    64  for conditions, units, names, postings, files, blob: u32 offset, u32 count (the blob's
//        count is its size in bytes)
//   112  u32 number of rules of all units; 12 bytes of zero
//
//   conditions, 32 bytes each, by first use
//     u32 record, u32 checksum of the record, u32 units that have it, u32 flags (those of all its
//     units, and kDepends), u32 kinds of units (one bit each), u32 first posting and u32 postings:
//     those of its units that are for any package, u32 zero
//   units, 32 bytes each, sorted by kind and qualified name
//     u8 kind, u8 flags, u16 zero, u32 condition, u32 qualified name, u32 record, u32 checksum of
//     the record, u32 number of rules in all units before, u32 file, u32 line (upper 20 bits) and
//     column
//   names of packages, 16 bytes each, sorted: u32 text, u32 first posting, u32 postings, u32 zero
//   postings, u32 each: numbers of units, ascending for each name
//   files, u32 each: text
//   blob: texts (u32 size, bytes) and records. A record is a sequence of numbers (LEB128) in the
//     order of codec.h; a text in it is the offset of a text in the blob.
//   checksums, u32 each: of every 1024 bytes from the end of the header to the end of the blob
//
// Nothing in a file is trusted: the header is checked when it is opened, a block when something in
// it is first looked at, every offset and count when it is used; a record that does not have its
// checksum is an error. What a damaged block hides is not found: damage() says so afterwards.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pep/result.h"
#include "prescriptions/unit.h"

namespace prescriptions {

using InputDigest = std::array<std::uint8_t, 32>;

class CompiledRules {
 public:
  static constexpr std::uint32_t kFormat = 3;
  static constexpr std::size_t kBlock = 1024;  // bytes with a checksum of their own
  enum Flag : std::uint8_t { kScores = 1, kEdits = 2, kDepends = 4 };

  CompiledRules() = default;  // no units
  // `bytes` must outlive it and all that is taken from it, unless `owner` keeps them. malformed if
  // they are no compiled rules of this format, or damaged.
  static pep::Result<CompiledRules> open(std::string_view bytes,
                                         std::shared_ptr<const void> owner = nullptr);
  // Maps a file.
  static pep::Result<CompiledRules> open_file(const std::string& path);
  static bool is_compiled(std::string_view bytes);  // by its first bytes

  const InputDigest& digest() const { return digest_; }
  // What was looked at so far was damaged, and may have been missed.
  std::optional<pep::Error> damage() const;
  std::uint32_t unit_count() const { return units_.count; }
  std::uint32_t rule_count() const { return rules_; }

  struct Row {
    Kind kind = Kind::kBoot;
    std::uint8_t flags = 0;
    std::uint32_t condition = 0;
    std::uint32_t first_rule = 0;
  };
  Row row(std::uint32_t unit) const;
  std::string_view qualified(std::uint32_t unit) const;
  pep::Result<Unit> unit(std::uint32_t unit) const;  // without should_include: see condition()
  // The number of units before (kind, name), and of their rules.
  std::pair<std::uint32_t, std::uint32_t> before(Kind kind, std::string_view name) const;
  std::optional<std::uint32_t> find(Kind kind, std::string_view name) const;
  std::pair<std::uint32_t, std::uint32_t> of_kind(Kind kind) const;  // begin, end

  std::uint32_t condition_count() const { return conditions_.count; }
  struct ConditionRow {
    std::uint32_t units = 0;
    std::uint32_t flags = 0;
    std::uint32_t kinds = 0;  // one bit a kind
  };
  ConditionRow condition_row(std::uint32_t condition) const;
  pep::Result<ShouldInclude> condition(std::uint32_t condition) const;

  // A range of postings.
  struct Postings {
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
  };
  Postings naming(std::string_view package) const;
  Postings nameless(std::uint32_t condition) const;
  std::uint32_t posting(std::uint32_t at) const;  // a unit

  std::uint32_t file_count() const { return files_.count; }
  std::string_view file(std::uint32_t number) const;

 private:
  // Which blocks were looked at. Shared by copies.
  struct Checks {
    std::unique_ptr<std::atomic<bool>[]> good;
    std::atomic<bool> damaged = false;
  };
  bool check(std::size_t offset, std::size_t size) const;
  struct Table {
    std::uint32_t offset = 0;
    std::uint32_t count = 0;
  };
  std::uint32_t u32(std::size_t offset) const;
  std::string_view text(std::uint32_t offset) const;
  Postings postings(std::size_t row) const;
  pep::Error damaged(std::string_view what) const;
  std::string_view name_at(std::uint32_t number) const;

  std::string_view bytes_;
  std::shared_ptr<const void> owner_;
  InputDigest digest_{};
  Table conditions_, units_, names_, postings_, files_, blob_;
  std::uint32_t rules_ = 0;
  std::shared_ptr<Checks> checks_;
  std::size_t sums_ = 0;  // where the checksums of blocks are: behind all else
};

}  // namespace prescriptions
