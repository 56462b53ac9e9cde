// Locks read back: our own and those of others.
#include "resolver/lock/readers.h"

#include <gtest/gtest.h>

namespace resolver::lock {
namespace {

constexpr std::string_view kHead =
    "lock-version = '1.0'\ncreated-by = 'x'\n[[packages]]\nname = 'a'\nversion = '1'\n";

TEST(ReadPylock, TellsFileNames) {
  for (const char* name : {"pylock.toml", "pylock.web.toml"}) EXPECT_TRUE(is_pylock_filename(name));
  for (const char* name :
       {"pylock.json", "pylock..toml", "pylock.a.b.toml", "xpylock.toml", "pylock.toml.x"}) {
    EXPECT_FALSE(is_pylock_filename(name)) << name;
  }
}

TEST(ReadPylock, TakesEveryMinorVersionOfTheFirst) {
  for (const char* version : {"1.0", "1.1"}) {
    EXPECT_TRUE(read_pylock("lock-version = '" + std::string(version) + "'\npackages = []\n", "p"));
  }
  for (const char* version : {"0.9", "2", "2.0", "2.1", "x"}) {
    EXPECT_FALSE(read_pylock("lock-version = '" + std::string(version) + "'\npackages = []\n", "p"))
        << version;
  }
}

TEST(ReadPylock, ReadsOffsetsOfTimes) {
  const auto lock =
      read_pylock(std::string(kHead) +
                      "[[packages.wheels]]\nname = 'a-1-py3-none-any.whl'\nupload-time = "
                      "2024-04-07T18:00:00.5+02:00\n"
                      "url = 'https://h.example/a'\nhashes = {sha256 = '" +
                      std::string(64, 'A') + "'}\n",
                  "p");
  ASSERT_TRUE(lock) << lock.error().what;
  EXPECT_EQ(lock->packages[0].artifacts[0].upload_time, 1712505600);
  EXPECT_EQ(lock->packages[0].artifacts[0].sha256, std::string(64, 'a'));
}

TEST(ReadPylock, TakesTheFileNameFromPathOrUrl) {
  const std::string hashes = "hashes = {sha256 = '" + std::string(64, 'a') + "'}\n";
  const auto of_url = read_pylock(
      std::string(kHead) + "[packages.sdist]\nurl = 'https://h.example/a-1%2Bx.tar.gz'\n" + hashes,
      "p");
  ASSERT_TRUE(of_url);
  EXPECT_EQ(of_url->packages[0].artifacts[0].filename, "a-1+x.tar.gz");
  const auto of_path = read_pylock(
      std::string(kHead) +
          "[packages.sdist]\npath = '.\\a-1.tar.gz'\nurl = 'https://h.example/b-2.tar.gz'\n" +
          hashes,
      "p");
  ASSERT_TRUE(of_path);
  EXPECT_EQ(of_path->packages[0].artifacts[0].filename, "a-1.tar.gz");
}

struct FaultRow {
  std::string text;
  int line;
  const char* word;
};

TEST(ReadPylock, SaysWhatIsWrongAndWhere) {
  const std::string head(kHead);
  const FaultRow rows[] = {
      {"", 1, "lock-version"},
      {"lock-version = 1.0\n", 1, "a number"},
      {"lock-version = '1.0'\n", 1, "packages"},
      {"lock-version = '1.0'\npackages = 1\n", 2, "an integer"},
      {"lock-version = '1.0'\npackages = [1]\n", 2, "an integer"},
      {"lock-version = '1.0'\n[[packages]]\nversion = '1'\n", 2, "name"},
      {"lock-version = '1.0'\n[[packages]]\nname = 'a'\n", 2, "version"},
      {"lock-version = '1.0'\n[[packages]]\nname = '-'\nversion = '1'\n", 3, "name"},
      {"lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = 'x'\n", 4, "version"},
      {head + "vcs = {type = 'git'}\n", 6, "repository"},
      {head + "[[packages.wheels]]\nname = 'a'\n", 6, "hashes"},
      {head + "[[packages.wheels]]\nname = 'a'\nhashes = {}\n", 6, "hashes"},
      {head + "[[packages.wheels]]\nname = 'a'\nhashes = 'sha256:…'\n", 8, "a string"},
      {head + "[[packages.wheels]]\nname = 'a'\nhashes = {md5 = 1}\n", 8, "an integer"},
      {head + "[[packages.wheels]]\nname = 'a'\nhashes = {sha256 = 'ff'}\n", 8, "64"},
      {head + "[[packages.wheels]]\nname = '../a'\nhashes = {md5 = 'x'}\n", 6, "file name"},
      {head + "[[packages.wheels]]\nname = 'a'\nsize = -1\nhashes = {md5 = 'x'}\n", 8, "negative"},
  };
  for (const FaultRow& row : rows) {
    const auto lock = read_pylock(row.text, "pylock.toml");
    ASSERT_FALSE(lock) << row.text;
    EXPECT_EQ(lock.error().fault, pep::Fault::kMalformed);
    ASSERT_TRUE(lock.error().place) << row.text;
    EXPECT_EQ(lock.error().place->line, row.line) << row.text << lock.error().what;
    EXPECT_NE(lock.error().what.find(row.word), std::string::npos) << lock.error().what;
  }
}

TEST(ReadLockedRequirements, ReadsPinsAndHashes) {
  const std::string a(64, 'a');
  const auto lock = read_locked_requirements("flask==3.0.3 --hash=sha256:" + a + "\nattrs[x]==23\n",
                                             "requirements.txt");
  ASSERT_TRUE(lock) << lock.error().what;
  ASSERT_EQ(lock->packages.size(), 2U);
  EXPECT_EQ(lock->packages[0].name.str(), "attrs");
  EXPECT_EQ(lock->packages[1].version.str(), "3.0.3");
  EXPECT_EQ(lock->packages[1].artifacts.at(0).sha256, a);
}

TEST(ReadLockedRequirements, RefusesWhatIsNoPin) {
  for (const char* line :
       {"flask", "flask>=3", "flask==3.*", "flask==3,!=4", "flask @ https://h.example/f.whl"}) {
    const auto lock = read_locked_requirements(line, "requirements.txt");
    ASSERT_FALSE(lock) << line;
    EXPECT_EQ(lock.error().place->line, 1);
  }
}

// "file://" with a host, and paths that look like URLs, do not become each other.
TEST(ReadPylock, AUrlStaysAUrlAndAPathAPath) {
  const std::string head =
      "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\nsdist = {name = "
      "\"a-1.tar.gz\", ";
  const std::string tail = ", hashes = {sha256 = \"" + std::string(64, 'a') + "\"}}\n";
  for (const std::string place : {"url = \"file://https://h.example/a\"", "url = \"file://host/a\"",
                                  "path = \"w/a%2541#b\"", "url = \"https://h.example/a\""}) {
    const auto lock = read_pylock(head + place + tail, "pylock.toml");
    ASSERT_TRUE(lock) << place;
    EXPECT_NE(write_pylock(*lock).find(place), std::string::npos) << write_pylock(*lock);
  }
  EXPECT_FALSE(read_pylock(head + "path = \"https://h.example/a\"" + tail, "pylock.toml"));
}

}  // namespace
}  // namespace resolver::lock
