// Packages of Berkeley DB: hash (rpm 4) and btree (rpm 5), in either byte order. Pages are read in
// the order of the file, so that a damaged bucket or tree loses its own records alone; chains of
// overflow pages never visit one twice. The record of key 0 is rpm's counter, no package.
#include <cstring>
#include <optional>
#include <vector>

#include "rpmenv/db/container.h"

namespace rpmenv::db {
namespace {

constexpr std::uint32_t kHashMagic = 0x061561, kBtreeMagic = 0x053162;
constexpr std::size_t kPageHead = 26;
constexpr std::uint64_t kMaxBlob = 256u << 20;

enum PageType : unsigned char { kHashUnsorted = 2, kBtreeLeaf = 5, kOverflow = 7, kHash = 13 };
enum ItemType : unsigned char {
  kHashData = 1,
  kHashOffPage = 3,
  kBtreeData = 1,
  kBtreeOverflow = 3,
  kDeleted = 0x80
};

struct Value {
  std::string_view inside;  // on the page itself
  std::uint32_t page = 0;   // else the first page of a chain
  std::uint64_t size = 0;
};

class Reader {
 public:
  Reader(std::string_view bytes, const BlobSink& sink) : bytes_(bytes), sink_(sink) {}

  Reading read() {
    if (!read_meta()) return std::move(reading_);
    for (std::uint64_t number = 1; number < pages_; ++number) {
      const auto page = page_at(number);
      const auto type = static_cast<unsigned char>(page[25]);
      if (btree_ ? type == kBtreeLeaf : type == kHash || type == kHashUnsorted) read_page(page);
    }
    return std::move(reading_);
  }

 private:
  std::uint32_t u32(std::string_view from, std::size_t at) const {
    std::uint32_t value;
    std::memcpy(&value, from.data() + at, sizeof value);
    return swaps_ ? __builtin_bswap32(value) : value;
  }
  std::uint32_t u16(std::string_view from, std::size_t at) const {
    std::uint16_t value;
    std::memcpy(&value, from.data() + at, sizeof value);
    return swaps_ ? __builtin_bswap16(value) : value;
  }
  std::string_view page_at(std::uint64_t number) const {
    return bytes_.substr(static_cast<std::size_t>(number * size_), size_);
  }

  bool read_meta();
  void read_page(std::string_view page);
  std::optional<Value> item(std::string_view page, std::size_t index, std::size_t count) const;
  void hand_out(const Value& value);

  std::string_view bytes_;
  const BlobSink& sink_;
  Reading reading_;
  bool swaps_ = false, btree_ = false;
  std::uint32_t size_ = 0;
  std::uint64_t pages_ = 0;
  std::vector<bool> seen_;
  std::string blob_;
  std::uint64_t handed_out_ = 0;
};

bool Reader::read_meta() {
  if (bytes_.size() < 512) {
    reading_.damage(bytes_.empty() ? "the file is empty" : "the file is cut off");
    return false;
  }
  const auto is_magic = [](std::uint32_t magic) {
    return magic == kHashMagic || magic == kBtreeMagic;
  };
  swaps_ = !is_magic(u32(bytes_, 12));
  const std::uint32_t magic = u32(bytes_, 12), version = u32(bytes_, 16);
  if (!is_magic(magic)) {
    reading_.damage("not a Berkeley DB file");
    return false;
  }
  btree_ = magic == kBtreeMagic;
  size_ = u32(bytes_, 20);
  if (size_ < 512 || size_ > 65536 || (size_ & (size_ - 1)) != 0) {
    reading_.damage("the page size of the database is damaged");
    return false;
  }
  constexpr char kChecksummed = 1;
  if (version < 7 || version > 10 || bytes_[24] != 0 || (bytes_[26] & kChecksummed) != 0) {
    reading_.unsupported = true;
    reading_.message = bytes_[24] != 0 ? "the database is encrypted"
                                       : "Berkeley DB format " + std::to_string(version) +
                                             " of a kind that RPM never wrote";
    return false;
  }
  pages_ = bytes_.size() / size_;
  const std::uint64_t last = u32(bytes_, 32);
  if (last >= pages_)
    reading_.damage("the file is cut off: it should have " + std::to_string(last + 1) +
                    " pages and has " + std::to_string(pages_));
  seen_.resize(static_cast<std::size_t>(pages_));
  return true;
}

// The item of a page's index; nullopt if it lies outside of the page.
std::optional<Value> Reader::item(std::string_view page, std::size_t index,
                                  std::size_t count) const {
  const std::size_t at = u16(page, kPageHead + 2 * index);
  if (at < kPageHead + 2 * count || at + 3 > page.size()) return std::nullopt;
  if (btree_) {
    const auto type = static_cast<unsigned char>(page[at + 2]) & ~kDeleted;
    if (type == kBtreeData) {
      const std::size_t size = u16(page, at);
      if (at + 3 + size > page.size()) return std::nullopt;
      return Value{page.substr(at + 3, size), 0, size};
    }
    if (type != kBtreeOverflow || at + 12 > page.size()) return std::nullopt;
    return Value{{}, u32(page, at + 4), u32(page, at + 8)};
  }
  const auto type = static_cast<unsigned char>(page[at]);
  if (type == kHashData) {
    // Items lie from the end of the page downwards: this one ends where the one before it begins.
    const std::size_t end = index == 0 ? page.size() : u16(page, kPageHead + 2 * (index - 1));
    if (end <= at || end > page.size()) return std::nullopt;
    return Value{page.substr(at + 1, end - at - 1), 0, end - at - 1};
  }
  if (type != kHashOffPage || at + 12 > page.size()) return std::nullopt;
  return Value{{}, u32(page, at + 4), u32(page, at + 8)};
}

void Reader::read_page(std::string_view page) {
  const std::size_t count = u16(page, 20);
  if (kPageHead + 2 * count > page.size())
    return reading_.damage("a page of the database is damaged", 1);
  for (std::size_t i = 0; i + 1 < count; i += 2) {
    const auto key = item(page, i, count), value = item(page, i + 1, count);
    if (!key || !value) {
      reading_.damage("a record of the database is damaged", 1);
      continue;
    }
    if (btree_ &&
        (static_cast<unsigned char>(page[u16(page, kPageHead + 2 * (i + 1)) + 2]) & kDeleted) != 0)
      continue;
    if (key->inside.size() == 4 && u32(key->inside, 0) == 0) continue;
    hand_out(*value);
  }
}

void Reader::hand_out(const Value& value) {
  // Records that share their bytes would make a small file a large one.
  handed_out_ += value.size;
  if (handed_out_ > bytes_.size()) return reading_.damage("records of the database overlap", 1);
  if (value.page == 0) return sink_(value.inside);
  if (value.size > kMaxBlob || value.size > bytes_.size())
    return reading_.damage("a package is damaged", 1);
  blob_.clear();
  blob_.reserve(static_cast<std::size_t>(value.size));
  for (std::uint64_t number = value.page; blob_.size() < value.size;) {
    if (number == 0 || number >= pages_ || seen_[static_cast<std::size_t>(number)]) {
      return reading_.damage(number != 0 && number < pages_ ? "the pages of a package form a loop"
                                                            : "a package lies outside of the file",
                             1);
    }
    seen_[static_cast<std::size_t>(number)] = true;
    const auto page = page_at(number);
    const std::size_t used = u16(page, 22);
    if (static_cast<unsigned char>(page[25]) != kOverflow || used == 0 ||
        kPageHead + used > page.size()) {
      return reading_.damage("an overflow page is damaged", 1);
    }
    blob_.append(page.substr(kPageHead, used));
    number = u32(page, 16);
  }
  sink_(std::string_view(blob_).substr(0, static_cast<std::size_t>(value.size)));
}

}  // namespace

Reading read_bdb(std::string_view bytes, const BlobSink& sink) {
  return Reader(bytes, sink).read();
}

Format sniff(std::string_view bytes) {
  if (bytes.starts_with("SQLite format 3")) return Format::kSqlite;
  if (bytes.starts_with("RpmP")) return Format::kNdb;
  if (bytes.size() < 16) return Format::kUnknown;
  std::uint32_t magic;
  std::memcpy(&magic, bytes.data() + 12, sizeof magic);
  for (const auto value : {magic, __builtin_bswap32(magic)}) {
    if (value == kHashMagic) return Format::kBdbHash;
    if (value == kBtreeMagic) return Format::kBdbBtree;
  }
  return Format::kUnknown;
}

std::string format_name(Format format) {
  switch (format) {
    case Format::kSqlite:
      return "sqlite";
    case Format::kNdb:
      return "ndb";
    case Format::kBdbHash:
      return "bdb-hash";
    case Format::kBdbBtree:
      return "bdb-btree";
    case Format::kUnknown:
      break;
  }
  return "";
}

}  // namespace rpmenv::db
