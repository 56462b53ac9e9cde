// `seshat verify LOCK`: locks of other tools hold more than is installed here.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/plugin/program.h"
#include "tests/rpmenv/elf_file.h"
#include "tests/support/distribution.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

struct VerifyRow {
  const char* name;
  const char* text;
  int exit_code;
};

constexpr const char* kPylock =
    "lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\nname = \"a\"\nversion = \"1.0\"\n"
    "[[packages]]\nname = \"w\"\nversion = \"1.0\"\n";

TEST(VerifyCommand, WhatALockHoldsForElsewhereIsNotMissing) {
  const std::string windows = std::string(kPylock) + "marker = \"sys_platform == 'win32'\"\n";
  const std::string here = std::string(kPylock) + "marker = \"sys_platform == 'linux'\"\n";
  const VerifyRow rows[] = {
      {"pylock.toml", windows.c_str(), 0},
      {"pylock.toml", here.c_str(), 11},
      {"pylock.toml", kPylock, 11},
      {"uv.lock",
       "[[package]]\nname = \"a\"\nversion = \"1.0\"\n[[package]]\nname = \"w\"\nversion = "
       "\"1.0\"\n",
       0},
      {"uv.lock", "[[package]]\nname = \"a\"\nversion = \"2.0\"\n", 11},
      {"poetry.lock",
       "[[package]]\nname = \"w\"\nversion = \"1.0\"\nmarkers = \"sys_platform == 'win32'\"\n", 0},
      {"pdm.lock",
       "[[package]]\nname = \"w\"\nversion = \"1.0\"\nmarker = \"sys_platform == 'win32'\"\n", 0},
      {"Pipfile.lock",
       "{\"_meta\": {}, \"default\": {\"a\": {\"version\": \"==1.0\"}, \"w\": {\"version\": "
       "\"==1.0\", \"markers\": \"os_name == 'nt'\"}}, \"develop\": {\"t\": {\"version\": "
       "\"==1.0\"}}}",
       0},
      {"r.txt", "a==1.0\nw==1.0 ; sys_platform == 'win32'\n", 0},
      {"r.txt", "a==1.0\nw==1.0\n", 11}};
  const support::TempDirectory root;
  root.write("etc/os-release", "ID=none\n");
  root.write("usr/bin/none", "");
  std::error_code failed;  // any program will do: it is not run
  std::filesystem::copy_file(SESHAT_PROGRAM, root / "usr/bin/python3.11", failed);
  ASSERT_FALSE(failed);
  root.write("usr/lib/python3.11/site-packages/a-1.0.dist-info/METADATA",
             "Metadata-Version: 2.1\nName: a\nVersion: 1.0\n");
  for (const VerifyRow& row : rows) {
    const support::TempDirectory directory;
    directory.write(row.name, row.text);
    const Ran ran = run_program({"verify", row.name, "--root", root.path(), "--python", "3.11"},
                                directory.path());
    EXPECT_EQ(ran.exit_code, row.exit_code) << row.name << "\n" << row.text << ran.out << ran.err;
  }
}

TEST(VerifyCommand, LooksAtWheelsBeforeTheyAreInstalled) {
  const support::TempDirectory directory;
  directory.write("root/etc/os-release", "ID=none\n");
  std::filesystem::create_directories(directory / "wheels");
  directory.write("wheels/a-1.0-cp311-cp311-linux_x86_64.whl",
                  support::make_archive(
                      "zip", {{"a.so", tests::ElfFile{.needs = {{"libc.so.6", {}}}}.bytes()}}));
  directory.write("wheels/b-1.0-py3-none-any.whl", support::make_archive("zip", {{"b.py", ""}}));
  Ran ran = run_program({"verify", "--wheels", "wheels", "--root", "root"}, directory.path());
  EXPECT_EQ(ran.exit_code, 11) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("libc.so.6"), std::string::npos) << ran.out;
  ran = run_program({"verify", "--wheels", "wheels", "--root", "root", "--check-only"},
                    directory.path());
  EXPECT_EQ(ran.exit_code, 11) << ran.out << ran.err;
  EXPECT_TRUE(ran.out.starts_with("install the package that holds ")) << ran.out;
  directory.write(
      "pylock.toml",
      "lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\nname = \"b\"\nversion = \"1.0\"\n"
      "[[packages.wheels]]\nname = \"b-1.0-py3-none-any.whl\"\nurl = "
      "\"https://pypi.example/b-1.0-py3-none-any.whl\"\n"
      "hashes = {sha256 = \"" +
          std::string(64, '0') + "\"}\n");
  ran = run_program({"verify", "pylock.toml", "--wheels", "wheels", "--root", "root"},
                    directory.path());
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  std::filesystem::create_directories(directory / "none");
  ran = run_program({"verify", "pylock.toml", "--wheels", "none", "--root", "root"},
                    directory.path());
  EXPECT_EQ(ran.exit_code, 11) << ran.out << ran.err;
  ran = run_program({"verify", "--wheels", "nowhere", "--root", "root"}, directory.path());
  EXPECT_EQ(ran.exit_code, 2) << ran.out << ran.err;
}

}  // namespace
}  // namespace plugin::test
