// The store's file, format 1: one append-only file, little endian, everything aligned to 8 bytes.
//
//   0    header   64 bytes: magic, format, creation time
//   64   slot A   64 bytes each. A slot states what is valid: sequence, end of the data, offset of
//   128  slot B   the newest index block, checksum. The valid slot with the higher sequence counts;
//                 a commit writes the other one, last of all.
//   192  records  a 64-byte head, the key, the payload; both are padded to 8 bytes.
//
// A commit appends its records, then one index block (a record of type kIndexBlock), then writes
// the slot: a writer that dies before that leaves a tail that nobody sees and the next commit
// overwrites. An index block's payload is the offset of the block before it (0: none), a count, and
// that many entries (key hash, record offset, record size) sorted by the first two; a commit takes
// in blocks that are not much larger than its own, so there are never many. The newest entry of a
// key counts.
//
// A record's checksum covers its head (but not freshness, which is updated in place with a check of
// its own), its key and its payload, and is verified whenever the record is looked up. Key hash and
// checksums are those of checksum.h.
//
// Keys and payloads (a key of pages has a space, one of metadata has none, so they never meet):
//   kPage      key: index URL (without credentials; a checksum of them is added), a space, name.
//              Payload: a page record (page_record.h; its hot run is the eager part), ETag,
//              Last-Modified, u32 length of the ETag, u32 length of Last-Modified
//   kAbsent    the same key, no payload: the index does not have the name
//   kMetadata  key: "sha256:" and the file's hash, or its URL. Payload: METADATA reduced to what a
//              resolver needs, as header lines (wheel.h, condensed)
//
// The first `eager_length` bytes of a payload are read into memory when the record is looked up,
// the others when somebody wants them; the file is not mapped, because the kernel maps sixteen
// pages around each that is touched.
//
// Metadata never change and stay until there is no room for them. A page that is fetched again and
// says the same, and one that the index confirms, gets a new date in place; one that says something
// else is appended, and the earlier record is superseded.
//
// Writers hold flock(LOCK_EX) on the file while they commit, and do not wait for it for ever. A
// rewrite (store_maintenance.h) makes a new file with the valid records only and renames it over
// the old one; whoever gets the lock looks whether the name still means the file that was locked. A
// run rewrites when it is closed: if it has made the file larger than its limit, to three quarters
// of that, without what was of use longest ago; or if more than 16 MiB and more than half of the
// file is superseded. Beside the file there are index-v1.claims (claims.h) and, while a file is
// being made, one whose name ends with six random characters, which is locked; those of killed
// processes are removed by the next rewrite.
//
// No fsync: after a crash of the machine, checksums tell, and what is lost is fetched again.
#pragma once

#include <cstddef>
#include <cstdint>

namespace resolver::index::store_layout {

inline constexpr char kFileName[] = "index-v1.seshat";
inline constexpr std::uint64_t kMagic = 0x5849544148534553ull;  // "SESHATIX"
inline constexpr std::uint32_t kFormat = 1;
inline constexpr std::uint32_t kRecordMagic = 0x44524353;  // "SCRD"
inline constexpr std::uint64_t kSlotAt[2] = {64, 128};
inline constexpr std::uint64_t kFirstRecord = 192;

struct Header {
  std::uint64_t magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t reserved = 0;
  std::int64_t created = 0;
  std::uint64_t unused[5] = {};
};
static_assert(sizeof(Header) == 64);

struct Slot {
  std::uint64_t sequence = 0;
  std::uint64_t end = kFirstRecord;
  std::uint64_t newest_block = 0;
  std::uint64_t unused[4] = {};
  std::uint64_t sum = 0;  // of the fields before it
};
static_assert(sizeof(Slot) == 64);

struct RecordHead {
  std::uint32_t magic = kRecordMagic;
  std::uint8_t type = 0;
  std::uint8_t reserved = 0;
  std::uint16_t key_length = 0;
  std::uint64_t key_hash = 0;
  std::uint64_t payload_length = 0;
  std::uint64_t eager_length = 0;
  std::int64_t stored_at = 0;
  std::uint64_t sum = 0;  // of the fields before it, the key and the payload
  std::int64_t expires = 0;
  std::uint64_t expires_sum = 0;
};
static_assert(sizeof(RecordHead) == 64);

struct BlockHead {
  std::uint64_t previous = 0;
  std::uint64_t count = 0;
};

struct BlockEntry {
  std::uint64_t hash = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  auto operator<=>(const BlockEntry&) const = default;
};

constexpr std::uint64_t padded(std::uint64_t size) { return (size + 7) & ~std::uint64_t{7}; }

}  // namespace resolver::index::store_layout
