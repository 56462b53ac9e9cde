// The table "Packages" of rpmdb.sqlite, read from the bytes of the file and its write-ahead log. A
// reader of our own because the library writes beside what it reads, stops at the first damaged
// row, and wants a path where an image may be an archive. Only what that one table needs is
// understood: no index, no other encoding than UTF-8.
#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rpmenv/db/container.h"

namespace rpmenv::db {
namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::uint64_t kMaxBlob = 256u << 20;
constexpr int kMaxDepth = 20;  // sqlite's own limit for a tree

std::uint32_t big16(const char* at) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(at);
  return static_cast<std::uint32_t>(bytes[0] << 8 | bytes[1]);
}
std::uint32_t big32(const char* at) { return big16(at) << 16 | big16(at + 2); }

struct Varint {
  std::uint64_t value;
  std::size_t size;
};
std::optional<Varint> varint(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 9 && i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i == 8) return Varint{value << 8 | byte, 9};
    value = value << 7 | (byte & 0x7f);
    if ((byte & 0x80) == 0) return Varint{value, i + 1};
  }
  return std::nullopt;
}

std::uint64_t serial_size(std::uint64_t type) {
  constexpr std::uint64_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? kSizes[type] : (type - 12) / 2;
}

// The values of a record, as bytes; nullopt if it does not hold together.
std::optional<std::vector<std::string_view>> columns_of(std::string_view record) {
  const auto head = varint(record);
  if (!head || head->value > record.size() || head->value < head->size) return std::nullopt;
  auto types = record.substr(head->size, static_cast<std::size_t>(head->value) - head->size);
  auto body = record.substr(static_cast<std::size_t>(head->value));
  std::vector<std::string_view> columns;
  while (!types.empty()) {
    const auto type = varint(types);
    if (!type) return std::nullopt;
    types.remove_prefix(type->size);
    const std::uint64_t size = serial_size(type->value);
    if (size > body.size()) return std::nullopt;
    columns.push_back(body.substr(0, static_cast<std::size_t>(size)));
    body.remove_prefix(static_cast<std::size_t>(size));
  }
  return columns;
}

// The pages of a database: those of the file, overlaid by what was committed to the log.
class Pages {
 public:
  Pages(std::string_view bytes, std::string_view log) : bytes_(bytes) { overlay(log); }

  bool open(Reading& reading) {
    const bool first_in_log = log_.contains(1);
    if (!first_in_log && (!bytes_.starts_with(kMagic) || bytes_.size() < 512)) {
      reading.damage(bytes_.empty() ? "the file is empty" : "not an sqlite database");
      return false;
    }
    const std::string_view first = first_in_log ? log_.at(1) : bytes_.substr(0, 512);
    const std::uint32_t size = big16(first.data() + 16);
    size_ = size == 1 ? 65536 : size;
    const auto reserved = static_cast<unsigned char>(first[20]);
    if (!first.starts_with(kMagic) || size_ < 512 || (size_ & (size_ - 1)) != 0 ||
        size_ - reserved < 480) {
      reading.damage("the header of the database is damaged");
      return false;
    }
    usable_ = size_ - reserved;
    if (!log_.empty() && log_size_ != size_) log_.clear();
    in_file_ = bytes_.size() / size_;
    count_ = std::max<std::uint64_t>(in_file_, log_.empty() ? 0 : committed_);
    // The header's page count holds only while the two change counters agree.
    const std::uint32_t said = big32(first.data() + 28);
    const bool trusted = big32(first.data() + 24) == big32(first.data() + 92);
    if (trusted && said > count_) reading.damage("the file is cut off");
    return true;
  }

  std::uint64_t count() const { return count_; }
  std::uint32_t usable() const { return usable_; }
  // Empty if there is no such page.
  std::string_view page(std::uint32_t number) const {
    if (const auto in_log = log_.find(number); in_log != log_.end()) return in_log->second;
    if (number == 0 || number > in_file_) return {};
    return bytes_.substr(std::size_t{number - 1} * size_, size_);
  }

 private:
  void overlay(std::string_view log);

  std::string_view bytes_;
  std::unordered_map<std::uint32_t, std::string_view> log_;
  std::uint32_t log_size_ = 0, size_ = 0, usable_ = 0;
  std::uint64_t in_file_ = 0, count_ = 0, committed_ = 0;
};

struct Sum {
  std::uint32_t first = 0, second = 0;
  void add(std::string_view bytes, bool big_endian) {
    for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
      std::uint32_t a, b;
      std::memcpy(&a, bytes.data() + i, 4);
      std::memcpy(&b, bytes.data() + i + 4, 4);
      first += (big_endian ? __builtin_bswap32(a) : a) + second;
      second += (big_endian ? __builtin_bswap32(b) : b) + first;
    }
  }
};

// Frames count up to the last commit; the first one whose salt or checksum is wrong ends the log.
void Pages::overlay(std::string_view log) {
  constexpr std::size_t kHead = 32, kFrameHead = 24;
  if (log.size() < kHead) return;
  const std::uint32_t magic = big32(log.data());
  if (magic != 0x377f0682 && magic != 0x377f0683) return;
  const bool big_endian = magic == 0x377f0683;
  const std::uint32_t size = big32(log.data() + 8);
  if (size < 512 || size > 65536 || (size & (size - 1)) != 0) return;
  Sum sum;
  sum.add(log.substr(0, 24), big_endian);
  if (sum.first != big32(log.data() + 24) || sum.second != big32(log.data() + 28)) return;
  log_size_ = size;
  std::vector<std::pair<std::uint32_t, std::string_view>> pending;
  for (std::size_t at = kHead; log.size() - at >= kFrameHead + size; at += kFrameHead + size) {
    const auto frame = log.substr(at, kFrameHead);
    const auto data = log.substr(at + kFrameHead, size);
    if (frame.substr(8, 8) != log.substr(16, 8)) break;
    sum.add(frame.substr(0, 8), big_endian);
    sum.add(data, big_endian);
    if (sum.first != big32(frame.data() + 16) || sum.second != big32(frame.data() + 20)) break;
    pending.emplace_back(big32(frame.data()), data);
    const std::uint32_t commit = big32(frame.data() + 4);
    if (commit == 0) continue;
    for (const auto& [number, page] : pending) log_[number] = page;
    pending.clear();
    committed_ = commit;
  }
}

// Walks one table's tree and hands out the records of its rows.
class Tree {
 public:
  using RecordSink = std::function<void(std::string_view record)>;
  Tree(const Pages& pages, Reading& reading, const RecordSink& sink)
      : pages_(pages),
        reading_(reading),
        sink_(sink),
        seen_(static_cast<std::size_t>(pages.count()) + 1) {}

  void walk(std::uint32_t number, int depth = 0) {
    const auto page = pages_.page(number);
    if (page.empty() || depth > kMaxDepth || !visit(number)) {
      reading_.damage(page.empty() ? "a page of the table lies outside of the file"
                                   : "the pages of the table form a loop",
                      1);
      return;
    }
    const std::size_t head =
        number == 1 ? 100 : 0;  // the file's header comes before the first page's
    const char kind = page[head];
    const std::size_t cells = big16(page.data() + head + 3);
    const std::size_t pointers = head + (kind == 5 ? 12 : 8);
    if ((kind != 5 && kind != 13) || pointers + 2 * cells > pages_.usable()) {
      reading_.damage("a page of the table is damaged", 1);
      return;
    }
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t at = big16(page.data() + pointers + 2 * i);
      if (at + 4 > pages_.usable()) {
        reading_.damage("a cell lies outside of its page", 1);
      } else if (kind == 5) {
        walk(big32(page.data() + at), depth + 1);
      } else {
        read_cell(page.substr(at, pages_.usable() - at));
      }
    }
    if (kind == 5) walk(big32(page.data() + head + 8), depth + 1);
  }

 private:
  bool visit(std::uint32_t number) {
    if (number >= seen_.size() || seen_[number]) return false;
    seen_[number] = true;
    return true;
  }

  void read_cell(std::string_view cell) {
    const auto size = varint(cell);
    const auto row = size ? varint(cell.substr(size->size)) : std::nullopt;
    if (!row || size->value > kMaxBlob) return reading_.damage("a row is damaged", 1);
    // Rows that share their bytes would make a small file a large one.
    handed_out_ += size->value;
    if (handed_out_ > pages_.count() * pages_.usable())
      return reading_.damage("rows of the table overlap", 1);
    cell.remove_prefix(size->size + row->size);
    const std::uint64_t usable = pages_.usable(), most = usable - 35;
    if (size->value <= most) {
      if (size->value > cell.size()) return reading_.damage("a row is damaged", 1);
      return sink_(cell.substr(0, static_cast<std::size_t>(size->value)));
    }
    const std::uint64_t least = (usable - 12) * 32 / 255 - 23;
    const std::uint64_t even = least + (size->value - least) % (usable - 4);
    const auto local = static_cast<std::size_t>(even <= most ? even : least);
    if (local + 4 > cell.size()) return reading_.damage("a row is damaged", 1);
    record_.assign(cell.substr(0, local));
    record_.reserve(
        static_cast<std::size_t>(std::min<std::uint64_t>(size->value, pages_.count() * usable)));
    std::uint32_t next = big32(cell.data() + local);
    while (record_.size() < size->value) {
      const auto page = pages_.page(next);
      if (page.empty() || !visit(next)) return reading_.damage("a row is cut off", 1);
      const auto part = std::min<std::uint64_t>(size->value - record_.size(), usable - 4);
      record_.append(page.substr(4, static_cast<std::size_t>(part)));
      next = big32(page.data());
    }
    sink_(record_);
  }

  const Pages& pages_;
  Reading& reading_;
  const RecordSink& sink_;
  std::vector<bool> seen_;
  std::string record_;
  std::uint64_t handed_out_ = 0;
};

}  // namespace

Reading read_sqlite(std::string_view bytes, std::string_view log, const BlobSink& sink) {
  Reading reading;
  Pages pages(bytes, log);
  if (!pages.open(reading)) return reading;
  std::uint32_t table = 0;
  const Tree::RecordSink schema = [&](std::string_view record) {
    const auto columns = columns_of(record);  // type, name, tbl_name, rootpage, sql
    if (!columns || columns->size() < 4 || (*columns)[0] != "table" || (*columns)[1] != "Packages")
      return;
    for (const char byte : (*columns)[3]) table = table << 8 | static_cast<unsigned char>(byte);
  };
  Tree(pages, reading, schema).walk(1);
  if (table == 0) {
    reading.damage("it holds no table of packages");
    return reading;
  }
  const Tree::RecordSink rows = [&](std::string_view record) {
    const auto columns = columns_of(record);  // hnum, blob
    if (!columns || columns->size() < 2) return reading.damage("a row is damaged", 1);
    sink((*columns)[1]);
  };
  Tree(pages, reading, rows).walk(table);
  return reading;
}

}  // namespace rpmenv::db
