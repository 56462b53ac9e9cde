// `seshat inspect` as a user runs it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

TEST(InspectCommand, SaysWhatChangedBetweenTwoImages) {
  support::TempDirectory directory;
  directory.write("old/etc/os-release", "ID=rhel\nVERSION_ID=8.9\n");
  directory.write("new/etc/os-release", "ID=rhel\nVERSION_ID=9.4\n");
  Ran ran = run_program({"inspect", "--diff", "old", "new"}, directory.path());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "system (1)\n  ~ os version: 8.9 -> 9.4\n");
  ran = run_program({"inspect", "--json", "--diff", "old", "old"}, directory.path());
  EXPECT_EQ(nlohmann::json::parse(ran.out)["same"], true);
}

TEST(InspectCommand, ADiffNeedsTwoImagesThatAreThere) {
  support::TempDirectory directory;
  directory.write("old/etc/os-release", "ID=rhel\n");
  EXPECT_EQ(run_program({"inspect", "--diff", "old"}, directory.path()).exit_code, 2);
  const Ran ran = run_program({"inspect", "--diff", "old", "nowhere"}, directory.path());
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_NE(ran.err.find("nowhere"), std::string::npos) << ran.err;
  EXPECT_EQ(run_program({"inspect", "old", "--diff", "old", "old"}, directory.path()).exit_code, 2);
}

TEST(InspectCommand, ADiffWarnsOfADamagedDatabase) {
  support::TempDirectory directory;
  directory.write("old/etc/os-release", "ID=rhel\n");
  directory.write("new/var/lib/rpm/rpmdb.sqlite", "damaged");
  const Ran ran = run_program({"inspect", "--json", "--diff", "old", "new"}, directory.path());
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_NE(ran.err.find("new: "), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("rpmdb.sqlite"), std::string::npos) << ran.err;
}

TEST(InspectCommand, TakesTheConfigurationOfADirectoryFromAFile) {
  support::TempDirectory directory;
  directory.write("root/etc/os-release", "ID=rhel\n");
  directory.write("config.json", R"({"config": {"Env": ["CUDA_VERSION=11.8.0"]}})");
  Ran ran = run_program({"inspect", "--json", "--root", "root", "--image-config", "config.json"},
                        directory.path());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(nlohmann::json::parse(ran.out)["accelerators"]["cuda"]["version"], "11.8.0");
  directory.write("config.json", "[]");
  ran =
      run_program({"inspect", "--root", "root", "--image-config", "config.json"}, directory.path());
  EXPECT_EQ(ran.exit_code, 2) << ran.err;
}

}  // namespace
}  // namespace plugin::test
