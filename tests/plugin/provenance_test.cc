// `seshat provenance`: a lock held against its index, and what is installed against the lock.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class Provenance : public testing::Test {
 protected:
  Provenance() {
    server_.add({.name = "a", .version = "1.0", .needs = {"b"}});
    server_.add({.name = "b", .version = "1.0"});
    const Ran ran =
        run_program({"advise", "--with", "a", "--python-version", "3.11", "--platform",
                     "manylinux_2_28_x86_64", "--index-url", server_.url(), "--no-cache"},
                    directory_.path());
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
  }
  Ran provenance(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"provenance", "pylock.toml", "--no-cache", "--retries", "0"};
    all.insert(all.end(), more.begin(), more.end());
    if (std::find(more.begin(), more.end(), "--index-url") == more.end())
      all.insert(all.end(), {"--index-url", server_.url()});
    return run_program(all, directory_.path());
  }

  support::LoopbackServer server_;
  support::TempDirectory directory_;
};

TEST_F(Provenance, ALockIsWhatItsIndexHas) {
  const Ran ran = provenance();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find("2 packages are what their indexes have"), std::string::npos) << ran.out;
  EXPECT_EQ(server_.count("/files/a-1.0-py3-none-any.whl "), 0U);
}

TEST_F(Provenance, AnotherHashIsAnError) {
  server_.set_hash("b-1.0-py3-none-any.whl", std::string(64, '0'));
  const Ran ran = provenance({"--json"});
  EXPECT_EQ(ran.exit_code, 7) << ran.err;
  EXPECT_NE(ran.out.find("\"schema\": \"seshat.provenance/1\""), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("the index has sha256 0000"), std::string::npos) << ran.out;
}

TEST_F(Provenance, AFileThatIsGoneIsAnError) {
  server_.remove("b");
  EXPECT_EQ(provenance().exit_code, 7);
}

TEST_F(Provenance, AnotherIndexIsAnError) {
  support::LoopbackServer other;
  other.add({.name = "a", .version = "1.0", .needs = {"b"}});
  other.add({.name = "b", .version = "1.0"});
  const Ran ran = provenance({"--index-url", other.url()});
  EXPECT_EQ(ran.exit_code, 7) << ran.err;
  EXPECT_NE(ran.out.find("was locked from"), std::string::npos) << ran.out;
}

TEST_F(Provenance, AnIndexThatDoesNotAnswerIsNoAnswer) {
  EXPECT_EQ(provenance({"--index-url", "http://127.0.0.1:1/simple/"}).exit_code, 9);
}

TEST_F(Provenance, WhatWasInstalledFromElsewhereIsAnError) {
  support::TempDirectory root;
  const std::string site = "usr/lib/python3.11/site-packages/";
  root.write("usr/bin/empty", "");
  std::error_code failed;
  std::filesystem::copy_file(SESHAT_PROGRAM, root / "usr/bin/python3.11", failed);
  ASSERT_FALSE(failed);
  for (const std::string name : {"a", "b"}) {
    root.write(site + name + "-1.0.dist-info/METADATA",
               "Metadata-Version: 2.1\nName: " + name + "\nVersion: 1.0\n");
  }
  EXPECT_EQ(provenance({"--root", root.path()}).exit_code, 0);
  root.write(site + "b-1.0.dist-info/direct_url.json", "{}");
  const Ran ran = provenance({"--root", root.path()});
  EXPECT_EQ(ran.exit_code, 7) << ran.out;
  EXPECT_NE(ran.out.find("from a URL of its own"), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace plugin::test
