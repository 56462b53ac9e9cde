// Replacing a file: nobody ever sees half of one, whatever fails.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "resolver/lock/lock.h"
#include "resolver/lock/source_text.h"
#include "tests/support/temp_directory.h"

namespace resolver::lock {
namespace {

namespace fs = std::filesystem;
using support::TempDirectory;

std::size_t entries(const std::string& directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

mode_t mode_of(const std::string& path) {
  struct stat known {};
  EXPECT_EQ(::stat(path.c_str(), &known), 0);
  return known.st_mode & 07777;
}

TEST(WriteFile, MakesAFile) {
  const TempDirectory directory;
  ASSERT_TRUE(write_file(directory / "pylock.toml", "abc\n"));
  EXPECT_EQ(support::read_file(directory / "pylock.toml"), "abc\n");
  EXPECT_EQ(entries(directory.path()), 1U);
}

TEST(WriteFile, ANewFileHasTheModeOfTheUmask) {
  const TempDirectory directory;
  const mode_t before = ::umask(027);
  ASSERT_TRUE(write_file(directory / "a", "abc"));
  ::umask(before);
  EXPECT_EQ(mode_of(directory / "a"), 0640U);
}

TEST(WriteFile, KeepsTheModeOfTheOldFile) {
  const TempDirectory directory;
  const std::string path = directory.write("a", "old");
  ::chmod(path.c_str(), 0604);
  ASSERT_TRUE(write_file(path, "new"));
  EXPECT_EQ(mode_of(path), 0604U);
  EXPECT_EQ(support::read_file(path), "new");
}

TEST(WriteFile, ASymbolicLinkStaysOne) {
  const TempDirectory directory;
  directory.write("real/lock", "old");
  ASSERT_EQ(::symlink("real/lock", (directory / "link").c_str()), 0);
  ASSERT_TRUE(write_file(directory / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(directory / "link"));
  EXPECT_EQ(support::read_file(directory / "real/lock"), "new");
  EXPECT_EQ(entries(directory / "real"), 1U);
}

TEST(WriteFile, ALinkToNothingYetMakesItsTarget) {
  const TempDirectory directory;
  ASSERT_EQ(::symlink("later", (directory / "link").c_str()), 0);
  ASSERT_TRUE(write_file(directory / "link", "new"));
  EXPECT_EQ(support::read_file(directory / "later"), "new");
}

TEST(WriteFile, AFileThatIsRightIsLeftAlone) {
  const TempDirectory directory;
  const std::string path = directory.write("a", "same");
  struct stat before {};
  struct stat after {};
  ::stat(path.c_str(), &before);
  ASSERT_TRUE(write_file(path, "same"));
  ::stat(path.c_str(), &after);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_EQ(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

TEST(WriteFile, WritesToWhatIsNoRegularFile) {
  EXPECT_TRUE(write_file("/dev/null", "abc"));
  const auto full = write_file("/dev/full", "abc");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().fault, pep::Fault::kIo);
}

TEST(WriteFile, SaysWhyItCannot) {
  const TempDirectory directory;
  const auto missing = write_file(directory / "no/such/place", "abc");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().fault, pep::Fault::kIo);
  EXPECT_NE(missing.error().what.find("no/such/place"), std::string::npos);
  EXPECT_FALSE(write_file(directory.path(), "abc"));
}

// A limit on the size of files stands for the full disk: the write fails half way.
void write_beyond_the_limit(const std::string& path) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{4096, 4096};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto status = write_file(path, std::string(100000, 'x'));
  ::_exit(status ? 1 : status.error().fault == pep::Fault::kIo ? 0 : 2);
}

TEST(WriteFileDeathTest, AFullDiskChangesNothingAndLeavesNothing) {
  const TempDirectory directory;
  const std::string path = directory.write("pylock.toml", "old");
  EXPECT_EXIT(write_beyond_the_limit(path), testing::ExitedWithCode(0), "");
  EXPECT_EQ(support::read_file(path), "old");
  EXPECT_EQ(entries(directory.path()), 1U);
}

TEST(ReadFile, ReadsPipesToTheirEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "abc", 3), 3);
  ::close(ends[1]);
  const auto text = read_file("/dev/fd/" + std::to_string(ends[0]));
  ::close(ends[0]);
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ(*text, "abc");
}

TEST(ReadFile, RefusesWhatNeverEnds) {
  const auto text = read_file("/dev/zero");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().fault, pep::Fault::kMalformed);
}

}  // namespace
}  // namespace resolver::lock
