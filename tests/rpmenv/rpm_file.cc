// Writes RPM databases for tests.
#include "tests/rpmenv/rpm_file.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>

namespace tests {
namespace {

constexpr std::uint32_t kInt32 = 4, kString = 6, kStringArray = 8;

std::string big32(std::uint32_t value) {
  std::string text(4, '\0');
  for (int i = 0; i < 4; ++i)
    text[static_cast<std::size_t>(i)] = static_cast<char>(value >> (24 - 8 * i));
  return text;
}

class HeaderWriter {
 public:
  void text(std::uint32_t tag, const std::string& value) {
    if (!value.empty()) entry(tag, kString, 1, value + '\0');
  }
  void texts(std::uint32_t tag, const std::vector<std::string>& values) {
    std::string all;
    for (const auto& value : values) all += value + '\0';
    if (!values.empty()) entry(tag, kStringArray, values.size(), all);
  }
  void numbers(std::uint32_t tag, const std::vector<std::uint32_t>& values) {
    std::string all;
    for (const auto value : values) all += big32(value);
    while (store_.size() % 4 != 0) store_ += '\0';
    if (!values.empty()) entry(tag, kInt32, values.size(), all);
  }
  std::string blob() const {
    return big32(static_cast<std::uint32_t>(index_.size() / 16)) +
           big32(static_cast<std::uint32_t>(store_.size())) + index_ + store_;
  }

 private:
  void entry(std::uint32_t tag, std::uint32_t type, std::size_t count, const std::string& data) {
    index_ += big32(tag) + big32(type) + big32(static_cast<std::uint32_t>(store_.size())) +
              big32(static_cast<std::uint32_t>(count));
    store_ += data;
  }
  std::string index_, store_;
};

void capabilities(HeaderWriter& out, const std::vector<RpmHeader::Capability>& all,
                  std::uint32_t name, std::uint32_t version, std::uint32_t flags) {
  std::vector<std::string> names, versions;
  std::vector<std::uint32_t> senses;
  for (const auto& one : all) {
    names.push_back(one.name);
    versions.push_back(one.version);
    senses.push_back(one.flags);
  }
  out.texts(name, names);
  out.numbers(flags, senses);
  out.texts(version, versions);
}

void run(sqlite3* db, const char* sql) {
  ASSERT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
}

void insert(sqlite3* db, const std::string& blob) {
  sqlite3_stmt* statement = nullptr;
  ASSERT_EQ(
      sqlite3_prepare_v2(db, "INSERT INTO Packages (blob) VALUES (?)", -1, &statement, nullptr),
      SQLITE_OK);
  sqlite3_bind_blob(statement, 1, blob.data(), static_cast<int>(blob.size()), SQLITE_TRANSIENT);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_DONE);
  sqlite3_finalize(statement);
}

sqlite3* create(const std::string& path, const std::vector<std::string>& blobs) {
  sqlite3* db = nullptr;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  EXPECT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  run(db,
      "BEGIN; CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT "
      "NULL); CREATE TABLE 'Name' (key TEXT NOT NULL, hnum INTEGER NOT NULL)");
  for (const auto& blob : blobs) insert(db, blob);
  run(db, "COMMIT");
  return db;
}

// Numbers in the byte order of a Berkeley DB.
class Page {
 public:
  Page(bool big_endian, std::uint32_t number, unsigned char type)
      : big_endian_(big_endian), bytes_(kSize, '\0') {
    u32(8, number);
    bytes_[25] = static_cast<char>(type);
  }
  static constexpr std::size_t kSize = 4096;
  void u32(std::size_t at, std::uint32_t value) {
    put(at, big_endian_ ? __builtin_bswap32(value) : value);
  }
  void u16(std::size_t at, std::uint32_t value) {
    const auto small = static_cast<std::uint16_t>(value);
    put(at, big_endian_ ? __builtin_bswap16(small) : small);
  }
  void text(std::size_t at, std::string_view value) { bytes_.replace(at, value.size(), value); }
  void byte(std::size_t at, int value) { bytes_[at] = static_cast<char>(value); }
  const std::string& bytes() const { return bytes_; }

 private:
  template <class T>
  void put(std::size_t at, T value) {
    bytes_.replace(at, sizeof value,
                   std::string_view(reinterpret_cast<const char*>(&value), sizeof value));
  }
  bool big_endian_;
  std::string bytes_;
};

// The overflow chain of one blob, from page `first` on.
std::string chain(const std::string& blob, std::uint32_t first, bool big_endian) {
  constexpr std::size_t kRoom = Page::kSize - 26;
  std::string out;
  for (std::size_t at = 0; at < blob.size(); at += kRoom) {
    Page page(big_endian, first, 7);
    const auto part = blob.substr(at, kRoom);
    page.u32(16, at + kRoom < blob.size() ? first + 1 : 0);
    page.u16(22, static_cast<std::uint32_t>(part.size()));
    page.text(26, part);
    out += page.bytes();
    ++first;
  }
  return out;
}

}  // namespace

std::string RpmHeader::blob() const {
  HeaderWriter out;
  out.text(1000, name);
  out.text(1001, version);
  out.text(1002, release);
  if (epoch) out.numbers(1003, {*epoch});
  out.numbers(1009, {size});
  out.text(1011, vendor);
  out.text(1022, arch);
  out.text(1044, source);
  capabilities(out, provides, 1047, 1113, 1112);
  capabilities(out, requirements, 1049, 1050, 1048);
  std::vector<std::string> directories, names;
  std::vector<std::uint32_t> indexes;
  for (const auto& file : files) {
    const auto slash = file.rfind('/') + 1;
    const std::string directory = file.substr(0, slash);
    auto known = std::ranges::find(directories, directory);
    if (known == directories.end()) known = directories.insert(known, directory);
    indexes.push_back(static_cast<std::uint32_t>(known - directories.begin()));
    names.push_back(file.substr(slash));
  }
  out.numbers(1116, indexes);
  out.texts(1117, names);
  out.texts(1118, directories);
  out.text(5096, modularity);
  return out.blob();
}

std::vector<std::string> blobs(int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) {
    RpmHeader header{.name = "demo" + std::to_string(i),
                     .vendor = std::string(static_cast<std::size_t>(i) * 700, 'v')};
    all.push_back(header.blob());
  }
  return all;
}

void write_sqlite(const std::string& path, const std::vector<std::string>& blobs) {
  sqlite3_close(create(path, blobs));
}

void write_sqlite_with_log(const std::string& path, const std::vector<std::string>& blobs,
                           int in_log) {
  const std::string work = path + ".work";
  const auto first = blobs.end() - in_log;
  sqlite3* db = create(work, {blobs.begin(), first});
  run(db, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; BEGIN");
  for (auto blob = first; blob != blobs.end(); ++blob) insert(db, *blob);
  run(db, "COMMIT");
  std::filesystem::copy_file(work, path);
  std::filesystem::copy_file(work + "-wal", path + "-wal");
  sqlite3_close(db);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(work + suffix);
}

std::string ndb(const std::vector<std::string>& blobs) {
  const auto little = [](std::uint32_t value) {
    return std::string(reinterpret_cast<const char*>(&value), 4);
  };
  std::string slots = "RpmP" + little(0) + little(1) + little(1) +
                      little(static_cast<std::uint32_t>(blobs.size()) + 1) + std::string(12, '\0');
  std::string body;
  std::uint32_t number = 0, block = 256;
  for (const auto& blob : blobs) {
    const auto count = static_cast<std::uint32_t>((16 + blob.size() + 12 + 15) / 16);
    slots += "Slot" + little(++number) + little(block) + little(count);
    std::string record = "BlbS" + little(number) + little(1) +
                         little(static_cast<std::uint32_t>(blob.size())) + blob;
    record.resize(count * 16 - 12);
    body += record + little(0) + little(static_cast<std::uint32_t>(blob.size())) + "BlbE";
    block += count;
  }
  while (slots.size() < 4096) slots += "Slot" + std::string(12, '\0');
  return slots + body;
}

std::string bdb(const std::vector<std::string>& blobs, const BdbKind& kind) {
  // A meta page, one page of records for every 50, then the chains.
  constexpr std::size_t kRecords = 50;
  std::vector<std::pair<std::uint32_t, const std::string*>> records = {{0, nullptr}};
  for (std::size_t i = 0; i < blobs.size(); ++i) records.emplace_back(i + 1, &blobs[i]);
  const auto record_pages = static_cast<std::uint32_t>((records.size() + kRecords - 1) / kRecords);
  std::uint32_t next = 1 + record_pages;
  std::string leaves, chains;
  for (std::uint32_t number = 1; number <= record_pages; ++number) {
    Page page(kind.big_endian, number, kind.btree ? 5 : 13);
    std::size_t end = Page::kSize, index = 26;
    const auto item = [&](std::size_t size) {
      end -= size;
      page.u16(index, static_cast<std::uint32_t>(end));
      index += 2;
      return end;
    };
    const auto small = [&](std::uint32_t value) {
      const std::size_t at = item(kind.btree ? 7 : 5);
      if (kind.btree) page.u16(at, 4);
      page.byte(at + (kind.btree ? 2 : 0), 1);
      page.u32(at + (kind.btree ? 3 : 1), value);
    };
    std::uint32_t entries = 0;
    for (std::size_t i = (number - 1) * kRecords; i < std::min(records.size(), number * kRecords);
         ++i) {
      const auto& [key, blob] = records[i];
      small(key);
      entries += 2;
      if (blob == nullptr) {
        small(static_cast<std::uint32_t>(blobs.size()));
        continue;
      }
      const std::size_t at = item(12);
      page.byte(at + (kind.btree ? 2 : 0), 3);
      page.u32(at + 4, next);
      page.u32(at + 8, static_cast<std::uint32_t>(blob->size()));
      const std::string pages = chain(*blob, next, kind.big_endian);
      next += static_cast<std::uint32_t>(pages.size() / Page::kSize);
      chains += pages;
    }
    page.u16(20, entries);
    leaves += page.bytes();
  }
  Page meta(kind.big_endian, 0, kind.btree ? 9 : 8);
  meta.u32(12, kind.btree ? 0x053162 : 0x061561);
  meta.u32(16, kind.version);
  meta.u32(20, Page::kSize);
  meta.u32(32, next - 1);
  return meta.bytes() + leaves + chains;
}

}  // namespace tests
