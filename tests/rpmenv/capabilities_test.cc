// One pool of RPMs and facts, asked in RPM's own spelling.
#include "rpmenv/capabilities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"
#include "tests/rpmenv/rpm_file.h"

namespace {

using testing::ElementsAre;
using tests::Image;
using tests::RpmHeader;

constexpr std::uint32_t kLess = 2, kGreater = 4, kEqual = 8;

class Capabilities : public testing::Test {
 protected:
  void SetUp() override {
    image_.add_glibc("2.34");
    image_.add_python("3.9.18");
    tests::write_sqlite(
        image_.path("var/lib/rpm/rpmdb.sqlite"),
        {RpmHeader{.name = "git",
                   .version = "2.39.1",
                   .files = {"/usr/bin/git"},
                   .provides = {{"scm", "1:5", kEqual}},
                   .requirements = {{"libc.so.6(GLIBC_2.17)(64bit)", "", 0},
                                    {"rpmlib(X)", "4", kLess | kEqual}}}
             .blob(),
         RpmHeader{.name = "glibc", .version = "2.34", .files = {"/usr/lib64/libc-2.34.so"}}
             .blob()});
    facts_ = image_.inspect();
  }
  rpmenv::SolvPool pool() { return rpmenv::pool_of(*image_.root(), facts_); }

  Image image_;
  rpmenv::Facts facts_;
};

TEST_F(Capabilities, OfPackages) {
  const auto pool = this->pool();
  EXPECT_THAT(pool.providers("git"), ElementsAre("git-2.39.1-1.el9.x86_64"));
  EXPECT_TRUE(pool.provides("git >= 2.30"));
  EXPECT_FALSE(pool.provides("git >= 2.40"));
  EXPECT_TRUE(pool.provides("scm > 1:4"));
  EXPECT_FALSE(pool.provides("scm < 1:5"));
  EXPECT_THAT(pool.providers("/usr/bin/git"), ElementsAre("git-2.39.1-1.el9.x86_64"));
  EXPECT_FALSE(pool.provides("/usr/bin/hg"));
  EXPECT_FALSE(pool.provides("never-heard-of"));
  EXPECT_EQ(pool.size(), 3u);
}

TEST_F(Capabilities, OfFiles) {
  const auto pool = this->pool();
  EXPECT_TRUE(pool.provides("libc.so.6()(64bit)"));
  EXPECT_TRUE(pool.provides("libc.so.6(GLIBC_2.17)(64bit)"));
  EXPECT_FALSE(pool.provides("libc.so.6(GLIBC_2.28)(64bit)"));
  EXPECT_FALSE(pool.provides("libc.so.6(GLIBC_PRIVATE)(64bit)"));
  EXPECT_TRUE(pool.provides("python(abi) = 3.9"));
  EXPECT_FALSE(pool.provides("python(abi) = 3.10"));
  EXPECT_TRUE(pool.provides("glibc-abi >= 2.28"));
}

TEST_F(Capabilities, MissingKeepsTheOrderOfTheQuestion) {
  const std::vector<std::string> wanted = {"libGL.so.1()(64bit)", "git", "cuda >= 11",
                                           "libc.so.6(GLIBC_2.28)(64bit)"};
  EXPECT_THAT(pool().missing(wanted),
              ElementsAre("libGL.so.1()(64bit)", "cuda >= 11", "libc.so.6(GLIBC_2.28)(64bit)"));
}

TEST_F(Capabilities, InsteadOfNamesTheNewestNodeAndItsPackage) {
  EXPECT_EQ(rpmenv::instead_of(facts_, "libc.so.6(GLIBC_2.28)(64bit)"),
            "this image has up to GLIBC_2.17 (glibc-2.34-1.el9.x86_64)");
  EXPECT_EQ(rpmenv::instead_of(facts_, "libGL.so.1()(64bit)"), "this image has no libGL.so.1");
}

TEST_F(Capabilities, NeededByAFile) {
  const rpmenv::Library module{.soname = "",
                               .machine = "x86_64",
                               .needs = {{"libGL.so.1", {}}, {"libc.so.6", {"GLIBC_2.28"}}}};
  EXPECT_THAT(
      rpmenv::capabilities_needed(module),
      ElementsAre("libGL.so.1()(64bit)", "libc.so.6()(64bit)", "libc.so.6(GLIBC_2.28)(64bit)"));
}

TEST(CapabilitySpelling, Of32BitLibraries) {
  EXPECT_EQ(rpmenv::library_capability("libc.so.6", "", 32), "libc.so.6");
  EXPECT_EQ(rpmenv::library_capability("libc.so.6", "GLIBC_2.0", 32), "libc.so.6(GLIBC_2.0)");
}

TEST(CapabilitiesOfOtherImages, WithoutAnyPackageDatabase) {
  const Image image;
  image.add_glibc();
  const auto pool = rpmenv::pool_of(*image.root(), image.inspect());
  EXPECT_TRUE(pool.provides("libc.so.6()(64bit)"));
}

TEST(CapabilitiesOfOtherImages, LibrariesOfAnotherMachineDoNotCount) {
  const Image image;
  image.add_glibc();
  image.write("usr/lib64/libarm.so.1",
              tests::ElfFile{.soname = "libarm.so.1", .machine = 183}.bytes());
  image.write("usr/lib64/plugins/libplugin.so.1",
              tests::ElfFile{.soname = "libplugin.so.1"}.bytes());
  const auto pool = rpmenv::pool_of(*image.root(), image.inspect());
  EXPECT_FALSE(pool.provides("libarm.so.1()(64bit)"));
  EXPECT_FALSE(pool.provides("libplugin.so.1()(64bit)")) << "the loader does not look there";
}

}  // namespace
