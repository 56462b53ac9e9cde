// `seshat advise` with requirements that point at archives, directories and repositories: the real
// program, files and repositories made here, an index on loopback.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/plugin/direct_fixture.h"

namespace plugin::test {
namespace {

using Direct = DirectFixture;

TEST_F(Direct, AWheelByUrlIsTheOneVersionOfItsName) {
  server_.add({.name = "a", .version = "1.0", .needs = {"b"}});
  server_.add({.name = "a", .version = "2.0"});
  server_.add({.name = "b"});
  auto found = packages({"--with", "a @ " + wheel_url("a", "1.0")});
  EXPECT_EQ(found["a"]["version"], "1.0") << ran_.err;
  EXPECT_EQ(found["a"]["index"], nullptr);
  EXPECT_EQ(found["a"]["direct_url"]["url"], wheel_url("a", "1.0"));
  EXPECT_EQ(found["a"]["artifacts"][0]["hashes"]["sha256"],
            found["a"]["direct_url"]["archive_info"]["hashes"]["sha256"]);
  EXPECT_EQ(found["b"]["version"], "1.0");
  EXPECT_EQ(server_.count("/simple/a/"), 0U);
}

TEST_F(Direct, AUrlAloneIsNamedByItsMetadata) {
  server_.add({.name = "a"});
  auto found = packages({"--with", wheel_url("a", "1.0")});
  EXPECT_EQ(found["a"]["version"], "1.0") << ran_.err;
  EXPECT_EQ(found["a"]["direct"], true);
}

TEST_F(Direct, AHashInTheFragmentIsHeldAgainstTheFile) {
  server_.add({.name = "a"});
  const std::string right = support::sha256_hex(support::make_wheel({.name = "a"}));
  packages({"--with", "a @ " + wheel_url("a", "1.0") + "#sha256=" + right});
  EXPECT_EQ(ran_.exit_code, 0) << ran_.err;
  packages({"--with", "a @ " + wheel_url("a", "1.0") + "#sha256=" + std::string(64, '0')});
  EXPECT_EQ(ran_.exit_code, 7) << ran_.err;
}

TEST_F(Direct, AHashBesideTheUrlIsHeldAgainstTheFile) {
  server_.add({.name = "a"});
  directory_.write("requirements.txt", "a @ " + wheel_url("a", "1.0") +
                                           " --hash=sha256:" + std::string(64, '1') + "\n");
  packages({"requirements.txt"});
  EXPECT_EQ(ran_.exit_code, 7) << ran_.err;
}

TEST_F(Direct, TheLockNamesTheArchive) {
  server_.add({.name = "a"});
  const std::string digest = support::sha256_hex(support::make_wheel({.name = "a"}));
  packages({"--with", "a @ " + wheel_url("a", "1.0"), "-o", "pylock.toml", "-o", "lock.txt"});
  const std::string pylock = read("pylock.toml");
  EXPECT_NE(pylock.find("[packages.archive]\nurl = \"" + wheel_url("a", "1.0") + "\""),
            std::string::npos)
      << pylock;
  EXPECT_NE(pylock.find("hashes = { sha256 = \"" + digest + "\" }"), std::string::npos);
  const std::string text = read("lock.txt");
  EXPECT_NE(text.find("a @ " + wheel_url("a", "1.0") + " \\\n    --hash=sha256:" + digest),
            std::string::npos)
      << text;
}

TEST_F(Direct, AnSdistByUrlIsReadIfItsMetadataAreStatic) {
  server_.add({.name = "a", .needs = {"b"}, .tags = {}, .sdist = true});
  server_.add({.name = "b"});
  auto found = packages({"--with", "a @ " + server_.root() + "/files/a-1.0.tar.gz"});
  EXPECT_EQ(found["a"]["version"], "1.0") << ran_.err;
  EXPECT_TRUE(found.contains("b"));
}

TEST_F(Direct, AnSdistWithoutStaticMetadataNamesTheOption) {
  server_.add({.name = "a", .tags = {}, .sdist = true, .metadata_version = "2.1"});
  packages({"--with", "a @ " + server_.root() + "/files/a-1.0.tar.gz"});
  EXPECT_EQ(ran_.exit_code, 4) << ran_.err;
  EXPECT_NE(ran_.err.find("--allow-build"), std::string::npos) << ran_.err;
}

TEST_F(Direct, APathToAWheelIsRelativeToTheWorkingDirectory) {
  directory_.write("dist/a-1.0-py3-none-any.whl", support::make_wheel({.name = "a"}));
  directory_.write("requirements.txt", "./dist/a-1.0-py3-none-any.whl\n");
  auto found = packages({"requirements.txt", "-o", "pylock.toml"});
  EXPECT_EQ(found["a"]["version"], "1.0") << ran_.err;
  EXPECT_NE(read("pylock.toml").find("path = \"dist/a-1.0-py3-none-any.whl\""), std::string::npos)
      << read("pylock.toml");
}

TEST_F(Direct, APathAloneNeedsNoIndex) {
  directory_.write("a-1.0-py3-none-any.whl", support::make_wheel({.name = "a"}));
  EXPECT_EQ(packages({"--with", "./a-1.0-py3-none-any.whl", "--no-index"})["a"]["version"], "1.0")
      << ran_.err;
  packages({"--with", "a", "--no-index"});
  EXPECT_EQ(ran_.exit_code, 2);
  EXPECT_NE(ran_.err.find("give --find-links"), std::string::npos) << ran_.err;
}

TEST_F(Direct, AProjectDirectoryIsReadWithoutRunningAnything) {
  server_.add({.name = "b", .version = "1.5"});
  server_.add({.name = "c"});
  write_project("project", "a", "3.0", {"b>=1"}, "fast = ['c']");
  directory_.write("project/setup.py", "open('/tmp/never', 'w')\n");
  directory_.write("requirements.txt", "-e ./project[fast]\n");
  auto found = packages({"requirements.txt", "-o", "pylock.toml", "-o", "lock.txt"});
  EXPECT_EQ(found["a"]["version"], "3.0") << ran_.err;
  EXPECT_EQ(found["a"]["extras"][0], "fast");
  EXPECT_EQ(found["a"]["direct_url"]["dir_info"]["editable"], true);
  EXPECT_TRUE(found.contains("b"));
  EXPECT_TRUE(found.contains("c"));
  const std::string pylock = read("pylock.toml");
  EXPECT_NE(pylock.find("[packages.directory]\npath = \"project\"\neditable = true\n"),
            std::string::npos)
      << pylock;
  EXPECT_EQ(pylock.find("version = \"3.0\""), std::string::npos) << "a source tree has none";
}

TEST_F(Direct, ADirectoryWithADynamicVersionNamesTheOption) {
  directory_.write("project/pyproject.toml", "[project]\nname = 'a'\ndynamic = ['version']\n");
  packages({"--with", "./project"});
  EXPECT_EQ(ran_.exit_code, 4) << ran_.err;
  EXPECT_NE(ran_.err.find("--allow-build"), std::string::npos) << ran_.err;
}

TEST_F(Direct, SetupCfgCountsIfSetupPyAddsNothing) {
  server_.add({.name = "b"});
  directory_.write("project/setup.cfg",
                   "[metadata]\nname = a\nversion = 1.1\n[options]\ninstall_requires =\n    b\n");
  directory_.write("project/setup.py", "# a stub\nfrom setuptools import setup\n\nsetup()\n");
  auto found = packages({"--with", "./project"});
  EXPECT_EQ(found["a"]["version"], "1.1") << ran_.err;
  directory_.write("project/setup.py", "from setuptools import setup\nsetup(name='other')\n");
  packages({"--with", "./project"});
  EXPECT_EQ(ran_.exit_code, 4) << ran_.err;
}

TEST_F(Direct, APlaceThatIsNotThereIsTold) {
  directory_.write("requirements.txt", "b\n./nowhere\n");
  packages({"requirements.txt"});
  EXPECT_EQ(ran_.exit_code, 2);
  EXPECT_NE(ran_.err.find("requirements.txt:2"), std::string::npos) << ran_.err;
}

TEST_F(Direct, OneNameFromTwoPlacesIsAConflict) {
  write_project("one", "a", "1.0");
  write_project("two", "a", "2.0");
  packages({"--with", "./one", "--with", "./two"});
  EXPECT_EQ(ran_.exit_code, 3);
  EXPECT_NE(ran_.err.find("a is asked for from two places"), std::string::npos) << ran_.err;
  packages({"--with", "./one", "--with", "a @ file://" + (directory_ / "one")});
  EXPECT_EQ(ran_.exit_code, 0) << ran_.err;
}

TEST_F(Direct, AnotherNameThanThatOfThePlaceIsAConflict) {
  write_project("one", "a", "1.0");
  packages({"--with", "b @ file://" + (directory_ / "one")});
  EXPECT_EQ(ran_.exit_code, 3) << ran_.err;
}

TEST_F(Direct, AVersionThatOthersRefuseIsNoSolution) {
  server_.add({.name = "b", .needs = {"a>=2"}});
  write_project("one", "a", "1.0");
  packages({"--with", "./one", "--with", "b"});
  EXPECT_EQ(ran_.exit_code, 4);
  EXPECT_NE(ran_.err.find("a>=2"), std::string::npos) << ran_.err;
}

TEST_F(Direct, WhatWasNamedMayNameOthersByUrl) {
  server_.add({.name = "c"});
  write_project("one", "a", "1.0", {"b @ file://" + (directory_ / "two")});
  write_project("two", "b", "1.2", {"c"});
  auto found = packages({"--with", "./one"});
  EXPECT_EQ(found["b"]["version"], "1.2") << ran_.err;
  EXPECT_EQ(found["b"]["direct"], false);
  EXPECT_TRUE(found.contains("c"));
}

TEST_F(Direct, AReleaseOfAnIndexMayNotUnlessTheUserNamesTheSame) {
  server_.add({.name = "b"});
  server_.add({.name = "a", .needs = {"b @ " + wheel_url("b", "1.0")}});
  packages({"--with", "a"});
  EXPECT_EQ(ran_.exit_code, 4);
  EXPECT_NE(ran_.err.find("nothing is taken from a URL that you do not name"), std::string::npos)
      << ran_.err;
  auto found = packages({"--with", "a", "--with", "b @ " + wheel_url("b", "1.0")});
  EXPECT_EQ(found["b"]["version"], "1.0") << ran_.err;
}

TEST_F(Direct, AnOverrideSaysWhichPlaceCounts) {
  server_.add({.name = "a", .version = "5.0"});
  write_project("one", "a", "1.0");
  write_project("two", "a", "2.0");
  directory_.write("two.txt", "a @ file://" + (directory_ / "two") + "\n");
  EXPECT_EQ(packages({"--with", "a @ file://" + (directory_ / "one"), "--override",
                      "two.txt"})["a"]["version"],
            "2.0")
      << ran_.err;
  directory_.write("index.txt", "a==5.0\n");
  EXPECT_EQ(packages({"--with", "a @ file://" + (directory_ / "one"), "--override",
                      "index.txt"})["a"]["version"],
            "5.0")
      << ran_.err;
}

TEST_F(Direct, TheSecondRunAsksNothingOfWhatHasAHash) {
  server_.add({.name = "a"});
  const std::string digest = support::sha256_hex(support::make_wheel({.name = "a"}));
  const std::string what = "a @ " + wheel_url("a", "1.0") + "#sha256=" + digest;
  keep_store_ = true;
  packages({"--with", what});
  EXPECT_EQ(server_.count("/files/"), 1U) << ran_.err;
  EXPECT_EQ(packages({"--with", what, "--offline"})["a"]["version"], "1.0") << ran_.err;
  EXPECT_EQ(server_.count("/files/"), 1U);
  packages({"--with", "a @ " + wheel_url("a", "9.9"), "--offline"});
  EXPECT_EQ(ran_.exit_code, 9) << ran_.err;
}

TEST_F(Direct, CutOffsAndPrereleasePoliciesDoNotHoldForWhatIsNamed) {
  write_project("one", "a", "1.0rc1");
  EXPECT_EQ(packages({"--with", "./one", "--exclude-newer", "2020-01-01", "--prerelease",
                      "explicit"})["a"]["version"],
            "1.0rc1")
      << ran_.err;
}

TEST_F(Direct, NoSecretOfAUrlIsShownOrWritten) {
  server_.add({.name = "a"});
  std::string url = wheel_url("a", "1.0");
  url.insert(7, "user:pa55w0rd@");
  packages({"--with", "a @ " + url, "-o", "pylock.toml", "-o", "lock.txt", "--report", "r.html",
            "--report", "r.md", "--report", "r.sarif", "-vv"});
  EXPECT_EQ(ran_.exit_code, 0) << ran_.err;
  for (const char* file : {"pylock.toml", "lock.txt", "r.html", "r.md", "r.sarif"}) {
    EXPECT_EQ(read(file).find("pa55w0rd"), std::string::npos) << file;
    EXPECT_FALSE(read(file).empty()) << file;
  }
  EXPECT_EQ((ran_.out + ran_.err).find("pa55w0rd"), std::string::npos);
  bool sent = false;
  for (const auto& request : server_.requests())
    sent = sent || request.headers.contains("authorization");
  EXPECT_TRUE(sent);
  url.insert(url.find("/files/"), "/nowhere");
  packages({"--with", "a @ " + url, "-vv"});
  EXPECT_NE(ran_.exit_code, 0);
  EXPECT_EQ((ran_.out + ran_.err).find("pa55w0rd"), std::string::npos) << ran_.err;
}

TEST_F(Direct, CheckSeesWhenALockIsNotWhatItsPlacesSayAnyMore) {
  server_.add({.name = "b"});
  server_.add({.name = "c"});
  write_project("one", "a", "1.0", {"b"});
  directory_.write("w-1.0-py3-none-any.whl", support::make_wheel({.name = "w"}));
  directory_.write("requirements.in", "-e ./one\n./w-1.0-py3-none-any.whl\n");
  for (const char* lock : {"pylock.toml", "lock.txt"}) {
    packages({"requirements.in", "-o", lock});
    ASSERT_EQ(ran_.exit_code, 0) << ran_.err;
    EXPECT_EQ(advise({"requirements.in", "--check", "-o", lock}).exit_code, 0) << lock;
  }
  write_project("one", "a", "1.0", {"b", "c"});
  ran_ = advise({"requirements.in", "--check", "-o", "pylock.toml"});
  EXPECT_EQ(ran_.exit_code, 5) << ran_.err;
  write_project("one", "a", "1.0", {"b"});
  directory_.write("w-1.0-py3-none-any.whl",
                   support::make_wheel({.name = "w", .contents = {{"w.py", "changed"}}}));
  ran_ = advise({"requirements.in", "--check", "-o", "pylock.toml"});
  EXPECT_EQ(ran_.exit_code, 5) << ran_.err;
}

TEST_F(Direct, AllArtifactsAddNothingToWhatComesFromOnePlace) {
  write_project("one", "a", "1.0");
  auto found = packages({"--with", "./one", "--all-artifacts", "-o", "pylock.toml"});
  EXPECT_EQ(ran_.exit_code, 0) << ran_.err;
  EXPECT_TRUE(found["a"]["artifacts"].empty());
}

TEST_F(Direct, OtherVersionControlIsRefusedInASentence) {
  packages({"--with", "a @ hg+https://host.example/a"});
  EXPECT_EQ(ran_.exit_code, 2);
  EXPECT_NE(ran_.err.find("only those of git are supported"), std::string::npos) << ran_.err;
}

}  // namespace
}  // namespace plugin::test
