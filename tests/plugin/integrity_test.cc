// What happens when an index serves something else than what was locked. The real program against
// an index on loopback.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class Integrity : public testing::Test {
 protected:
  Integrity() {
    server_.add({.name = "a", .version = "1.0", .needs = {"b"}});
    server_.add({.name = "b", .version = "1.0"});
    directory_.write("requirements.in", "a\n");
  }

  Ran advise(std::vector<std::string> more) {
    std::vector<std::string> all{"advise",       "--python-version", "3.11",       "--platform",
                                 "linux_x86_64", "--index-url",      server_.url()};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all, directory_.path(), {{"SESHAT_CACHE_DIR", directory_ / "cache"}});
  }

  // The first hash of a lock after a text in it, spoilt.
  void tamper(const std::string& lock, const std::string& sign, const std::string& after = "") {
    std::string text = support::read_file(directory_ / lock);
    const std::size_t at = text.find(sign, text.find(after));
    ASSERT_NE(at, std::string::npos);
    text.replace(at + sign.size(), 8, "00000000");
    directory_.write(lock, text);
  }

  support::LoopbackServer server_;
  support::TempDirectory directory_;
};

TEST_F(Integrity, AnotherHashUnderALockedFileNameStopsTheRun) {
  ASSERT_EQ(advise({"requirements.in", "-o", "pylock.toml"}).exit_code, 0);
  tamper("pylock.toml", "sha256 = \"");
  const Ran ran = advise({"pylock.toml", "-o", "out.txt"});
  EXPECT_EQ(ran.exit_code, 7) << ran.err;
  EXPECT_NE(ran.err.find("a-1.0-py3-none-any.whl has another hash on the index"), std::string::npos)
      << ran.err;
  EXPECT_FALSE(std::filesystem::exists(directory_ / "out.txt"));
}

TEST_F(Integrity, AnotherFileThatFitsIsNoWayAroundIt) {
  server_.add({.name = "b", .version = "1.0", .sdist = true});
  ASSERT_EQ(advise({"requirements.in", "-o", "pylock.toml"}).exit_code, 0);
  tamper("pylock.toml", "sha256 = \"", "b-1.0-py3-none-any.whl");
  EXPECT_EQ(advise({"pylock.toml", "-o", "out.txt"}).exit_code, 7);
}

TEST_F(Integrity, HashesOfARequirementThatNoFileOfItsVersionHasStopTheRun) {
  ASSERT_EQ(advise({"requirements.in", "-o", "locked.txt"}).exit_code, 0);
  tamper("locked.txt", "--hash=sha256:");
  const Ran ran = advise({"locked.txt", "-o", "out.txt"});
  EXPECT_EQ(ran.exit_code, 7) << ran.err;
  EXPECT_NE(ran.err.find("locked.txt"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace plugin::test
