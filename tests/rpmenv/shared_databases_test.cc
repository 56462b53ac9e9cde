// Real RPM databases of public images, read in place beside this repository.
#include <gtest/gtest.h>

#include <filesystem>

#include "rpmenv/capabilities.h"
#include "tests/rpmenv/image.h"

namespace {

using rpmenv::DatabaseStatus;
namespace fs = std::filesystem;

struct Row {
  const char *path, *file;
  DatabaseStatus status;
  std::uint64_t packages;
};

class RealDatabase : public testing::TestWithParam<Row> {};

TEST_P(RealDatabase, IsReadWhole) {
  const fs::path data = fs::path(SESHAT_SOURCE_DIR) / "../shared/data/rpmdb" / GetParam().path;
  if (!fs::exists(data)) GTEST_SKIP() << data << " is not there";
  const tests::Image image;
  image.directory("var/lib/rpm");
  fs::copy_file(data / GetParam().file, image.path(std::string("var/lib/rpm/") + GetParam().file));
  const auto facts = image.inspect();
  ASSERT_EQ(facts.databases.size(), 1u);
  EXPECT_EQ(facts.databases[0].status, GetParam().status) << facts.databases[0].message;
  EXPECT_EQ(facts.packages.size(), GetParam().packages);
  const auto pool = rpmenv::pool_of(*image.root(), facts);
  for (const auto& package : facts.packages)
    EXPECT_TRUE(pool.provides(package.name)) << package.name;
}
INSTANTIATE_TEST_SUITE_P(
    Table, RealDatabase,
    testing::Values(Row{"cbl-mariner-2.0", "rpmdb.sqlite", DatabaseStatus::kOk, 129},
                    Row{"sle15-bci", "Packages.db", DatabaseStatus::kOk, 35},
                    Row{"libuuid", "Packages", DatabaseStatus::kOk, 1},
                    Row{"scalibr-epoch", "Packages", DatabaseStatus::kOk, 1},
                    Row{"rpm-testsuite", "rpmdb.sqlite", DatabaseStatus::kOk, 2},
                    Row{"scalibr-empty", "rpmdb.sqlite", DatabaseStatus::kCorrupt, 0}));

}  // namespace
