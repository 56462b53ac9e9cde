// Unpacking a source archive: what it may write, and where.
#include "resolver/index/source_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "resolver/index/wheel.h"
#include "tests/support/temp_directory.h"

namespace resolver::index {
namespace {

struct Member {
  std::string path;
  std::string text;
  std::string link;  // a symbolic link if it is not empty
};

std::string tar_of(const std::vector<Member>& members) {
  std::string bytes(1 << 20, '\0');
  std::size_t used = 0;
  const std::unique_ptr<archive, decltype(&archive_write_free)> out(archive_write_new(),
                                                                    &archive_write_free);
  archive_write_set_format_ustar(out.get());
  archive_write_open_memory(out.get(), bytes.data(), bytes.size(), &used);
  for (const Member& member : members) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              &archive_entry_free);
    archive_entry_set_pathname(entry.get(), member.path.c_str());
    archive_entry_set_perm(entry.get(), 0755);
    archive_entry_set_filetype(entry.get(), member.link.empty() ? AE_IFREG : AE_IFLNK);
    if (!member.link.empty()) archive_entry_set_symlink(entry.get(), member.link.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.text.size()));
    archive_write_header(out.get(), entry.get());
    archive_write_data(out.get(), member.text.data(), member.text.size());
  }
  archive_write_close(out.get());
  bytes.resize(used);
  return bytes;
}

TEST(UnpackSource, WritesFilesDirectoriesAndLinksThatStay) {
  support::TempDirectory place;
  const auto top = unpack_source(tar_of({{"a-1/setup.py", "print()", ""},
                                         {"a-1/deep/er/b.txt", "b", ""},
                                         {"a-1/link", "", "deep/er/b.txt"}}),
                                 place.path());
  ASSERT_TRUE(top) << top.error().what;
  EXPECT_EQ(*top, place.path() + "/a-1");
  EXPECT_EQ(support::read_file(*top + "/setup.py"), "print()");
  EXPECT_EQ(support::read_file(*top + "/link"), "b");
}

TEST(UnpackSource, NothingLeavesTheDirectory) {
  support::TempDirectory place, outside;
  std::filesystem::create_directory(place / "in");
  const auto top = unpack_source(tar_of({{"a-1/ok", "1", ""},
                                         {"../escaped", "x", ""},
                                         {"a-1/../../escaped", "x", ""},
                                         {outside.path() + "/escaped", "x", ""},
                                         {"a-1/out", "", outside.path()},
                                         {"a-1/up", "", "../.."},
                                         {"a-1/out/escaped", "x", ""},
                                         {"a-1/up/escaped", "x", ""}}),
                                 place / "in");
  ASSERT_TRUE(top) << top.error().what;
  EXPECT_FALSE(std::filesystem::exists(place / "escaped"));
  EXPECT_FALSE(std::filesystem::exists(outside / "escaped"));
  EXPECT_FALSE(std::filesystem::is_symlink(*top + "/up"));
  EXPECT_EQ(support::read_file(*top + "/ok"), "1");
}

TEST(UnpackSource, ADamagedArchiveIsMalformed) {
  support::TempDirectory place;
  std::string bytes = tar_of({{"a-1/setup.py", std::string(5000, 'x'), ""}});
  bytes.resize(2000);
  const auto top = unpack_source(bytes, place.path());
  ASSERT_FALSE(top);
  EXPECT_EQ(top.error().fault, pep::Fault::kMalformed);
}

std::string gzip_of(const std::string& text) {
  std::string bytes(text.size() / 100 + 4096, '\0');
  std::size_t used = 0;
  const std::unique_ptr<archive, decltype(&archive_write_free)> out(archive_write_new(),
                                                                    &archive_write_free);
  archive_write_set_format_raw(out.get());
  archive_write_add_filter_gzip(out.get());
  archive_write_set_bytes_in_last_block(out.get(), 1);
  archive_write_open_memory(out.get(), bytes.data(), bytes.size(), &used);
  const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                            &archive_entry_free);
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_write_header(out.get(), entry.get());
  archive_write_data(out.get(), text.data(), text.size());
  archive_write_close(out.get());
  bytes.resize(used);
  return bytes;
}

// A tar of one file of 1 GiB of zeros, and behind it what is looked for: 1 MB.
std::string bomb() {
  std::string header = tar_of({{"a-1/zeros", "", ""}}).substr(0, 512);
  header.replace(124, 12, "10000000000", 12);
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::snprintf(header.data() + 148, 8, "%06o", sum);
  std::string bytes = gzip_of(header);
  const std::string zeros = gzip_of(std::string(std::size_t{16} << 20, '\0'));
  for (int i = 0; i < 64; ++i) bytes += zeros;
  return bytes + gzip_of(tar_of({{"a-1/pyproject.toml", "[project]", ""}}));
}

TEST(SourceFile, IsReadOutOfACompressedArchive) {
  const auto text = source_file(
      gzip_of(tar_of({{"a-1/other", std::string(100'000, 'x'), ""}, {"a-1/setup.cfg", "s", ""}})),
      "setup.cfg");
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ(*text, "s");
}

TEST(SourceFile, WhatIsSkippedIsBoundedToo) {
  const std::string bytes = bomb();
  ASSERT_LT(bytes.size(), std::size_t{4} << 20);
  const auto text = source_file(bytes, "pyproject.toml");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().fault, pep::Fault::kMalformed);
  EXPECT_EQ(text.error().what, "the source archive unpacks to more than 512 MiB");
  const auto info = sdist_pkg_info(bytes);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().what, "the sdist unpacks to more than 512 MiB");
}

}  // namespace
}  // namespace resolver::index
