// `advise --check-wheels`: the real program against an index on loopback and an image in a
// directory.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

using tests::ElfFile;

class CheckWheels : public testing::Test {
 protected:
  void SetUp() override {
    image_.add_glibc("2.34");
    image_.add_python("3.11.4");
    image_.write("usr/bin/apt-get", "");
  }
  void release(const std::string& name, const std::string& version,
               std::map<std::string, std::string> contents, std::vector<std::string> needs = {}) {
    server_.add({.name = name,
                 .version = version,
                 .needs = std::move(needs),
                 .tags = {"cp311-cp311-manylinux_2_17_x86_64"},
                 .contents = std::move(contents)});
  }
  static std::string needing(const std::string& library, std::vector<std::string> nodes = {}) {
    return ElfFile{.needs = {{library, std::move(nodes)}}}.bytes();
  }
  Ran advise(std::vector<std::string> arguments) {
    std::vector<std::string> all{
        "advise",      "--root",      image_.path(),        "--index-url",
        server_.url(), "--cache-dir", directory_ / "cache", "--no-default-prescriptions",
        "--json"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program(all, directory_.path());
  }
  static std::string version_of(const Ran& ran, const std::string& name) {
    const auto report = nlohmann::json::parse(ran.out, nullptr, false);
    if (report.is_discarded() || report["products"].empty()) return "";
    for (const auto& package : report["products"][0]["packages"])
      if (package["name"] == name) return package["version"];
    return "";
  }

  tests::Image image_;
  support::LoopbackServer server_;
  support::TempDirectory directory_;
};

TEST_F(CheckWheels, TakesAnOlderVersionThatTheImageCanLoad) {
  release("a", "1.0", {{"a.so", needing("libc.so.6", {"GLIBC_2.17"})}});
  release("a", "2.0", {{"a.so", needing("libc.so.6", {"GLIBC_2.38"})}});
  EXPECT_EQ(version_of(advise({"--with", "a"}), "a"), "2.0");
  const Ran ran = advise({"--with", "a", "--check-wheels", "--upgrade"});
  EXPECT_EQ(version_of(ran, "a"), "1.0") << ran.err;
  EXPECT_EQ(ran.exit_code, 0);
}

TEST_F(CheckWheels, WhatNoVersionCanDoWithoutIsToldWithItsRemedy) {
  release("opencv", "1.0", {{"cv2/cv2.abi3.so", needing("libGL.so.1")}});
  const Ran ran = advise({"--with", "opencv", "--check-wheels"});
  EXPECT_EQ(ran.exit_code, 4) << ran.err;
  const std::string told = nlohmann::json::parse(ran.out)["explanation"];
  EXPECT_NE(told.find("needs libGL.so.1, which this image lacks (apt-get install -y libgl1)"),
            std::string::npos)
      << told;
}

TEST_F(CheckWheels, ManyVersionsThatLackTheSameEndTheSearch) {
  for (int i = 1; i <= 25; ++i)
    release("opencv", std::to_string(i) + ".0", {{"cv2.so", needing("libGL.so.1")}});
  const Ran ran = advise({"--with", "opencv", "--check-wheels"});
  EXPECT_EQ(ran.exit_code, 6) << ran.err;
  EXPECT_NE(ran.err.find("libgl1"), std::string::npos) << ran.err;
}

TEST_F(CheckWheels, AWheelThatCannotBeReadIsNoCandidate) {
  release("a", "1.0", {{"a.so", needing("libc.so.6", {"GLIBC_2.17"})}});
  release("a", "2.0", {{"a.so", needing("libc.so.6").substr(0, 150)}});
  const Ran ran = advise({"--with", "a", "--check-wheels"});
  EXPECT_EQ(version_of(ran, "a"), "1.0") << ran.err;
}

TEST_F(CheckWheels, WhatAWheelNeedsIsReadOnce) {
  release("a", "1.0", {{"a.so", needing("libc.so.6", {"GLIBC_2.17"})}});
  advise({"--with", "a", "--check-wheels"});
  const auto before = server_.requests().size();
  const Ran ran = advise({"--with", "a", "--check-wheels"});
  EXPECT_EQ(version_of(ran, "a"), "1.0") << ran.err;
  EXPECT_EQ(server_.requests().size(), before);
}

TEST_F(CheckWheels, WheelsAreAskedTogether) {
  release("user", "1.0", {{"user/u.so", needing("libown.so.1")}}, {"library"});
  release("library", "1.0", {{"library/libown.so.1", ElfFile{.soname = "libown.so.1"}.bytes()}});
  const Ran ran = advise({"--with", "user", "--check-wheels"});
  EXPECT_EQ(version_of(ran, "user"), "1.0") << ran.err;
}

TEST_F(CheckWheels, WhatAnotherVersionOfAPackageBringsRulesOutTheStackOnly) {
  const auto own = [](const char* soname) {
    return std::map<std::string, std::string>{
        {std::string("library/") + soname, ElfFile{.soname = soname}.bytes()}};
  };
  release("user", "1.0", {{"user/u.so", needing("libown.so.1")}}, {"library"});
  release("library", "1.0", own("libown.so.1"));
  release("library", "2.0", own("libown.so.2"));
  const Ran ran = advise({"--with", "user", "--check-wheels"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(version_of(ran, "user"), "1.0") << ran.err;
  EXPECT_EQ(version_of(ran, "library"), "1.0") << ran.err;
  const Ran none = advise({"--with", "user", "--with", "library>=2", "--check-wheels"});
  EXPECT_EQ(none.exit_code, 4) << none.err;
  const std::string told = nlohmann::json::parse(none.out)["explanation"];
  EXPECT_NE(told.find("libown.so.1"), std::string::npos) << told;
}

TEST_F(CheckWheels, AVersionNodeThatAnotherPackageLacksRulesOutTheStackOnly) {
  const auto own = [](const char* node) {
    return std::map<std::string, std::string>{
        {"library/libown.so.1",
         ElfFile{.soname = "libown.so.1", .definitions = {"libown.so.1", node}}.bytes()}};
  };
  release("user", "1.0", {{"user/u.so", needing("libown.so.1", {"OWN_1"})}}, {"library"});
  release("library", "1.0", own("OWN_1"));
  release("library", "2.0", own("OWN_2"));
  const Ran ran = advise({"--with", "user", "--check-wheels"});
  EXPECT_EQ(version_of(ran, "library"), "1.0") << ran.err;
}

TEST_F(CheckWheels, AsAGateItLocksNothingAndLooksForNoOtherVersion) {
  release("opencv", "1.0", {{"cv2.so", needing("libc.so.6", {"GLIBC_2.17"})}});
  EXPECT_EQ(advise({"--with", "opencv", "--check-only", "-o", "pylock.toml"}).exit_code, 0);
  release("opencv", "2.0", {{"cv2.so", needing("libGL.so.1")}});
  const Ran ran = advise({"--with", "opencv", "--check-only", "-o", "pylock.toml", "--refresh"});
  EXPECT_EQ(ran.exit_code, 6) << ran.err;
  EXPECT_NE(ran.err.find("opencv 2.0 needs libGL.so.1, which this image lacks (apt-get install -y "
                         "libgl1)"),
            std::string::npos)
      << ran.err;
  EXPECT_FALSE(std::filesystem::exists(directory_ / "pylock.toml"));
}

TEST_F(CheckWheels, NeedsAnImage) {
  server_.add({.name = "a"});
  const Ran ran =
      run_program({"advise", "--with", "a", "--check-wheels", "--index-url", server_.url(),
                   "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"},
                  directory_.path());
  EXPECT_EQ(ran.exit_code, 6) << ran.err;
  EXPECT_NE(ran.err.find("--root"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace plugin::test
