// The loader's directories and the libraries in an image.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "rpmenv/loader.h"
#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::ElfFile;
using tests::Image;

std::string library(const std::string& soname) {
  return ElfFile{.soname = soname, .definitions = {soname, "V_1"}}.bytes();
}

const rpmenv::Library* find(const rpmenv::Facts& facts, const std::string& path) {
  for (const auto& one : facts.libraries) {
    if (one.path == path) return &one;
  }
  return nullptr;
}

TEST(LoaderDirectories, ConfigurationComesFirstThenDefaults) {
  const Image image;
  for (const char* path : {"opt/a", "opt/b", "opt/c", "usr/lib64", "usr/lib/x86_64-linux-gnu"})
    image.directory(path);
  image.write("etc/ld.so.conf",
              "# own\n/opt/a\ninclude ld.so.conf.d/*.conf\n/nowhere\nhwcap 1 nosegneg\n");
  image.write("etc/ld.so.conf.d/b.conf", "/opt/b:/opt/c\n");
  image.write("etc/ld.so.conf.d/ignored.txt", "/opt\n");
  image.link("usr/lib64", "lib64");
  EXPECT_THAT(
      rpmenv::loader_directories(*image.root()),
      ElementsAre("opt/a", "opt/b", "opt/c", "usr/lib64", "usr/lib", "usr/lib/x86_64-linux-gnu"));
}

TEST(LoaderDirectories, OfTheDefaultsThoseCountThatTheImagesLoaderHasBuiltIn) {
  const Image image;
  for (const char* path : {"usr/lib64", "usr/lib/x86_64-linux-gnu", "usr/local/lib"})
    image.directory(path);
  image.link("usr/lib64", "lib64");
  image.link("usr/lib", "lib");
  const auto built_in = [](const std::string& directories) {
    return ElfFile{.soname = "ld-linux-x86-64.so.2", .text = directories}.bytes();
  };
  using namespace std::string_literals;
  image.write("usr/lib64/ld-linux-x86-64.so.2", built_in("\0/lib64/\0/usr/lib64/\0"s));
  EXPECT_THAT(rpmenv::loader_directories(*image.root()), ElementsAre("usr/lib64"));
  image.write(
      "usr/lib64/ld-linux-x86-64.so.2",
      built_in("\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0"s));
  EXPECT_THAT(rpmenv::loader_directories(*image.root()),
              ElementsAre("usr/lib", "usr/lib/x86_64-linux-gnu"));
}

TEST(LoaderDirectories, OfMuslAreItsOwn) {
  const Image image;
  for (const char* path : {"usr/lib", "usr/local/lib", "opt/x"}) image.directory(path);
  image.write("lib/ld-musl-x86_64.so.1", "");
  EXPECT_THAT(rpmenv::loader_directories(*image.root()),
              ElementsAre("lib", "usr/local/lib", "usr/lib"));
  image.write("etc/ld-musl-x86_64.path", "/opt/x\n");
  EXPECT_THAT(rpmenv::loader_directories(*image.root()), ElementsAre("opt/x", "lib", "usr/lib"));
}

TEST(LoaderDirectories, ConfigurationThatIncludesItselfEnds) {
  const Image image;
  image.write("etc/ld.so.conf", "include /etc/ld.so.conf\n");
  EXPECT_TRUE(rpmenv::loader_directories(*image.root()).empty());
}

TEST(Libraries, OnceWithTheirLinks) {
  const Image image;
  image.write("usr/lib64/liba.so.1.2", library("liba.so.1"));
  image.link("liba.so.1.2", "usr/lib64/liba.so.1");
  image.link("/usr/lib64/liba.so.1", "usr/lib64/liba.so");
  ASSERT_EQ(::link(image.path("usr/lib64/liba.so.1.2").c_str(),
                   image.path("usr/lib64/libhard.so").c_str()),
            0);
  const auto facts = image.inspect();
  ASSERT_EQ(facts.libraries.size(), 1u);
  EXPECT_THAT(facts.libraries[0].links,
              ElementsAre("usr/lib64/liba.so", "usr/lib64/liba.so.1", "usr/lib64/libhard.so"));
  EXPECT_THAT(facts.libraries[0].defines, ElementsAre("V_1"));
}

TEST(Libraries, ThoseOutsideOfTheLoadersPathAreMarked) {
  const Image image;
  image.write("usr/lib64/plugins/libp.so", library("libp.so"));
  image.write("usr/lib64/blas/libblas.so.3", library("libblas.so.3"));
  image.link("/etc/alternatives/libblas", "usr/lib64/libblas.so.3");
  image.link("/usr/lib64/blas/libblas.so.3", "etc/alternatives/libblas");
  const auto facts = image.inspect();
  EXPECT_FALSE(find(facts, "usr/lib64/plugins/libp.so")->in_loader_path);
  EXPECT_TRUE(find(facts, "usr/lib64/blas/libblas.so.3")->in_loader_path) << "through a link";
}

TEST(Libraries, ExtensionModulesOnlyOnRequest) {
  const Image image;
  image.write("usr/lib/python3.9/site-packages/a.abi3.so", ElfFile{}.bytes());
  EXPECT_TRUE(image.inspect().libraries.empty());
  EXPECT_EQ(image.inspect({.modules = true}).libraries.size(), 1u);
}

TEST(Libraries, DamagedFilesAreNamedAndScriptsAreNot) {
  const Image image;
  image.write("usr/lib64/libcut.so.1", library("libcut.so.1").substr(0, 100));
  image.write("usr/lib64/libscript.so", "/* GNU ld script */ GROUP ( libc.so.6 )");
  image.fifo("usr/lib64/libfifo.so");
  const auto facts = image.inspect();
  EXPECT_TRUE(facts.libraries.empty());
  EXPECT_THAT(facts.warnings, Contains(HasSubstr("libcut.so.1")));
  EXPECT_THAT(facts.warnings, testing::Not(Contains(HasSubstr("libscript"))));
}

TEST(Libraries, DirectoryLoopsEnd) {
  const Image image;
  image.write("usr/lib64/liba.so.1", library("liba.so.1"));
  image.link(".", "usr/lib64/self");
  image.link("/usr", "usr/lib64/up");
  EXPECT_EQ(image.inspect().libraries.size(), 1u);
}

TEST(Libraries, OfTheInterpretersRunPath) {
  const Image image;
  image.write("opt/py/bin/python3.12", ElfFile{.run_path = "$ORIGIN/../lib"}.bytes());
  image.write("opt/py/lib/libpython3.12.so.1.0", library("libpython3.12.so.1.0"));
  EXPECT_NE(find(image.inspect(), "opt/py/lib/libpython3.12.so.1.0"), nullptr);
}

}  // namespace
