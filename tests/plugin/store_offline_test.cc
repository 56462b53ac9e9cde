// `--offline` opens no socket: in a network namespace without any network, under a filter of system
// calls that kills who asks for one.
#include <csignal>

#include "tests/plugin/store_fixture.h"

namespace plugin::test {
namespace {

class Offline : public StoreTest {
 protected:
  void SetUp() override {
    if (run_command({"unshare", "-n", "true"}, directory_.path()).exit_code != 0)
      GTEST_SKIP() << "unshare -n is not allowed here";
    if (run_command({NO_SOCKETS, "true"}, directory_.path()).exit_code != 0)
      GTEST_SKIP() << "system calls cannot be filtered here";
  }

  Ran cut_off(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{"unshare", "-n", NO_SOCKETS, SESHAT_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_command(command, directory_.path());
  }
};

TEST_F(Offline, TheFilterKillsARunThatAsksTheIndex) {
  EXPECT_EQ(cut_off(words()).exit_code, -SIGSYS);
}

TEST_F(Offline, ARunFromTheStoreOpensNoSocket) {
  ASSERT_EQ(advise().exit_code, 0);
  const std::string online = lock();
  ASSERT_FALSE(online.empty());
  forget_lock();
  const Ran ran = cut_off(words({"--offline"}));
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(lock(), online);
}

TEST_F(Offline, ARunFromAFreshStoreOpensNoneEither) {
  ASSERT_EQ(advise().exit_code, 0);
  EXPECT_EQ(cut_off(words()).exit_code, 0);
}

TEST_F(Offline, WhatIsNotInTheStoreIsNamed) {
  const Ran ran = cut_off(words({"--offline"}));
  EXPECT_EQ(ran.exit_code, 9);
  EXPECT_NE(ran.err.find("the page of app is not in the store, and --offline forbids"),
            std::string::npos)
      << ran.err;
}

TEST_F(Offline, FetchSaysThatItMayNot) {
  ASSERT_EQ(advise().exit_code, 0);
  const Ran ran = cut_off({"fetch", "pylock.toml", "-d", "wheels", "--offline"});
  EXPECT_EQ(ran.exit_code, 9);
  EXPECT_NE(ran.err.find("--offline forbids it"), std::string::npos) << ran.err;
}

TEST_F(Offline, InstallOpensNoneBeforeItCallsPip) {
  ASSERT_EQ(advise().exit_code, 0);
  const std::string python = directory_.write("python", "#!/bin/sh\necho \"$@\" > asked\n");
  ASSERT_EQ(run_command({"chmod", "+x", python}, directory_.path()).exit_code, 0);
  const Ran ran = cut_off({"install", "pylock.toml", "-f", "wheels", "--python", python});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const std::string asked = support::read_file(directory_ / "asked");
  EXPECT_NE(asked.find("pip install"), std::string::npos) << asked;
  EXPECT_NE(asked.find("--no-index"), std::string::npos) << asked;
}

}  // namespace
}  // namespace plugin::test
