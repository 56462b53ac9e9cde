// The readers of RPM's containers and of header blobs: same packages from each, losses are counted,
// nothing hangs.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "rpmenv/db/container.h"
#include "rpmenv/db/header.h"
#include "tests/rpmenv/image.h"
#include "tests/rpmenv/rpm_file.h"

namespace {

using rpmenv::db::Format;
using rpmenv::db::Header;
using rpmenv::db::Reading;

struct Outcome {
  Reading reading;
  std::vector<std::string> blobs;
};

Outcome read(std::string_view bytes, std::string_view log = {}) {
  Outcome outcome;
  const rpmenv::db::BlobSink sink = [&](std::string_view blob) {
    outcome.blobs.emplace_back(blob);
  };
  switch (rpmenv::db::sniff(bytes)) {
    case Format::kNdb:
      outcome.reading = rpmenv::db::read_ndb(bytes, sink);
      break;
    case Format::kBdbHash:
    case Format::kBdbBtree:
      outcome.reading = rpmenv::db::read_bdb(bytes, sink);
      break;
    default:
      outcome.reading = rpmenv::db::read_sqlite(bytes, log, sink);
  }
  return outcome;
}

std::string sqlite_bytes(const std::vector<std::string>& blobs) {
  const support::TempDirectory place;
  tests::write_sqlite(place / "rpmdb.sqlite", blobs);
  return support::read_file(place / "rpmdb.sqlite");
}

TEST(Containers, AllFormatsHandOutTheSameBlobs) {
  const auto blobs = tests::blobs(120);
  const std::vector<std::string> files = {
      sqlite_bytes(blobs),
      tests::ndb(blobs),
      tests::bdb(blobs),
      tests::bdb(blobs, {.big_endian = true}),
      tests::bdb(blobs, {.version = 8}),
      tests::bdb(blobs, {.version = 7}),
      tests::bdb(blobs, {.btree = true}),
      tests::bdb(blobs, {.btree = true, .big_endian = true, .version = 10})};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto outcome = read(files[i]);
    EXPECT_FALSE(outcome.reading.damaged) << i << ": " << outcome.reading.message;
    EXPECT_EQ(outcome.blobs, blobs) << i;
  }
}

TEST(Containers, EmptyDatabasesAreWhole) {
  for (const auto& file : {sqlite_bytes({}), tests::ndb({}), tests::bdb({})}) {
    const auto outcome = read(file);
    EXPECT_FALSE(outcome.reading.damaged);
    EXPECT_TRUE(outcome.blobs.empty());
  }
}

TEST(Containers, TruncationIsNeverAnEmptyDatabase) {
  const auto blobs = tests::blobs(60);
  for (const auto& file : {sqlite_bytes(blobs), tests::ndb(blobs), tests::bdb(blobs),
                           tests::bdb(blobs, {.btree = true})}) {
    for (std::size_t size = 0; size < file.size(); size += 1111) {
      const auto outcome = read(std::string_view(file).substr(0, size));
      EXPECT_TRUE(outcome.reading.damaged) << size;
      EXPECT_LT(outcome.blobs.size(), blobs.size());
    }
  }
}

TEST(Containers, RandomDamageDoesNoHarm) {
  std::mt19937 random(2);
  const auto blobs = tests::blobs(30);
  for (const auto& file : {sqlite_bytes(blobs), tests::ndb(blobs), tests::bdb(blobs),
                           tests::bdb(blobs, {.btree = true})}) {
    for (int i = 0; i < 400; ++i) {
      std::string bytes = file;
      // Half of the damage goes to the beginning, where the structure is.
      for (int k = 0; k < 6; ++k)
        bytes[random() % (k % 2 == 0 ? 5000 : bytes.size())] = static_cast<char>(random());
      const auto outcome = read(bytes);
      for (const auto& blob : outcome.blobs) (void)Header::parse(blob);
    }
  }
}

TEST(Sqlite, CommittedLogCounts) {
  const support::TempDirectory place;
  const auto blobs = tests::blobs(20);
  tests::write_sqlite_with_log(place / "rpmdb.sqlite", blobs, 15);
  const auto bytes = support::read_file(place / "rpmdb.sqlite"),
             log = support::read_file(place / "rpmdb.sqlite-wal");
  EXPECT_EQ(read(bytes).blobs.size(), 5u);
  EXPECT_EQ(read(bytes, log).blobs, blobs);
}

TEST(Sqlite, FramesAfterAWrongChecksumAreIgnored) {
  const support::TempDirectory place;
  tests::write_sqlite_with_log(place / "rpmdb.sqlite", tests::blobs(20), 15);
  const auto bytes = support::read_file(place / "rpmdb.sqlite");
  auto log = support::read_file(place / "rpmdb.sqlite-wal");
  log[32 + 24 + 100] = static_cast<char>(log[32 + 24 + 100] + 1);  // in the first frame's page
  const auto outcome = read(bytes, log);
  EXPECT_EQ(outcome.blobs.size(), 5u);
  EXPECT_FALSE(outcome.reading.damaged);
}

TEST(Sqlite, NoTableOfPackagesIsDamage) {
  std::string bytes = sqlite_bytes({});
  const auto at = bytes.find("tablePackages");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 6] = 'Q';
  EXPECT_TRUE(read(bytes).reading.damaged);
}

TEST(Sqlite, PagesThatNameEachOtherEnd) {
  std::string bytes = sqlite_bytes(tests::blobs(200));
  // Every interior page's right child is the page itself.
  for (std::size_t page = 1; page < bytes.size() / 4096; ++page) {
    if (bytes[page * 4096] != 5) continue;
    const auto number = __builtin_bswap32(static_cast<std::uint32_t>(page + 1));
    bytes.replace(page * 4096 + 8, 4, std::string_view(reinterpret_cast<const char*>(&number), 4));
  }
  EXPECT_TRUE(read(bytes).reading.damaged);
}

TEST(Bdb, OverflowLoopLosesOnePackage) {
  const auto blobs = tests::blobs(20);
  std::string bytes = tests::bdb(blobs);
  const std::size_t last = bytes.size() / 4096 - 1;
  const auto number = static_cast<std::uint32_t>(last);
  bytes.replace(last * 4096 + 16, 4, std::string_view(reinterpret_cast<const char*>(&number), 4));
  bytes.replace(last * 4096 + 22, 2,
                std::string("\1\0", 2));  // one byte a page: the chain must go on
  const auto outcome = read(bytes);
  EXPECT_TRUE(outcome.reading.damaged);
  EXPECT_EQ(outcome.reading.lost, 1u);
  EXPECT_EQ(outcome.blobs.size(), 19u);
}

TEST(Bdb, EncryptedIsUnsupported) {
  std::string bytes = tests::bdb({});
  bytes[24] = 1;
  EXPECT_TRUE(read(bytes).reading.unsupported);
}

TEST(Ndb, BlobOutsideOfTheFileLosesOnePackage) {
  std::string bytes = tests::ndb(tests::blobs(10));
  bytes.replace(32 + 3 * 16 + 8, 4, "\xf0\xff\xff\xff");
  const auto outcome = read(bytes);
  EXPECT_EQ(outcome.reading.lost, 1u);
  EXPECT_EQ(outcome.blobs.size(), 9u);
}

TEST(Header, ReadsEveryField) {
  const tests::RpmHeader rpm{.name = "git",
                             .epoch = 1,
                             .version = "2.39",
                             .release = "3.el9",
                             .vendor = "V",
                             .source = "git-2.39.src.rpm",
                             .modularity = "git:2.39:1",
                             .size = 77};
  const std::string blob = rpm.blob();
  const auto header = Header::parse(blob);
  ASSERT_TRUE(header);
  const auto package = header->package();
  EXPECT_EQ(package.owner_id(), "git-1:2.39-3.el9.x86_64");
  EXPECT_EQ(package.vendor, "V");
  EXPECT_EQ(package.source, "git-2.39.src.rpm");
  EXPECT_EQ(package.modularity, "git:2.39:1");
  EXPECT_EQ(package.size, 77u);
}

TEST(Header, EveryTruncationIsRefused) {
  const auto blob = tests::RpmHeader{.files = {"/usr/bin/demo"}}.blob();
  for (std::size_t size = 0; size < blob.size(); ++size) {
    EXPECT_FALSE(Header::parse(std::string_view(blob).substr(0, size))) << size;
  }
}

TEST(Header, AnOffsetOutsideOfTheStoreRefusesTheHeader) {
  auto blob = tests::RpmHeader{}.blob();
  blob.replace(8 + 8, 4, std::string("\x7f\xff\xff\xf0", 4));
  EXPECT_FALSE(Header::parse(blob));
}

}  // namespace
