// `seshat advise --check`: is a lock still what is asked? The real program against an index on
// loopback.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class Check : public testing::Test {
 protected:
  Check() {
    server_.add({.name = "a", .version = "1.0", .needs = {"b>=1"}});
    server_.add({.name = "a",
                 .version = "2.0",
                 .needs = {"b>=1", "c; extra == 'more'"},
                 .extras = {"more"}});
    server_.add({.name = "b", .version = "1.5"});
    server_.add({.name = "b", .version = "2.0"});
    server_.add({.name = "c"});
    directory_.write("requirements.in", "a\n");
  }

  Ran advise(std::vector<std::string> more) {
    std::vector<std::string> all{"advise",  "--python-version", python_,      "--platform",
                                 platform_, "--index-url",      server_.url()};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all, directory_.path(), {{"SESHAT_CACHE_DIR", directory_ / cache_}});
  }
  Ran check(std::vector<std::string> more = {}) {
    more.emplace_back("--check");
    return advise(std::move(more));
  }

  support::LoopbackServer server_;
  support::TempDirectory directory_;
  std::string python_ = "3.11";
  std::string platform_ = "manylinux_2_28_x86_64";
  std::string cache_ = "cache";
};

TEST_F(Check, ALockThatWasJustMadeIsFreshInEveryFormat) {
  directory_.write("Pipfile", "[[source]]\nurl = \"" + server_.url() +
                                  "\"\nname = \"x\"\nverify_ssl = true\n[packages]\na = \"*\"\n"
                                  "[dev-packages]\nc = \"*\"\n");
  for (const std::string name : {"pylock.toml", "pylock.x.toml", "locked.txt", "Pipfile.lock"}) {
    const std::string source = name == "Pipfile.lock" ? "Pipfile" : "requirements.in";
    ASSERT_EQ(advise({source, "-o", name}).exit_code, 0) << name;
    const std::string before = support::read_file(directory_ / name);
    const Ran ran = check({source, "-o", name});
    EXPECT_EQ(ran.exit_code, 0) << name << ran.err;
    EXPECT_NE(ran.out.find(name + " is what is asked"), std::string::npos) << ran.out;
    EXPECT_EQ(support::read_file(directory_ / name), before);
  }
}

// What was changed after locking, and the reason that is given.
struct Change {
  const char* what;
  const char* requirements;
  std::vector<std::string> options;
  const char* reason;
};

TEST_F(Check, EveryChangeOfTheManifestHasItsReason) {
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  directory_.write("c.txt", "b<2\n");
  directory_.write("o.txt", "b==1.5\n");
  const Change changes[] = {
      {"missing", "a\nc\n", {}, "c: requirements.in:2 asks for c, and the lock has none"},
      {"version", "a<2\n", {}, "a: requirements.in:1 asks for a<2, and 2.0 is locked"},
      {"extra", "a[more]\n", {}, "c: a[more] 2.0 asks for c, and the lock has none"},
      {"superfluous", "b\n", {}, "a: nothing asks for it any more, and 2.0 is locked"},
      {"constraint", "a\n", {"-c", "c.txt"}, "the constraint b<2 (c.txt:1) does not admit 2.0"},
      {"override", "a\n", {"--override", "o.txt"}, "b: an override asks for b==1.5"},
      {"cut-off", "a\n", {"--exclude-newer", "2020-01-01"}, "uploaded after the cut-off"},
      {"no wheels", "a\n", {"--no-binary", "a"}, "it has only wheels that fit"},
      {"hash",
       "a --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
       "b --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
       {},
       "no file with a hash that the requirement gives"}};
  const std::string before = support::read_file(directory_ / "pylock.toml");
  for (const Change& change : changes) {
    directory_.write("requirements.in", change.requirements);
    std::vector<std::string> options = change.options;
    options.insert(options.begin(), "requirements.in");
    const Ran ran = check(options);
    EXPECT_EQ(ran.exit_code, 5) << change.what;
    EXPECT_NE(ran.err.find(change.reason), std::string::npos) << change.what << "\n" << ran.err;
  }
  EXPECT_EQ(support::read_file(directory_ / "pylock.toml"), before);
}

TEST_F(Check, ALockThatIsNotThereIsStale) {
  const Ran ran = check({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("there is no such file"), std::string::npos) << ran.err;
}

TEST_F(Check, AMalformedLockIsMalformedInput) {
  directory_.write("pylock.toml", "lock-version = ");
  EXPECT_EQ(check({"requirements.in"}).exit_code, 2);
}

TEST_F(Check, AnotherTargetNeedsAnotherLock) {
  server_.add({.name = "d", .tags = {"cp311-cp311-manylinux_2_28_x86_64"}});
  server_.add({.name = "d", .tags = {"cp311-cp311-manylinux_2_28_aarch64"}});
  directory_.write("requirements.in", "d\n");
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  platform_ = "manylinux_2_28_aarch64";
  Ran ran = check({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("d: 1.0 is locked without a file that this target can install"),
            std::string::npos)
      << ran.err;
  platform_ = "manylinux_2_28_x86_64";
  python_ = "3.12";
  ran = check({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("it is for Python ==3.11.*, and the target has 3.12"), std::string::npos)
      << ran.err;
}

TEST_F(Check, AnotherHashOnTheIndexIsTold) {
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  std::string text = support::read_file(directory_ / "pylock.toml");
  text.replace(text.find("sha256 = \"") + 10, 8, "00000000");
  directory_.write("pylock.toml", text);
  const Ran ran = check({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("a: the index has another hash for a-2.0-py3-none-any.whl"),
            std::string::npos)
      << ran.err;
}

TEST_F(Check, AnotherIndexIsTold) {
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  support::LoopbackServer other;
  other.add({.name = "a", .version = "2.0", .needs = {"b>=1"}});
  other.add({.name = "b", .version = "2.0"});
  const Ran ran = run_program({"advise", "--check", "--python-version", "3.11", "--platform",
                               platform_, "--index-url", other.url(), "--no-cache"},
                              directory_.path());
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("it was locked from"), std::string::npos) << ran.err;
}

TEST_F(Check, ARuleThatRefusesTheLockedStackIsTold) {
  directory_.write("requirements.in", "a\nb\n");
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  directory_.write("rules.yaml", R"(units:
  steps:
  - name: NotTogether
    type: step.Group
    should_include:
      adviser_pipeline: true
    match:
      group:
      - package_version: {name: a, version: ">=2.0"}
      - package_version: {name: b, version: ">=2.0"}
    run:
      not_acceptable: a 2 does not work with b 2
)");
  const Ran ran = check({"requirements.in", "--prescriptions", "rules.yaml"});
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("what is locked is no solution any more"), std::string::npos) << ran.err;
}

// Rules that change which packages are in a stack.
TEST_F(Check, ALockOfAStackThatRulesEditIsFresh) {
  server_.add({.name = "q", .needs = {"r"}});
  server_.add({.name = "r"});
  const std::string begin =
      "units:\n  steps:\n  - {name: R, should_include: {adviser_pipeline: true}, ";
  const std::string rules[] = {
      begin +
          "type: step.AddPackage, match: {package_version: {name: a}}, run: {package_version: "
          "{name: q, locked_version: '==1.0', index_url: '" +
          server_.url() + "', develop: false}}}\n",
      begin + "type: step.SkipPackage, match: {package_version: {name: b}}}\n"};
  for (const std::string& rule : rules) {
    directory_.write("rules.yaml", rule);
    const std::vector<std::string> asked{"requirements.in", "--prescriptions", "rules.yaml",
                                         "--upgrade"};
    ASSERT_EQ(advise(asked).exit_code, 0) << rule;
    Ran ran = check(asked);
    EXPECT_EQ(ran.exit_code, 0) << rule << ran.err;
    ran = check({"requirements.in"});
    EXPECT_EQ(ran.exit_code, 5) << rule << ran.out;
    directory_.write("more.in", "a\nc\n");
    ran = check({"more.in", "--prescriptions", "rules.yaml", "-o", "pylock.toml"});
    EXPECT_EQ(ran.exit_code, 5) << rule << ran.out;
    EXPECT_NE(ran.err.find("c: more.in:2 asks for c, and the lock has none"), std::string::npos)
        << ran.err;
  }
}

TEST_F(Check, AnEditThatIsNewMakesTheLockStale) {
  server_.add({.name = "q"});
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  const std::string begin =
      "units:\n  steps:\n  - {name: R, should_include: {adviser_pipeline: true}, ";
  directory_.write("add.yaml", begin +
                                   "type: step.AddPackage, match: {package_version: {name: a}}, "
                                   "run: {package_version: {name: q, locked_version: '==1.0', "
                                   "index_url: '" +
                                   server_.url() + "', develop: false}}}\n");
  Ran ran = check({"requirements.in", "--prescriptions", "add.yaml"});
  EXPECT_EQ(ran.exit_code, 5) << ran.out;
  EXPECT_NE(ran.err.find("q: "), std::string::npos) << ran.err;
  directory_.write("skip.yaml",
                   begin + "type: step.SkipPackage, match: {package_version: {name: b}}}\n");
  ran = check({"requirements.in", "--prescriptions", "skip.yaml"});
  EXPECT_EQ(ran.exit_code, 5) << ran.out;
}

TEST_F(Check, WithoutALockThereIsNothingToCheck) {
  ASSERT_EQ(advise({"requirements.in", "-o", "pylock.toml"}).exit_code, 0);
  Ran ran = check({"pylock.toml"});
  EXPECT_EQ(ran.exit_code, 2) << ran.out;
  EXPECT_NE(ran.err.find("--check needs -o to name the lock"), std::string::npos) << ran.err;
  ran = check({"requirements.in", "--check-wheels"});
  EXPECT_EQ(ran.exit_code, 2) << ran.out;
  EXPECT_NE(ran.err.find("--check-wheels resolves and cannot be combined with --check"),
            std::string::npos)
      << ran.err;
}

TEST_F(Check, WhatWasNotReadMakesNothingSuperfluous) {
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  const Ran ran = check({"requirements.in", "--no-binary", "a"});
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("a: 2.0 is locked"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("nothing asks for it any more"), std::string::npos) << ran.err;
}

TEST_F(Check, AYankedVersionIsKeptOnlyIfTheUserPinsIt) {
  server_.add({.name = "y", .version = "1.0"});
  server_.add({.name = "y", .version = "2.0", .yanked = true});
  directory_.write("requirements.in", "y==2.0\n");
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  EXPECT_EQ(check({"requirements.in"}).exit_code, 0);
  directory_.write("requirements.in", "y\n");
  const Ran ran = check({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 5) << ran.out;
  EXPECT_NE(ran.err.find("y: 2.0 is locked: it was yanked"), std::string::npos) << ran.err;
}

TEST_F(Check, APreReleaseIsKeptOnlyWhereItWouldBeTaken) {
  server_.add({.name = "p", .version = "1.0"});
  server_.add({.name = "p", .version = "2.0rc1"});
  directory_.write("requirements.in", "p>=2.0rc1\n");
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  EXPECT_EQ(check({"requirements.in"}).exit_code, 0);
  directory_.write("requirements.in", "p\n");
  EXPECT_EQ(check({"requirements.in", "--prerelease", "allow"}).exit_code, 0);
  const Ran ran = check({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 5) << ran.out;
  EXPECT_NE(ran.err.find("p: 2.0rc1 is locked, a pre-release, and 1.0 is what would be taken"),
            std::string::npos)
      << ran.err;
  EXPECT_EQ(check({"requirements.in", "--prerelease", "disallow"}).exit_code, 5);
}

TEST_F(Check, AWarmCheckAsksTheIndexNothing) {
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  const Ran ran = check({"requirements.in", "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto statistics = nlohmann::json::parse(ran.out)["statistics"];
  EXPECT_EQ(statistics["requests"], 0);
  EXPECT_EQ(statistics["pages"], 2);
  EXPECT_EQ(statistics["metadata"], 2);
}

TEST_F(Check, WithoutAStoreTheLocksOwnListIsTakenOnTrust) {
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  cache_ = "other";
  EXPECT_EQ(check({"requirements.in", "--offline"}).exit_code, 0);
  directory_.write("requirements.in", "a<2\n");
  EXPECT_EQ(check({"requirements.in", "--offline"}).exit_code, 5);
}

TEST_F(Check, RulesAreHeldAgainstWhatIsTakenOnTrust) {
  ASSERT_EQ(advise({"requirements.in"}).exit_code, 0);
  cache_ = "other";
  const std::string include = "should_include: {adviser_pipeline: true}, ";
  const std::pair<std::string, std::string> rules[] = {
      {"units:\n  sieves:\n  - {name: R, type: sieve, " + include +
           "match: {package_version: {name: a, version: '==2.0'}}}\n",
       "R removes 2.0"},
      {"units:\n  steps:\n  - {name: R, type: step.Group, " + include +
           "match: {group: [{package_version: {name: a}}, {package_version: {name: b, version: "
           "'>=2'}}]}, run: {not_acceptable: no such pair}}\n",
       "R refuses it: no such pair"}};
  for (const auto& [text, reason] : rules) {
    directory_.write("rules.yaml", text);
    const Ran ran = check({"requirements.in", "--offline", "--prescriptions", "rules.yaml"});
    EXPECT_EQ(ran.exit_code, 5) << ran.err;
    EXPECT_NE(ran.err.find(reason), std::string::npos) << ran.err;
  }
}

TEST_F(Check, AStackWithAPseudonymIsFreshUnderItsRuleOnly) {
  server_.add({.name = "q", .version = "2.0"});
  const std::string include = "should_include: {adviser_pipeline: true}, ";
  directory_.write("rules.yaml",
                   "units:\n  pseudonyms:\n  - {name: R, type: pseudonym, " + include +
                       "match: {package_version: {name: b}}, run: {yield: {package_version: {name: "
                       "q}}}}\n  steps:\n  - {name: S, type: step, " +
                       include + "match: {package_version: {name: q}}, run: {score: 0.5}}\n");
  const std::vector<std::string> asked{"requirements.in", "--prescriptions", "rules.yaml"};
  ASSERT_EQ(advise(asked).exit_code, 0);
  ASSERT_NE(support::read_file(directory_ / "pylock.toml").find("name = \"q\""), std::string::npos);
  Ran ran = check(asked);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  ran = check({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 5) << ran.out;
}

TEST_F(Check, WhatCannotBeKnownOfflineIsSaid) {
  ASSERT_EQ(advise({"requirements.in", "-o", "locked.txt"}).exit_code, 0);
  cache_ = "other";
  const Ran ran = check({"requirements.in", "--offline", "-o", "locked.txt"});
  EXPECT_EQ(ran.exit_code, 9);
  EXPECT_NE(ran.err.find("nothing speaks against locked.txt, but what it takes to check a "),
            std::string::npos)
      << ran.err;
}

TEST_F(Check, AChangedPipfileHasAnotherHash) {
  const std::string source =
      "[[source]]\nurl = \"" + server_.url() + "\"\nname = \"x\"\nverify_ssl = true\n";
  directory_.write("Pipfile", source + "[packages]\na = \"*\"\n");
  ASSERT_EQ(advise({"Pipfile", "-o", "Pipfile.lock"}).exit_code, 0);
  directory_.write("Pipfile", source + "[packages]\na = \">=1\"\n");
  const Ran ran = check({"Pipfile", "-o", "Pipfile.lock"});
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.err.find("its hash is another"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace plugin::test
