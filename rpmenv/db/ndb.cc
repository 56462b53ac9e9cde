// Packages.db of SUSE: a table of slots, each naming the blocks of one blob. All numbers are
// little-endian.
#include <cstring>

#include "rpmenv/db/container.h"

namespace rpmenv::db {
namespace {

constexpr std::size_t kPage = 4096, kSlot = 16, kBlock = 16, kBlobHead = 16, kBlobTail = 12;

std::uint32_t little32(std::string_view bytes, std::size_t at) {
  std::uint32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

Reading read_ndb(std::string_view bytes, const BlobSink& sink) {
  Reading reading;
  if (bytes.size() < kPage || !bytes.starts_with("RpmP")) {
    reading.damage(bytes.empty() ? "the file is empty" : "not an ndb database");
    return reading;
  }
  if (little32(bytes, 4) != 0) {
    reading.unsupported = true;
    reading.message = "a newer version of the ndb format";
    return reading;
  }
  std::uint64_t slots = std::uint64_t{little32(bytes, 12)} * (kPage / kSlot);
  if (slots * kSlot > bytes.size()) {
    reading.damage("its table of slots is larger than the file", 1);
    return reading;
  }
  std::uint64_t handed_out = 0;
  for (std::uint64_t slot = 2; slot < slots; ++slot) {
    const auto at = static_cast<std::size_t>(slot * kSlot);
    if (bytes.substr(at, 4) != "Slot") {
      reading.damage("a slot is damaged", 1);
      continue;
    }
    const std::uint32_t package = little32(bytes, at + 4);
    if (package == 0) continue;  // free
    const std::uint64_t begin = std::uint64_t{little32(bytes, at + 8)} * kBlock;
    const std::uint64_t size = std::uint64_t{little32(bytes, at + 12)} * kBlock;
    if (begin + size > bytes.size() || size < kBlobHead + kBlobTail) {
      reading.damage("a package lies outside of the file", 1);
      continue;
    }
    const auto blob = bytes.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
    const std::uint64_t length = little32(blob, 12);
    if (!blob.starts_with("BlbS") || little32(blob, 4) != package ||
        kBlobHead + length + kBlobTail > size) {
      reading.damage("a package is damaged", 1);
      continue;
    }
    // Slots that share a blob would make a small file a large one.
    handed_out += length;
    if (handed_out > bytes.size()) {
      reading.damage("packages of the database overlap", 1);
      return reading;
    }
    sink(blob.substr(kBlobHead, static_cast<std::size_t>(length)));
  }
  return reading;
}

}  // namespace rpmenv::db
