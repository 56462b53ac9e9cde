// Stores that cannot be had: one clear line, and the run goes on without them.
#include <unistd.h>

#include <filesystem>

#include "tests/plugin/store_fixture.h"

namespace plugin::test {
namespace {

class StoreTrouble : public StoreTest {
 protected:
  // A run after `preparation`, a line of shell that may mount: nobody else sees it.
  Ran apart(const std::string& preparation, std::vector<std::string> arguments) {
    std::vector<std::string> command{
        "unshare", "-m",          "sh", "-c", "{ " + preparation + "; } && exec \"$@\"",
        "sh",      SESHAT_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_command(command, directory_.path());
  }
  bool may_mount() {
    return run_command({"unshare", "-m", "sh", "-c", "mount -t tmpfs none /tmp"}, directory_.path())
               .exit_code == 0;
  }

  static void expect_one_warning(const Ran& ran, const std::string& text) {
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(count_of(ran.err, "warning:"), 1U) << ran.err;
    EXPECT_NE(ran.err.find(text), std::string::npos) << ran.err;
  }
};

TEST_F(StoreTrouble, AFullDiskIsSaidOnce) {
  if (!may_mount()) GTEST_SKIP() << "mounting is not allowed here";
  std::filesystem::create_directory(directory_ / "cache");
  for (const char* size : {"4k", "8k", "16k"}) {
    forget_lock();
    const std::string mount = std::string("mount -t tmpfs -o size=") + size + " none cache";
    expect_one_warning(apart(mount, words()),
                       "cannot be written (No space left on device); going on without it");
    EXPECT_FALSE(lock().empty());
  }
  expect_one_warning(
      apart("mount -t tmpfs -o size=4k none cache && { head -c 4096 /dev/zero > cache/full; }",
            words()),
      "cannot be written (No space left on device); going on without it");
}

TEST_F(StoreTrouble, AFullDiskKeepsWhatTheStoreHas) {
  if (!may_mount()) GTEST_SKIP() << "mounting is not allowed here";
  for (int version = 1; version < 90; ++version)  // more than fits into what a block has left
    server_.add({.name = "new", .version = std::to_string(version)});
  ASSERT_EQ(advise().exit_code, 0);
  const std::string before = support::read_file(store_path());
  // The file system has just the room that the store takes.
  const std::string mount =
      "mkdir full && mount -t tmpfs -o size=" + std::to_string((before.size() / 4096 + 1) * 4096) +
      " none full && cp cache/index-v1.seshat full && mount --bind full cache";
  server_.forget_requests();
  expect_one_warning(apart(mount + " && cp -r cache kept", words({"--with", "new"})),
                     "No space left on device");
  EXPECT_EQ(server_.count("/simple/p"), 0U) << "what it has is used";
}

TEST_F(StoreTrouble, AReadOnlyDirectoryIsSaidOnce) {
  if (!may_mount()) GTEST_SKIP() << "mounting is not allowed here";
  std::filesystem::create_directory(directory_ / "cache");
  expect_one_warning(apart("mount -t tmpfs -o ro none cache", words()),
                     "cannot be written (Read-only file system); going on without it");
  EXPECT_FALSE(lock().empty());
}

TEST_F(StoreTrouble, AReadOnlyStoreIsReadAndSaidOnlyIfSomethingIsToBeKept) {
  if (!may_mount()) GTEST_SKIP() << "mounting is not allowed here";
  server_.add({.name = "new"});
  ASSERT_EQ(advise().exit_code, 0);
  const std::string read_only = "mount --bind cache cache && mount -o remount,bind,ro cache";
  server_.forget_requests();
  const Ran quiet = apart(read_only, words());
  EXPECT_EQ(quiet.exit_code, 0);
  EXPECT_EQ(quiet.err.find("warning:"), std::string::npos) << quiet.err;
  EXPECT_EQ(server_.count(), 0U);
  expect_one_warning(apart(read_only, words({"--with", "new"})),
                     "cannot be written (Read-only file system); what is fetched now is not kept");
}

TEST_F(StoreTrouble, AFileInPlaceOfTheDirectoryIsSaidOnce) {
  directory_.write("cache", "something of the user's\n");
  expect_one_warning(advise(), "cannot be written (Not a directory); going on without it");
  EXPECT_FALSE(lock().empty());
  EXPECT_EQ(support::read_file(directory_ / "cache"), "something of the user's\n");
}

TEST_F(StoreTrouble, ADirectoryInPlaceOfTheFileIsSaidOnce) {
  std::filesystem::create_directories(store_path());
  expect_one_warning(advise(), "cannot be written (Is a directory); going on without it");
}

TEST_F(StoreTrouble, APipeInPlaceOfTheFileIsReplaced) {
  std::filesystem::create_directory(directory_ / "cache");
  ASSERT_EQ(run_command({"mkfifo", store_path()}, directory_.path()).exit_code, 0);
  expect_one_warning(advise(), "was damaged");
  server_.forget_requests();
  EXPECT_EQ(advise().exit_code, 0);
  EXPECT_EQ(server_.count(), 0U);
}

TEST_F(StoreTrouble, ADirectoryOfSomebodyElseIsSaidOnce) {
  const std::vector<std::string> nobody{"setpriv", "--reuid=65534", "--regid=65534",
                                        "--clear-groups"};
  std::vector<std::string> command = nobody;
  command.insert(command.end(), {SESHAT_PROGRAM, "--version"});
  if (run_command(command, "/").exit_code != 0)
    GTEST_SKIP() << "the program cannot be run as somebody else here";
  std::filesystem::create_directory(directory_ / "cache");
  std::filesystem::permissions(directory_ / "cache", std::filesystem::perms::owner_all);
  std::filesystem::permissions(directory_.path(), std::filesystem::perms::all);
  command = nobody;
  command.emplace_back(SESHAT_PROGRAM);
  for (const std::string& word : words()) command.push_back(word);
  expect_one_warning(run_command(command, directory_.path()),
                     "cannot be written (Permission denied); going on without it");
  EXPECT_FALSE(lock().empty());
}

TEST_F(StoreTrouble, CommandsThatNeedTheStoreFail) {
  directory_.write("cache", "");
  for (const char* action : {"size", "prune", "clear"}) {
    const Ran ran = run_program({"cache", action, "--cache-dir", "cache"}, directory_.path());
    EXPECT_EQ(ran.exit_code, 2) << action;
    EXPECT_NE(ran.err.find("cannot be used: Not a directory"), std::string::npos) << ran.err;
  }
}

TEST_F(StoreTrouble, WithoutAnyPlaceTheRunGoesOn) {
  std::vector<std::string> command{"env", "HOME=/nowhere", SESHAT_PROGRAM};
  for (const std::string& word : words()) command.push_back(word);
  command.resize(command.size() - 2);  // --cache-dir
  expect_one_warning(run_command(command, directory_.path()), "no writable place for the store");
  command.resize(3);
  command.insert(command.end(), {"cache", "dir"});
  EXPECT_EQ(run_command(command, directory_.path()).exit_code, 2);
}

}  // namespace
}  // namespace plugin::test
