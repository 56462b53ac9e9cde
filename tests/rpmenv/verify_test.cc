// After an installation: do modules find their libraries in this image, and is what is installed
// what was locked.
#include "rpmenv/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"

namespace {

using testing::HasSubstr;
using tests::ElfFile;
using tests::Image;

constexpr const char* kSite = "usr/lib/python3.9/site-packages/";

class Verify : public testing::Test {
 protected:
  void SetUp() override {
    image_.add_glibc("2.34");
    image_.add_python("3.9.18");
    image_.write("usr/bin/dnf", "#!/usr/bin/python3\n");
  }
  void module(const std::string& path, const ElfFile& file) {
    image_.write(kSite + path, file.bytes());
    image_.write(std::string(kSite) + "demo-1.0.dist-info/RECORD", path + ",sha256=x,1\n");
    image_.write(std::string(kSite) + "demo-1.0.dist-info/METADATA", "Name: demo\nVersion: 1.0\n");
  }
  rpmenv::Verification verify(std::vector<std::pair<std::string, std::string>> locked = {}) {
    return rpmenv::verify(*image_.root(), image_.inspect({.modules = true}), nullptr, locked);
  }
  Image image_;
};

TEST_F(Verify, AModuleThatFindsEverythingIsFine) {
  module("demo.abi3.so", {.needs = {{"libc.so.6", {"GLIBC_2.17"}}}});
  const auto result = verify();
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.modules, 1u);
}

TEST_F(Verify, AMissingLibraryNamesModuleDistributionAndRemedy) {
  module("cv2.abi3.so", {.needs = {{"libGL.so.1", {}}}});
  const auto result = verify();
  ASSERT_EQ(result.missing.size(), 1u);
  const auto& missing = result.missing[0];
  EXPECT_EQ(missing.distribution, "demo");
  EXPECT_EQ(missing.module, std::string(kSite) + "cv2.abi3.so");
  EXPECT_EQ(missing.library, "libGL.so.1");
  EXPECT_FALSE(missing.version);
  EXPECT_EQ(missing.capability, "libGL.so.1()(64bit)");
  EXPECT_EQ(missing.remedy, "dnf install -y mesa-libGL");
}

TEST_F(Verify, AnUnknownLibraryIsAskedForByItsCapability) {
  module("m.so", {.needs = {{"libstrange.so.7", {}}}});
  EXPECT_EQ(verify().missing.at(0).remedy, "dnf install -y 'libstrange.so.7()(64bit)'");
}

TEST_F(Verify, AMissingVersionNamesWhatTheImageHas) {
  module("m.so", {.needs = {{"libc.so.6", {"GLIBC_2.17", "GLIBC_2.38"}}}});
  const auto result = verify();
  ASSERT_EQ(result.missing.size(), 1u);
  EXPECT_EQ(result.missing[0].version, "GLIBC_2.38");
  EXPECT_THAT(result.missing[0].remedy, HasSubstr("up to GLIBC_2.17"));
}

TEST_F(Verify, BundledLibrariesAreFoundThroughTheRunPath) {
  image_.write(std::string(kSite) + "demo.libs/libb-1234.so.1",
               ElfFile{.soname = "libb-1234.so.1", .definitions = {"b", "B_1"}}.bytes());
  module("demo/m.so", {.needs = {{"libb-1234.so.1", {"B_1"}}}, .run_path = "$ORIGIN/../demo.libs"});
  EXPECT_TRUE(verify().ok());
}

TEST_F(Verify, ALibraryOfAnotherMachineDoesNotCount) {
  image_.write("usr/lib64/libx.so.1", ElfFile{.soname = "libx.so.1", .machine = 183}.bytes());
  module("m.so", {.needs = {{"libx.so.1", {}}}});
  EXPECT_EQ(verify().missing.size(), 1u);
}

TEST_F(Verify, LibrariesWithoutVersionsTakeAny) {
  image_.write("usr/lib64/libx.so.1", ElfFile{.soname = "libx.so.1"}.bytes());
  module("m.so", {.needs = {{"libx.so.1", {"X_1"}}}});
  EXPECT_TRUE(verify().ok());
}

TEST_F(Verify, ModulesOutsideOfUsrAreLookedAt) {
  image_.write("opt/app-root/pyvenv.cfg", "home = /usr/bin\nversion = 3.9.18\n");
  image_.link("/usr/bin/python3.9", "opt/app-root/bin/python3");
  image_.write("opt/app-root/lib/python3.9/site-packages/m.so",
               ElfFile{.needs = {{"libGL.so.1", {}}}}.bytes());
  EXPECT_EQ(verify().missing.at(0).module, "opt/app-root/lib/python3.9/site-packages/m.so");
}

TEST_F(Verify, InstalledIsComparedWithLocked) {
  module("m.so", {});
  const auto result = verify({{"Demo", "1.0.0"}, {"flask", "3.0.3"}});
  ASSERT_EQ(result.mismatched.size(), 1u) << "1.0 is 1.0.0, Demo is demo";
  EXPECT_EQ(result.mismatched[0].name, "flask");
  EXPECT_FALSE(result.mismatched[0].installed);
  EXPECT_EQ(verify({{"demo", "2.0"}}).mismatched.at(0).installed, "1.0");
}

TEST_F(Verify, JsonHasTheShapeOfTheContract) {
  module("m.so", {.needs = {{"libGL.so.1", {}}}});
  const auto document =
      nlohmann::json::parse(rpmenv::verification_json(verify({{"flask", "3.0.3"}})));
  EXPECT_EQ(document["schema"], "seshat.verify/1");
  EXPECT_EQ(document["ok"], false);
  EXPECT_EQ(document["missing"][0]["version"], nullptr);
  EXPECT_EQ(document["mismatched"][0]["installed"], nullptr);
  EXPECT_EQ(nlohmann::json::parse(rpmenv::verification_json({}))["ok"], true);
}

}  // namespace
