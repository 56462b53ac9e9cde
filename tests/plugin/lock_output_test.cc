// The files that a lock is written to, and locks that are named as SRC. The real program against an
// index on loopback.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class LockOutput : public testing::Test {
 protected:
  LockOutput() {
    server_.add({.name = "a", .version = "1.0", .needs = {"b>=1"}});
    server_.add({.name = "b", .version = "1.5"});
    server_.add({.name = "c", .needs = {"b"}});
    server_.add({.name = "d"});
  }
  Ran advise(std::vector<std::string> more) {
    std::vector<std::string> all{
        "advise",      "--python-version", "3.11",      "--platform", "manylinux_2_28_x86_64",
        "--index-url", server_.url(),      "--no-cache"};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all, directory_.path());
  }
  std::string pipfile() const {
    return "[[source]]\nurl = \"" + server_.url() +
           "\"\nname = \"x\"\nverify_ssl = true\n[packages]\na = \"*\"\n[dev-packages]\nc = "
           "\"*\"\n[docs]\nd = \"*\"\n";
  }
  // The packages of an advise run as "name version".
  std::vector<std::string> locked(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    ran_ = advise(std::move(arguments));
    std::vector<std::string> names;
    const auto report = nlohmann::json::parse(ran_.out, nullptr, false);
    if (report.is_discarded() || report["products"].empty()) return names;
    for (const auto& package : report["products"][0]["packages"])
      names.push_back(package["name"].get<std::string>() + " " +
                      package["version"].get<std::string>());
    return names;
  }

  using Names = std::vector<std::string>;
  support::LoopbackServer server_;
  support::TempDirectory directory_;
  Ran ran_;
};

std::vector<std::string> keys(const nlohmann::json& object) {
  std::vector<std::string> names;
  for (const auto& [key, value] : object.items()) names.push_back(key);
  return names;
}

TEST_F(LockOutput, APipfileLockHasASectionForEachCategory) {
  directory_.write("Pipfile", pipfile());
  const Ran ran = advise({"Pipfile", "-o", "Pipfile.lock", "-o", "pylock.toml"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto lock = nlohmann::json::parse(support::read_file(directory_ / "Pipfile.lock"));
  EXPECT_EQ(keys(lock["default"]), (Names{"a", "b"}));
  EXPECT_EQ(keys(lock["develop"]), (Names{"b", "c"})) << "a section is installed by itself";
  EXPECT_EQ(keys(lock["docs"]), (Names{"d"}));
  EXPECT_EQ(lock["default"]["a"]["version"], "==1.0");
  EXPECT_EQ(lock["default"]["a"]["hashes"].size(), 1U);
  EXPECT_EQ(lock["_meta"]["hash"]["sha256"].get<std::string>().size(), 64U);
  const std::string pylock = support::read_file(directory_ / "pylock.toml");
  EXPECT_EQ(pylock.find("name = \"c\""), std::string::npos) << "without --dev";
}

// What pipenv 2026.10.3 writes for this Pipfile.
TEST_F(LockOutput, TheHashIsPipenvs) {
  directory_.write("Pipfile",
                   "[[source]]\nurl = \"http://127.0.0.1:8931/simple/\"\nverify_ssl = false\n"
                   "name = \"loop\"\n\n[packages]\nappa = {version = \"*\", extras = "
                   "[\"more\"]}\n\n[dev-packages]\ndevd = \">=1\"\n\n[docs]\ndocf = \"*\"\n\n"
                   "[requires]\npython_version = \"3.11\"\n");
  server_.add({.name = "appa", .extras = {"more"}});
  server_.add({.name = "devd"});
  server_.add({.name = "docf"});
  const Ran ran = advise({"Pipfile", "-o", "-", "--format", "pipfile", "-q"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(nlohmann::json::parse(ran.out)["_meta"]["hash"]["sha256"],
            "2166b874cde4107dab4a9b2cf5a4b72fe290ec7e9a96ddddcf1ec7286a71886f");
}

TEST_F(LockOutput, APipfileLockNeedsAPipfile) {
  directory_.write("requirements.in", "a\n");
  const Ran ran = advise({"requirements.in", "-o", "Pipfile.lock"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("a Pipfile.lock is made from a Pipfile"), std::string::npos) << ran.err;
}

TEST_F(LockOutput, FilesOfOtherTargetsAreListedWhenAskedFor) {
  server_.add({.name = "e",
               .tags = {"cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-win_amd64"},
               .sdist = true});
  directory_.write("requirements.in", "e\n");
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  const std::string few = support::read_file(directory_ / "pylock.toml");
  EXPECT_EQ(few.find("win_amd64"), std::string::npos);
  EXPECT_EQ(few.find(".tar.gz"), std::string::npos);
  const Ran ran = advise({"requirements.in", "--all-artifacts", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const std::string all = support::read_file(directory_ / "pylock.toml");
  EXPECT_NE(all.find("win_amd64"), std::string::npos);
  EXPECT_NE(all.find(".tar.gz"), std::string::npos);
  const auto report = nlohmann::json::parse(ran.out);
  EXPECT_EQ(report["products"][0]["packages"][0]["artifacts"].size(), 1U)
      << "the report lists only what fits";
}

TEST_F(LockOutput, ALockAsSourceIsVerifiedAndNothingIsWritten) {
  directory_.write("Pipfile", pipfile());
  ASSERT_EQ(advise({"Pipfile", "-o", "pylock.toml", "-o", "Pipfile.lock", "-o", "r.txt"}).exit_code,
            0);
  server_.add({.name = "a", .version = "9.0"});
  const std::string before = support::read_file(directory_ / "pylock.toml");
  for (const std::string name : {"pylock.toml", "Pipfile.lock"}) {
    EXPECT_EQ(locked({name}), (Names{"a 1.0", "b 1.5"})) << name << ran_.err;
  }
  EXPECT_EQ(locked({"Pipfile.lock", "--dev"}), (Names{"a 1.0", "b 1.5", "c 1.0", "d 1.0"}));
  EXPECT_EQ(support::read_file(directory_ / "pylock.toml"), before);
}

// What is needed elsewhere only does not have to be installable here.
TEST_F(LockOutput, LocksForAllPlatformsAreSources) {
  server_.add({.name = "w", .tags = {"py3-none-win_amd64"}});
  server_.add({.name = "f", .needs = {"b", "w; sys_platform == 'win32'"}});
  server_.add({.name = "f", .version = "2.0"});
  directory_.write("poetry.lock",
                   "[[package]]\nname = \"b\"\nversion = \"1.5\"\nfiles = []\n"
                   "[[package]]\nname = \"f\"\nversion = \"1.0\"\nfiles = []\n"
                   "[package.dependencies]\nb = \"*\"\nw = {version = \"*\", markers = "
                   "\"sys_platform == 'win32'\"}\n"
                   "[[package]]\nname = \"w\"\nversion = \"1.0\"\nfiles = []\n"
                   "[metadata]\nlock-version = \"2.1\"\n");
  directory_.write("uv.lock",
                   "version = 1\n[[package]]\nname = \"app\"\nversion = \"0\"\nsource = { virtual "
                   "= \".\" }\n[[package]]\nname = \"b\"\nversion = \"1.5\"\n"
                   "[[package]]\nname = \"f\"\nversion = \"1.0\"\ndependencies = [{ name = \"b\" "
                   "}, { name = \"w\", marker = \"sys_platform == 'win32'\" }]\n"
                   "[[package]]\nname = \"w\"\nversion = \"1.0\"\n");
  directory_.write("pdm.lock",
                   "[[package]]\nname = \"b\"\nversion = \"1.5\"\n"
                   "[[package]]\nname = \"f\"\nversion = \"1.0\"\ndependencies = [\"b\", \"w; "
                   "sys_platform == 'win32'\"]\n"
                   "[[package]]\nname = \"w\"\nversion = \"1.0\"\n");
  for (const std::string name : {"poetry.lock", "uv.lock", "pdm.lock"}) {
    EXPECT_EQ(locked({name}), (Names{"b 1.5", "f 1.0"})) << name << ran_.err;
  }
}

}  // namespace
}  // namespace plugin::test
