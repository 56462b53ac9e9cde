// `seshat advise --check` where requirements point at archives, directories and repositories: is
// the locked place the one that is asked for?
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/plugin/direct_fixture.h"

namespace plugin::test {
namespace {

class CheckDirect : public DirectFixture {
 protected:
  // Locks `before` in every format and holds each against `after`.
  void expect(const std::string& before, const std::string& after, int exit_code) {
    for (const std::string lock : {"pylock.toml", "lock.txt"}) {
      directory_.write("requirements.in", before + "\n");
      const Ran locked = advise({"requirements.in", "-o", lock});
      ASSERT_EQ(locked.exit_code, 0) << before << "\n" << locked.err;
      directory_.write("requirements.in", after + "\n");
      const Ran ran = advise({"requirements.in", "-o", lock, "--check"});
      EXPECT_EQ(ran.exit_code, exit_code) << before << " and " << after << " in " << lock << "\n"
                                          << ran.out << ran.err;
    }
  }
  std::string repository(const std::string& name) { return "git+file://" + (directory_ / name); }
};

TEST_F(CheckDirect, AnotherDirectoryIsTold) {
  write_project("one", "a", "1.0");
  write_project("two", "a", "1.0");
  expect("a @ file://" + (directory_ / "one"), "./one", 0);
  expect("./one", "./two", 5);
  expect("./one", "-e ./one", 5);
  expect("-e ./one", "-e ./one", 0);
}

TEST_F(CheckDirect, AnotherArchiveIsTold) {
  server_.add({.name = "a", .version = "1.0"});
  server_.add({.name = "a", .version = "2.0"});
  expect("a @ " + wheel_url("a", "1.0"), wheel_url("a", "1.0"), 0);
  expect("a @ " + wheel_url("a", "1.0"), "a @ " + wheel_url("a", "2.0"), 5);
}

TEST_F(CheckDirect, AnotherRepositorySubdirectoryOrCommitIsTold) {
  write_project("one", "a", "1.0");
  write_project("one/below", "a", "1.0");
  const std::string first = make_repository("one");
  git("one", "commit -q --allow-empty -m second");
  const std::string second = git("one", "rev-parse HEAD");
  write_project("two", "a", "1.0");
  make_repository("two");
  const std::string one = "a @ " + repository("one");
  expect(one, one, 0);
  expect(one, "a @ " + repository("two"), 5);
  expect(one, one + "#subdirectory=below", 5);
  expect(one + "#subdirectory=below", one + "#subdirectory=below", 0);
  expect(one + "@" + first, one + "@" + first, 0);
  expect(one + "@" + first, one + "@" + second, 5);
  expect(one + "@main", one + "@" + first, 5);
  expect(one + "@main", one + "@" + second, 0);
}

TEST_F(CheckDirect, APipfileLockKeepsTheSubdirectoryOfAnArchive) {
  write_project("one/below", "a", "1.0");
  write_project("one/other", "a", "1.0");
  const std::string pack =
      "tar -C '" + directory_.path() + "' -czf '" + (directory_ / "one.tar.gz") + "' one";
  ASSERT_EQ(std::system(pack.c_str()), 0);
  const auto manifest = [&](const std::string& below) {
    directory_.write("Pipfile", "[[source]]\nname = 'x'\nurl = '" + server_.url() +
                                    "'\nverify_ssl = true\n[packages]\na = {file = 'file://" +
                                    (directory_ / "one.tar.gz") + "#subdirectory=" + below +
                                    "'}\n");
  };
  manifest("below");
  const Ran locked = advise({"Pipfile", "-o", "Pipfile.lock"});
  ASSERT_EQ(locked.exit_code, 0) << locked.err;
  Ran ran = advise({"Pipfile", "-o", "Pipfile.lock", "--check"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  manifest("other");
  ran = advise({"Pipfile", "-o", "Pipfile.lock", "--check"});
  EXPECT_NE(ran.err.find("a: "), std::string::npos) << ran.err;
}

TEST_F(CheckDirect, AMovedBranchIsTheSamePlace) {
  write_project("one", "a", "1.0");
  make_repository("one");
  directory_.write("requirements.in", "a @ " + repository("one") + "@main\n");
  for (const std::string lock : {"pylock.toml", "lock.txt"})
    ASSERT_EQ(advise({"requirements.in", "-o", lock}).exit_code, 0);
  git("one", "commit -q --allow-empty -m second");
  for (const std::string lock : {"pylock.toml", "lock.txt"}) {
    const Ran ran = advise({"requirements.in", "-o", lock, "--check"});
    EXPECT_EQ(ran.exit_code, 0) << lock << ran.err;
  }
  git("one", "checkout -q -b other");
  git("one", "commit -q --allow-empty -m third");
  directory_.write("requirements.in", "a @ " + repository("one") + "@other\n");
  EXPECT_EQ(advise({"requirements.in", "-o", "pylock.toml", "--check"}).exit_code, 5);
}

}  // namespace
}  // namespace plugin::test
