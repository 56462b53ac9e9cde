// Interpreters, virtual environments and distributions, none of which is run.
#include "rpmenv/python.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"
#include "tests/rpmenv/rpm_file.h"

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::ElfFile;
using tests::Image;

const rpmenv::Interpreter* python(const rpmenv::Facts& facts, const std::string& path) {
  for (const auto& one : facts.pythons) {
    if (one.path == path) return &one;
  }
  return nullptr;
}

TEST(Python, VersionFromTheProgram) {
  const Image image;
  image.add_glibc("2.34");
  image.add_python("3.9.18");
  const auto facts = image.inspect();
  ASSERT_EQ(facts.pythons.size(), 1u);
  const auto& found = facts.pythons[0];
  EXPECT_EQ(found.path, "usr/bin/python3.9");
  EXPECT_EQ(found.version, "3.9.18");
  EXPECT_EQ(found.abi, "cp39");
  EXPECT_TRUE(found.is_default);
  EXPECT_THAT(found.links, ElementsAre("usr/bin/python3"));
  EXPECT_THAT(found.platforms, Contains("manylinux_2_34_x86_64"));
}

TEST(Python, VersionFromPatchlevel) {
  const Image image;
  image.write("usr/local/bin/python3.12", ElfFile{}.bytes());
  image.write("usr/local/include/python3.12/patchlevel.h",
              "#define PY_MAJOR_VERSION 3\n#define PY_VERSION              \"3.12.4\"\n");
  EXPECT_EQ(image.inspect().pythons.at(0).version, "3.12.4");
}

TEST(Python, VersionFromTheOwner) {
  const Image image;
  image.write("usr/bin/python3.6", ElfFile{}.bytes());
  tests::write_sqlite(
      image.path("var/lib/rpm/rpmdb.sqlite"),
      {tests::RpmHeader{.name = "python3", .version = "3.6.8", .files = {"/usr/bin/python3.6"}}
           .blob()});
  const auto facts = image.inspect();
  EXPECT_EQ(facts.pythons.at(0).version, "3.6.8");
  EXPECT_EQ(facts.pythons[0].abi, "cp36m");
  EXPECT_EQ(facts.pythons[0].owner, "python3-3.6.8-1.el9.x86_64");
}

TEST(Python, VersionFromItsLibrary) {
  const Image image;
  image.write("usr/local/bin/python3.11", ElfFile{.needs = {{"libpython3.11.so.1.0", {}}}}.bytes());
  ElfFile library{.soname = "libpython3.11.so.1.0"};
  library.text = std::string("\0003.11.9\0", 8);
  image.write("usr/local/lib/libpython3.11.so.1.0", library.bytes());
  EXPECT_EQ(image.inspect().pythons.at(0).version, "3.11.9");
}

TEST(Python, UnknownPatchLevelStaysUnknown) {
  const Image image;
  image.write("usr/bin/python3.10", ElfFile{}.bytes());
  EXPECT_EQ(image.inspect().pythons.at(0).version, "3.10");
}

TEST(Python, FreeThreadedBuild) {
  const Image image;
  image.write("usr/bin/python3.13t", ElfFile{}.bytes());
  EXPECT_EQ(image.inspect().pythons.at(0).abi, "cp313t");
}

TEST(Python, HardLinksAreOneInterpreter) {
  const Image image;
  image.write("usr/bin/python3.6m", ElfFile{}.bytes());
  ASSERT_EQ(
      ::link(image.path("usr/bin/python3.6m").c_str(), image.path("usr/bin/python3.6").c_str()), 0);
  const auto facts = image.inspect();
  ASSERT_EQ(facts.pythons.size(), 1u);
  EXPECT_EQ(facts.pythons[0].path, "usr/bin/python3.6");
  EXPECT_EQ(facts.pythons[0].abi, "cp36m");
}

TEST(Python, ScriptsAndConfigProgramsAreNone) {
  const Image image;
  image.write("usr/bin/python3", "#!/bin/sh\n");
  image.write("usr/bin/python3.9-config", ElfFile{}.bytes());
  image.write("usr/bin/python3.9-gdb.py", ElfFile{}.bytes());
  const auto facts = image.inspect();
  EXPECT_TRUE(facts.pythons.empty());
  EXPECT_THAT(facts.warnings, Contains(HasSubstr("no Python")));
}

TEST(Python, ExternallyManagedIsSeen) {
  const Image image;
  image.add_python("3.11.2");
  image.write("usr/lib/python3.11/EXTERNALLY-MANAGED", "[externally-managed]\n");
  EXPECT_TRUE(image.inspect().pythons.at(0).externally_managed);
}

TEST(Python, DefaultFollowsThePath) {
  const Image image;
  image.add_python("3.9.18");
  image.write("usr/local/bin/python3.12", ElfFile{}.bytes());
  image.link("python3.12", "usr/local/bin/python3");
  EXPECT_TRUE(python(image.inspect(), "usr/local/bin/python3.12")->is_default)
      << "usr/local comes first";
  EXPECT_TRUE(
      python(image.inspect({.search_path = {"/usr/bin"}}), "usr/bin/python3.9")->is_default);
}

TEST(Python, VirtualEnvironment) {
  const Image image;
  image.add_python("3.9.18");
  image.write("opt/app-root/pyvenv.cfg",
              "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.9.18\n");
  image.link("/usr/bin/python3.9", "opt/app-root/bin/python3.9");
  image.link("python3.9", "opt/app-root/bin/python3");
  image.write("opt/app-root/lib/python3.9/site-packages/flask-3.0.3.dist-info/METADATA",
              "Metadata-Version: 2.1\nName: Flask\nVersion: 3.0.3\n\nName: no\n");
  const auto facts = image.inspect();
  const auto* found = python(facts, "opt/app-root/bin/python3");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->version, "3.9.18");
  EXPECT_TRUE(found->is_default);
  ASSERT_EQ(facts.distributions.size(), 1u);
  EXPECT_EQ(facts.distributions[0].name, "Flask");
  EXPECT_EQ(facts.distributions[0].location, "opt/app-root/lib/python3.9/site-packages");
}

TEST(Python, EnvironmentWithoutItsInterpreterIsAWarning) {
  const Image image;
  image.write("opt/venv/pyvenv.cfg", "home = /nowhere\nversion = 3.9.18\n");
  image.link("/nowhere/python3", "opt/venv/bin/python3");
  EXPECT_THAT(image.inspect().warnings, Contains(HasSubstr("opt/venv")));
}

TEST(Distributions, OfAllKinds) {
  const Image image;
  image.add_python("3.9.18");
  const std::string site = "usr/lib/python3.9/site-packages/";
  image.write(site + "pip-21.2.3.dist-info/METADATA", "Name: pip\nVersion: 21.2.3\n");
  image.write(site + "pip-21.2.3.dist-info/INSTALLER", "rpm\n");
  image.write(site + "six-1.16.0-py3.9.egg-info", "Name: six\nVersion: 1.16.0\n");
  image.write(site + "old-1.0.egg-info/PKG-INFO", "Name: old\nVersion: 1.0\n");
  image.write(site + "broken-2.0.dist-info/METADATA", "");
  image.directory(site + "remains-1.0.dist-info");
  image.write("usr/local/lib/python3.9/site-packages/local-1.0.dist-info/METADATA",
              "Name: local\nVersion: 1.0\n");
  std::string found;
  for (const auto& one : image.inspect().distributions)
    found +=
        one.name + "==" + one.version + (one.installer.empty() ? "" : "@" + one.installer) + " ";
  EXPECT_EQ(found, "broken==2.0 local==1.0 old==1.0 pip==21.2.3@rpm six==1.16.0 ");
}

TEST(Distributions, AHugeMetadataFileIsAWarningAndItsNameStays) {
  const Image image;
  image.add_python("3.9.18");
  const std::string path = "usr/lib/python3.9/site-packages/big-1.5.dist-info/METADATA";
  image.write(path, "Name: big\n");
  ASSERT_EQ(truncate(image.path(path).c_str(), off_t{2} << 30), 0);
  const auto facts = image.inspect();
  EXPECT_EQ(facts.distributions.at(0).version, "1.5");
  EXPECT_THAT(facts.warnings, Contains(HasSubstr("big-1.5")));
}

TEST(PythonVersionText, Leading) {
  EXPECT_EQ(rpmenv::leading_python_version("3.11.2 (main)"), "3.11.2");
  EXPECT_EQ(rpmenv::leading_python_version("3.13.0rc2+"), "3.13.0rc2");
  EXPECT_EQ(rpmenv::leading_python_version("3.9.18.final.0"), "3.9.18");
  EXPECT_EQ(rpmenv::leading_python_version("3.9"), "");
}

// Interpreters that no distribution put there, by the places of the tools that did.
TEST(Python, OfVersionManagersUvCondaAndPyPyAreFound) {
  struct Row {
    const char *path, *version, *implementation, *abi;
  };
  for (const Row& row :
       {Row{"root/.pyenv/versions/3.11.7/bin/python3.11", "3.11", "cpython", "cp311"},
        Row{"home/u/.pyenv/versions/3.11.7/bin/python3.11", "3.11", "cpython", "cp311"},
        Row{"root/.local/share/uv/python/cpython-3.12.5-linux-x86_64-gnu/bin/python3.12", "3.12",
            "cpython", "cp312"},
        Row{"opt/conda/bin/python3.11", "3.11", "cpython", "cp311"},
        Row{"root/miniconda3/bin/python3.11", "3.11", "cpython", "cp311"},
        Row{"usr/local/bin/python3.13t", "3.13", "cpython", "cp313t"},
        Row{"opt/pypy/bin/pypy3.10", "3.10", "pypy", "pypy310_pp73"}}) {
    const Image image;
    image.write(row.path, ElfFile{}.bytes());
    const auto facts = image.inspect();
    ASSERT_EQ(facts.pythons.size(), 1u) << row.path;
    EXPECT_EQ(facts.pythons[0].path, row.path);
    EXPECT_EQ(facts.pythons[0].version, row.version) << row.path;
    EXPECT_EQ(facts.pythons[0].implementation, row.implementation) << row.path;
    EXPECT_EQ(facts.pythons[0].abi, row.abi) << row.path;
    EXPECT_EQ(facts.pythons[0].is_default, facts.pythons[0].implementation == "cpython");
  }
}

TEST(Python, TheBaseOfAnEnvironmentIsNoRivalOfIt) {
  const Image image;
  const std::string base = "root/.local/share/uv/python/cpython-3.12.5-linux-x86_64-gnu/bin/";
  image.write(base + "python3.12", ElfFile{}.bytes());
  image.write("app/.venv/pyvenv.cfg", "home = /" + base + "\nversion_info = 3.12.5\n");
  image.link("/" + base + "python3.12", "app/.venv/bin/python3");
  const auto facts = image.inspect();
  ASSERT_EQ(facts.pythons.size(), 2u);
  EXPECT_EQ(facts.pythons[0].path, "app/.venv/bin/python3");
  EXPECT_TRUE(facts.pythons[0].is_default);
  EXPECT_EQ(facts.pythons[0].version, "3.12.5");
}

}  // namespace
