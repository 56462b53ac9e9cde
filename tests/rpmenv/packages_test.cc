// Package databases in an image: where they are found, what their status says, who owns what.
#include "rpmenv/packages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/rpmenv/image.h"
#include "tests/rpmenv/rpm_file.h"

namespace {

using rpmenv::DatabaseStatus;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::Image;
using tests::RpmHeader;

rpmenv::PackageFacts read(const Image& image, const std::vector<std::string>& wanted = {},
                          std::map<std::string, std::string>* owned = nullptr) {
  const auto root = image.root();
  rpmenv::Owners owners(*root);
  for (const auto& path : wanted) owners.want(path);
  auto facts = rpmenv::read_packages(*root, owners);
  for (const auto& path : wanted) {
    if (owned != nullptr) (*owned)[path] = owners.of(path).value_or("nobody");
  }
  return facts;
}

struct Place {
  const char *directory, *link, *found;
};
class RpmPlace : public testing::TestWithParam<Place> {};
TEST_P(RpmPlace, IsFoundOnce) {
  const Image image;
  tests::write_sqlite(image.path(std::string(GetParam().directory) + "/rpmdb.sqlite"),
                      {RpmHeader{}.blob()});
  if (GetParam().link != nullptr) image.link(GetParam().link, "var/lib/rpm");
  const auto facts = read(image);
  ASSERT_EQ(facts.databases.size(), 1u);
  EXPECT_EQ(facts.databases[0].path, GetParam().found);
  EXPECT_EQ(facts.databases[0].status, DatabaseStatus::kOk);
  EXPECT_EQ(facts.databases[0].read, 1u);
  EXPECT_EQ(facts.packages.size(), 1u);
}
INSTANTIATE_TEST_SUITE_P(
    Table, RpmPlace,
    testing::Values(Place{"usr/lib/sysimage/rpm", nullptr, "usr/lib/sysimage/rpm/rpmdb.sqlite"},
                    Place{"var/lib/rpm", nullptr, "var/lib/rpm/rpmdb.sqlite"},
                    Place{"usr/share/rpm", nullptr, "usr/share/rpm/rpmdb.sqlite"},
                    Place{"usr/lib/sysimage/rpm", "../../usr/lib/sysimage/rpm",
                          "usr/lib/sysimage/rpm/rpmdb.sqlite"},
                    Place{"usr/lib/sysimage/rpm", "/usr/lib/sysimage/rpm",
                          "usr/lib/sysimage/rpm/rpmdb.sqlite"}));

TEST(RpmDatabase, AbsoluteLinkToTheHostFindsNothing) {
  const Image outside, image;
  tests::write_sqlite(outside.path("rpmdb.sqlite"), {RpmHeader{.name = "host"}.blob()});
  image.link(outside.path(), "var/lib/rpm");
  const auto facts = read(image);
  EXPECT_TRUE(facts.packages.empty());
  EXPECT_TRUE(facts.databases.empty());
}

TEST(RpmDatabase, NoDatabaseInItsDirectoryIsMissing) {
  const Image image;
  image.directory("var/lib/rpm");
  const auto facts = read(image);
  ASSERT_EQ(facts.databases.size(), 1u);
  EXPECT_EQ(facts.databases[0].status, DatabaseStatus::kMissing);
}

TEST(RpmDatabase, EmptyGarbageAndSparseFilesAreCorrupt) {
  for (const std::string& bytes :
       {std::string(), std::string(9000, 'x'), std::string("SQLite format 3\0", 16)}) {
    const Image image;
    image.write("var/lib/rpm/rpmdb.sqlite", bytes);
    const auto facts = read(image);
    ASSERT_EQ(facts.databases.size(), 1u);
    EXPECT_EQ(facts.databases[0].status, DatabaseStatus::kCorrupt);
    EXPECT_FALSE(facts.databases[0].message.empty());
    EXPECT_EQ(facts.warnings.size(), 1u);
  }
  const Image sparse;
  sparse.write("var/lib/rpm/Packages", "");
  ASSERT_EQ(truncate(sparse.path("var/lib/rpm/Packages").c_str(), off_t{10} << 30), 0);
  EXPECT_EQ(read(sparse).databases[0].status, DatabaseStatus::kCorrupt);
}

TEST(RpmDatabase, FifoIsCorruptAndDoesNotHang) {
  const Image image;
  image.fifo("var/lib/rpm/rpmdb.sqlite");
  EXPECT_EQ(read(image).databases.at(0).status, DatabaseStatus::kCorrupt);
}

TEST(RpmDatabase, UnreadableIsSaid) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const Image image;
  tests::write_sqlite(image.path("var/lib/rpm/rpmdb.sqlite"), {RpmHeader{}.blob()});
  ASSERT_EQ(chmod(image.path("var/lib/rpm/rpmdb.sqlite").c_str(), 0), 0);
  EXPECT_EQ(read(image).databases.at(0).status, DatabaseStatus::kUnreadable);
}

TEST(RpmDatabase, ADamagedHeaderIsCountedAndTheOthersRead) {
  auto blobs = tests::blobs(5);
  blobs[2] = blobs[2].substr(0, blobs[2].size() / 2);
  const Image image;
  tests::write_sqlite(image.path("var/lib/rpm/rpmdb.sqlite"), blobs);
  const auto facts = read(image);
  EXPECT_EQ(facts.databases.at(0).status, DatabaseStatus::kPartial);
  EXPECT_EQ(facts.databases[0].read, 4u);
  EXPECT_EQ(facts.databases[0].damaged, 1u);
  EXPECT_EQ(facts.packages.size(), 4u);
}

TEST(RpmDatabase, OfTwoOneIsUsedAndBothAreReported) {
  const Image image;
  tests::write_sqlite(image.path("var/lib/rpm/rpmdb.sqlite"), tests::blobs(3));
  image.write("var/lib/rpm/Packages", tests::bdb(tests::blobs(2)));
  const auto facts = read(image);
  ASSERT_EQ(facts.databases.size(), 2u);
  EXPECT_FALSE(facts.databases[0].used);
  EXPECT_EQ(facts.databases[0].path, "var/lib/rpm/Packages");
  EXPECT_TRUE(facts.databases[1].used);
  EXPECT_EQ(facts.packages.size(), 3u);
  EXPECT_THAT(facts.warnings, Contains(HasSubstr("var/lib/rpm/Packages")));
}

TEST(RpmDatabase, TheMagicNumberCountsNotTheName) {
  const Image image;
  image.write("var/lib/rpm/Packages", tests::bdb(tests::blobs(2), {.btree = true, .version = 10}));
  EXPECT_EQ(read(image).databases.at(0).format, "bdb-btree");
}

TEST(RpmDatabase, KeysAreNoPackages) {
  const Image image;
  tests::write_sqlite(image.path("var/lib/rpm/rpmdb.sqlite"),
                      {RpmHeader{.name = "gpg-pubkey"}.blob(), RpmHeader{}.blob()});
  EXPECT_EQ(read(image).packages.size(), 1u);
}

TEST(RpmDatabase, NothingIsWritten) {
  const Image image;
  tests::write_sqlite_with_log(image.path("var/lib/rpm/rpmdb.sqlite"), tests::blobs(6), 3);
  const auto before = image.digest();
  EXPECT_EQ(read(image).packages.size(), 6u);
  EXPECT_EQ(image.digest(), before);
}

TEST(RpmOwners, MergedDirectoriesAndEpochs) {
  const Image image;
  image.directory("usr/lib64");
  image.link("usr/lib64", "lib64");
  tests::write_sqlite(
      image.path("var/lib/rpm/rpmdb.sqlite"),
      {RpmHeader{.name = "libs", .epoch = 2, .files = {"/lib64/liba.so.1", "/usr/share/doc/x"}}
           .blob()});
  std::map<std::string, std::string> owned;
  read(image, {"usr/lib64/liba.so.1", "usr/lib64/libb.so.1"}, &owned);
  EXPECT_EQ(owned["usr/lib64/liba.so.1"], "libs-2:1.0-1.el9.x86_64");
  EXPECT_EQ(owned["usr/lib64/libb.so.1"], "nobody");
}

constexpr const char* kStatus =
    "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc "
    "(2.36-9)\nVersion: 2.36-9+deb12u10\nInstalled-Size: 100\n"
    "Description: GNU C Library\n with a second line\n Version: 9\n\n"
    "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1.0\n\n"
    "Package: login\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:4.13+dfsg1-1\n";

TEST(Dpkg, ReadsInstalledPackages) {
  const Image image;
  image.write("var/lib/dpkg/status", kStatus);
  const auto facts = read(image);
  EXPECT_EQ(facts.databases.at(0).status, DatabaseStatus::kOk);
  ASSERT_EQ(facts.packages.size(), 2u);
  const auto& libc = facts.packages[0];
  EXPECT_EQ(libc.name, "libc6");
  EXPECT_EQ(libc.version, "2.36");
  EXPECT_EQ(libc.release, "9+deb12u10");
  EXPECT_EQ(libc.source, "glibc");
  EXPECT_EQ(libc.size, 102400u);
  EXPECT_EQ(facts.packages[1].epoch, 1u);
  EXPECT_EQ(facts.packages[1].version, "4.13+dfsg1");
}

TEST(Dpkg, CutOffStatusIsPartial) {
  const Image image;
  image.write("var/lib/dpkg/status",
              std::string(kStatus).substr(0, std::string(kStatus).size() - 3));
  EXPECT_EQ(read(image).databases.at(0).status, DatabaseStatus::kPartial);
}

TEST(Dpkg, ParagraphWithoutANameIsCounted) {
  const Image image;
  image.write("var/lib/dpkg/status",
              std::string(kStatus) + "\nVersion: 1\nStatus: install ok installed\n");
  EXPECT_EQ(read(image).databases.at(0).damaged, 1u);
}

TEST(Dpkg, StatusDirectoryOfDistroless) {
  const Image image;
  image.write("var/lib/dpkg/status.d/base",
              "Package: base-files\nVersion: 12.4\nArchitecture: amd64\n");
  image.write("var/lib/dpkg/status.d/base.md5sums", "0123  usr/bin/x\n");
  const auto facts = read(image);
  ASSERT_EQ(facts.databases.size(), 1u);
  EXPECT_EQ(facts.databases[0].path, "var/lib/dpkg/status.d");
  EXPECT_EQ(facts.databases[0].read, 1u);
}

TEST(Dpkg, OwnersComeFromTheLists) {
  const Image image;
  image.directory("usr/lib");
  image.link("usr/lib", "lib");
  image.write("var/lib/dpkg/status", kStatus);
  image.write("var/lib/dpkg/info/libc6:amd64.list",
              "/.\n/lib\n/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu/libc.so.6\n");
  std::map<std::string, std::string> owned;
  read(image, {"usr/lib/x86_64-linux-gnu/libc.so.6"}, &owned);
  EXPECT_EQ(owned["usr/lib/x86_64-linux-gnu/libc.so.6"], "libc6:amd64");
}

TEST(Apk, ReadsPackagesAndOwners) {
  const Image image;
  image.write("lib/apk/db/installed",
              "P:musl\nV:1.2.3-r5\nA:x86_64\nI:622592\no:musl\nF:lib\nR:ld-musl-x86_64.so.1\n\nP:."
              "deps\nV:2023\nA:noarch\n\n");
  std::map<std::string, std::string> owned;
  const auto facts = read(image, {"lib/ld-musl-x86_64.so.1"}, &owned);
  EXPECT_EQ(facts.databases.at(0).read, 2u);
  EXPECT_EQ(facts.packages.at(1).release, "r5");
  EXPECT_FALSE(facts.packages[0].release);
  EXPECT_EQ(owned["lib/ld-musl-x86_64.so.1"], "musl");
}

}  // namespace
