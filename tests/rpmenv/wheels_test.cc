// Before an installation: would the libraries in these wheels find theirs in this image?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rpmenv/verify.h"
#include "rpmenv/wheel_libraries.h"
#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"
#include "tests/support/distribution.h"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::ElfFile;
using tests::Image;

constexpr const char* kSite = "usr/lib/python3.9/site-packages";

class Wheels : public testing::Test {
 protected:
  void SetUp() override {
    image_.add_glibc("2.34");
    image_.add_python("3.9.18");
    image_.write("usr/bin/dnf", "#!/usr/bin/python3\n");
  }
  std::string wheel(const std::string& name,
                    const std::vector<std::pair<std::string, std::string>>& files) {
    const std::string file = name + "-1.0-cp39-cp39-manylinux_2_17_x86_64.whl";
    place_.write(file, support::make_archive("zip", files));
    return place_ / file;
  }
  rpmenv::Verification verify(const std::vector<std::string>& paths,
                              rpmenv::WheelScope scope = rpmenv::WheelScope::kAll) {
    std::vector<rpmenv::WheelLibraries> wheels;
    for (const std::string& path : paths) {
      auto read = rpmenv::wheel_libraries(path, kSite);
      EXPECT_TRUE(read) << (read ? "" : read.error().what);
      if (read) wheels.push_back(*std::move(read));
    }
    return rpmenv::verify_wheels(*image_.root(), image_.inspect(), nullptr, wheels, scope);
  }
  Image image_;
  support::TempDirectory place_;
};

TEST_F(Wheels, LibrariesLieWhereTheInstallerPutsThem) {
  const std::string elf = ElfFile{.soname = "a.so"}.bytes();
  const auto read = rpmenv::wheel_libraries(
      wheel("demo", {{"demo/a.so", elf},
                     {"demo-1.0.data/platlib/demo/b.cpython-39-x86_64-linux-gnu.so", elf},
                     {"demo-1.0.data/data/lib/c.so", elf},
                     {"demo.libs/libd-12.so.1.2", elf},
                     {"demo/linker.so", "INPUT(liba.so)"},
                     {"demo/some.sources.txt", elf}}),
      kSite);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->distribution, "demo");
  std::vector<std::string> paths;
  for (const auto& library : read->libraries) paths.push_back(library.path);
  EXPECT_THAT(paths, ElementsAre(std::string(kSite) + "/demo/a.so",
                                 std::string(kSite) + "/demo/b.cpython-39-x86_64-linux-gnu.so",
                                 std::string(kSite) + "/demo.libs/libd-12.so.1.2"));
}

TEST_F(Wheels, WhatTheImageLacksIsToldWithItsRemedy) {
  const auto found = verify({wheel(
      "opencv_python", {{"cv2/cv2.abi3.so", ElfFile{.needs = {{"libGL.so.1", {}}}}.bytes()}})});
  ASSERT_EQ(found.missing.size(), 1U);
  EXPECT_EQ(found.missing[0].distribution, "opencv_python");
  EXPECT_EQ(found.missing[0].library, "libGL.so.1");
  EXPECT_EQ(found.missing[0].remedy, "dnf install -y mesa-libGL");
}

TEST_F(Wheels, ANewerLibcThanTheImageHas) {
  const auto found = verify(
      {wheel("demo", {{"m.so", ElfFile{.needs = {{"libc.so.6", {"GLIBC_2.38"}}}}.bytes()}})});
  ASSERT_EQ(found.missing.size(), 1U);
  EXPECT_EQ(found.missing[0].version, "GLIBC_2.38");
  EXPECT_THAT(found.missing[0].remedy, HasSubstr("up to GLIBC_2.17"));
}

TEST_F(Wheels, WhatAWheelBundlesIsThere) {
  const auto found = verify({wheel(
      "demo",
      {{"demo/m.so",
        ElfFile{.needs = {{"libb-12.so.1", {"B_1"}}}, .run_path = "$ORIGIN/../demo.libs"}.bytes()},
       {"demo.libs/libb-12.so.1",
        ElfFile{.soname = "libb-12.so.1", .definitions = {"b", "B_1"}}.bytes()}})});
  EXPECT_TRUE(found.ok());
  EXPECT_EQ(found.modules, 2U);
}

TEST_F(Wheels, WhatAnotherWheelBringsIsThere) {
  const std::string user =
      wheel("torch", {{"torch/lib/libt.so", ElfFile{.needs = {{"libcublas.so.12", {}}},
                                                    .run_path = "$ORIGIN/../../nvidia/cublas/lib"}
                                                .bytes()}});
  const std::string library =
      wheel("nvidia_cublas_cu12",
            {{"nvidia/cublas/lib/libcublas.so.12", ElfFile{.soname = "libcublas.so.12"}.bytes()}});
  EXPECT_FALSE(verify({user}).ok());
  EXPECT_TRUE(verify({user, library}).ok());
}

TEST_F(Wheels, OnlyWhatAnImportLoadsMayBeAskedFor) {
  const std::string path = wheel(
      "cv2", {{"cv2/cv2.abi3.so",
               ElfFile{.needs = {{"libqt-1.so.5", {}}}, .run_path = "$ORIGIN/../cv2.libs"}.bytes()},
              {"cv2.libs/libqt-1.so.5",
               ElfFile{.soname = "libqt-1.so.5", .needs = {{"libGL.so.1", {}}}}.bytes()},
              {"cv2/qt/plugins/libqxcb.so", ElfFile{.needs = {{"libX11.so.6", {}}}}.bytes()}});
  EXPECT_EQ(verify({path}).missing.size(), 2U);
  const auto found = verify({path}, rpmenv::WheelScope::kImported);
  ASSERT_EQ(found.missing.size(), 1U);
  EXPECT_EQ(found.missing[0].library, "libGL.so.1");
  EXPECT_EQ(found.modules, 2U);
}

TEST_F(Wheels, PureOnesNeedNothing) {
  const auto found = verify({wheel("demo", {{"demo/__init__.py", ""}})});
  EXPECT_TRUE(found.ok());
  EXPECT_EQ(found.modules, 0U);
}

TEST_F(Wheels, ADamagedWheelIsAnErrorThatNamesIt) {
  std::string bytes =
      support::make_archive("zip", {{"m.so", ElfFile{.text = std::string(100000, 'x')}.bytes()}});
  place_.write("demo-1.0-py3-none-any.whl", bytes.substr(0, bytes.size() / 2));
  place_.write("none-1.0-py3-none-any.whl", "no zip file");
  for (const char* name :
       {"demo-1.0-py3-none-any.whl", "none-1.0-py3-none-any.whl", "absent-1.0-py3-none-any.whl"}) {
    const auto read = rpmenv::wheel_libraries(place_ / name, kSite);
    ASSERT_FALSE(read) << name;
    EXPECT_THAT(read.error().what, HasSubstr(name));
  }
}

}  // namespace
