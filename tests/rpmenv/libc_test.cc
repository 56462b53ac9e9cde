// The C library of an image and its release.
#include "rpmenv/libc.h"

#include <gtest/gtest.h>

#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"
#include "tests/rpmenv/rpm_file.h"

namespace {

using rpmenv::LibcFamily;
using tests::Image;

struct Banner {
  const char *text, *release;
};
class GlibcRelease : public testing::TestWithParam<Banner> {};
TEST_P(GlibcRelease, ComesFromTheBanner) {
  EXPECT_EQ(rpmenv::glibc_release(GetParam().text), GetParam().release);
}
INSTANTIATE_TEST_SUITE_P(
    Table, GlibcRelease,
    testing::Values(
        Banner{"GNU C Library (Debian GLIBC 2.36-9+deb12u10) stable release version 2.36.\n",
               "2.36"},
        Banner{"GNU C Library (GNU libc) stable release version 2.17, by Roland McGrath et al.\n",
               "2.17"},
        Banner{"GNU C Library stable release version 2.11.1 (20100118), by Roland", "2.11.1"},
        Banner{"GNU C Library (GNU libc) development release version 2.35.9000.\n", "2.35.9000"},
        Banner{"The GNU C Library is free software", ""}, Banner{"", ""}));

TEST(MuslRelease, IsAStringOfItsOwn) {
  EXPECT_EQ(rpmenv::musl_release(std::string("x\0001.2.3\0y", 10)), "1.2.3");
  EXPECT_EQ(rpmenv::musl_release(std::string("\0001.2.5-git-3-gabc\0", 18)), "1.2.5");
  EXPECT_EQ(rpmenv::musl_release("1.2.3"), "");
}

TEST(Libc, SparseNodesDoNotDecideTheRelease) {
  const Image image;
  image.add_glibc("2.31");  // its last node is GLIBC_2.17
  const auto facts = image.inspect();
  EXPECT_EQ(facts.libc.family, LibcFamily::kGlibc);
  EXPECT_EQ(facts.libc.version, "2.31");
  EXPECT_EQ(facts.architecture, "x86_64");
}

TEST(Libc, MuslIsFoundByItsLoader) {
  const Image image;
  tests::ElfFile musl{.soname = "libc.musl-x86_64.so.1"};
  musl.text = std::string("\0001.2.4\0", 7);
  image.write("lib/ld-musl-x86_64.so.1", musl.bytes());
  const auto facts = image.inspect();
  EXPECT_EQ(facts.libc.family, LibcFamily::kMusl);
  EXPECT_EQ(facts.libc.version, "1.2.4");
}

TEST(Libc, TheInterpretersLoaderDecidesBetweenTwo) {
  const Image image;
  image.add_glibc();
  tests::ElfFile musl{.soname = "libc.musl-x86_64.so.1"};
  musl.text = std::string("\0001.2.4\0", 7);
  image.write("usr/lib/ld-musl-x86_64.so.1", musl.bytes());
  EXPECT_EQ(image.inspect().libc.family, LibcFamily::kGlibc);
  image.write("usr/bin/python3.11", tests::ElfFile{.loader = "/lib/ld-musl-x86_64.so.1"}.bytes());
  EXPECT_EQ(image.inspect().libc.family, LibcFamily::kMusl);
}

TEST(Libc, NoneIsSaid) {
  const Image image;
  image.write("etc/os-release", "ID=scratch\n");
  EXPECT_EQ(image.inspect().libc.family, LibcFamily::kNone);
}

TEST(Libc, APackageThatContradictsIsAWarning) {
  const Image image;
  image.add_glibc("2.34");
  tests::write_sqlite(
      image.path("var/lib/rpm/rpmdb.sqlite"),
      {tests::RpmHeader{.name = "glibc", .version = "2.28", .files = {"/usr/lib64/libc.so.6"}}
           .blob()});
  const auto facts = image.inspect();
  EXPECT_EQ(facts.libc.version, "2.34");
  ASSERT_FALSE(facts.warnings.empty());
  EXPECT_NE(facts.warnings.back().find("glibc-2.28"), std::string::npos) << facts.warnings.back();
}

}  // namespace
