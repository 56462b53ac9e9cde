// `seshat advise` as a whole: the real program against an index on loopback.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class Advise : public testing::Test {
 protected:
  Ran advise(std::vector<std::string> arguments,
             const std::map<std::string, std::string>& variables = {}) {
    std::vector<std::string> all{
        "advise",      "--python-version", "3.11",      "--platform", "manylinux_2_28_x86_64",
        "--index-url", server_.url(),      "--no-cache"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program(all, directory_.path(), variables);
  }

  // The versions that the JSON report locks.
  std::map<std::string, std::string> locked(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    ran_ = advise(std::move(arguments));
    std::map<std::string, std::string> versions;
    auto report = nlohmann::json::parse(ran_.out, nullptr, false);
    if (report.is_discarded() || report["products"].empty()) return versions;
    for (const auto& package : report["products"][0]["packages"])
      versions[package["name"]] = package["version"];
    return versions;
  }
  nlohmann::json report() const { return nlohmann::json::parse(ran_.out); }

  using Versions = std::map<std::string, std::string>;
  support::LoopbackServer server_;
  support::TempDirectory directory_;
  Ran ran_;
};

TEST_F(Advise, LocksTheNewestVersionsAndTheirDependencies) {
  server_.add({.name = "a", .version = "1.0"});
  server_.add({.name = "a", .version = "2.0", .needs = {"b>=1"}});
  server_.add({.name = "b", .version = "1.5"});
  EXPECT_EQ(locked({"--with", "a"}), (Versions{{"a", "2.0"}, {"b", "1.5"}})) << ran_.err;
  EXPECT_EQ(ran_.exit_code, 0);
}

TEST_F(Advise, WritesThePylockBesideTheManifest) {
  server_.add({.name = "a"});
  directory_.write("app/requirements.in", "a\n");
  Ran ran = advise({"app/requirements.in"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(support::read_file(directory_ / "app/pylock.toml").find("name = \"a\""),
            std::string::npos);
}

TEST_F(Advise, TheSameInputsGiveTheSameBytes) {
  server_.add({.name = "a", .needs = {"b", "c"}});
  server_.add({.name = "b"});
  server_.add({.name = "c"});
  advise({"--with", "a", "-o", "one.txt"});
  advise({"--with", "a", "-o", "two.txt"});
  EXPECT_FALSE(support::read_file(directory_ / "one.txt").empty());
  EXPECT_EQ(support::read_file(directory_ / "one.txt"), support::read_file(directory_ / "two.txt"));
}

TEST_F(Advise, AWheelForANewerLibcIsNoCandidate) {
  server_.add({.name = "a", .version = "1.0", .tags = {"cp311-cp311-manylinux_2_17_x86_64"}});
  server_.add({.name = "a", .version = "2.0", .tags = {"cp311-cp311-manylinux_2_34_x86_64"}});
  EXPECT_EQ(locked({"--with", "a"}), (Versions{{"a", "1.0"}}));
}

TEST_F(Advise, TheFailureNamesTheLibcThatIsMissing) {
  server_.add({.name = "a", .version = "2.0", .tags = {"cp311-cp311-manylinux_2_34_x86_64"}});
  EXPECT_TRUE(locked({"--with", "a"}).empty());
  EXPECT_EQ(ran_.exit_code, 4);
  EXPECT_NE(report()["explanation"].get<std::string>().find(
                "needs glibc 2.34; this target has glibc 2.28"),
            std::string::npos)
      << report()["explanation"];
}

TEST_F(Advise, PillowIsLockedToAnotherVersionBesideNumpy) {
  server_.add({.name = "pillow", .version = "8.2.0"});
  server_.add({.name = "pillow", .version = "8.3.0"});
  server_.add({.name = "numpy", .version = "1.21.0"});
  EXPECT_EQ(locked({"--with", "pillow", "--with", "numpy"}),
            (Versions{{"numpy", "1.21.0"}, {"pillow", "8.2.0"}}));
}

TEST_F(Advise, PillowPinnedBesideNumpyIsNotAcceptable) {
  server_.add({.name = "pillow", .version = "8.3.0"});
  server_.add({.name = "numpy", .version = "1.21.0"});
  EXPECT_TRUE(locked({"--with", "pillow==8.3.0", "--with", "numpy"}).empty());
  EXPECT_EQ(ran_.exit_code, 8);
  EXPECT_EQ(report()["outcome"], "not_acceptable");
  EXPECT_NE(ran_.err.find("https://github.com/python-pillow/Pillow/issues/5571"), std::string::npos)
      << ran_.err;
}

TEST_F(Advise, ARefusedCombinationIsSeenThroughADependency) {
  server_.add({.name = "pillow", .version = "8.3.0"});
  server_.add({.name = "numpy", .version = "1.21.0"});
  server_.add({.name = "scipy", .version = "1.7.0", .needs = {"numpy"}});
  locked({"--with", "pillow==8.3.0", "--with", "scipy"});
  EXPECT_EQ(ran_.exit_code, 8);
}

TEST_F(Advise, ARequirementThatNoVersionMeetsIsToldWithTheNewest) {
  server_.add({.name = "a", .version = "2.0.1"});
  EXPECT_TRUE(locked({"--with", "a>=2.1"}).empty());
  EXPECT_NE(report()["explanation"].get<std::string>().find("the newest that can be used is 2.0.1"),
            std::string::npos)
      << report()["explanation"];
}

TEST_F(Advise, TheNewestThatIsToldIsNotTheOneOfAnEarlierLock) {
  server_.add({.name = "a", .version = "1.0"});
  server_.add({.name = "a", .version = "2.0.1"});
  EXPECT_EQ(locked({"--with", "a<2"}), (Versions{{"a", "1.0"}}));
  EXPECT_TRUE(locked({"--with", "a>=2.1"}).empty());
  EXPECT_NE(report()["explanation"].get<std::string>().find("the newest that can be used is 2.0.1"),
            std::string::npos)
      << report()["explanation"];
}

TEST_F(Advise, AnUnknownPackageIsNoSolution) {
  EXPECT_TRUE(locked({"--with", "nothing-of-that-name"}).empty());
  EXPECT_EQ(ran_.exit_code, 4);
  EXPECT_EQ(report()["outcome"], "no_solution");
  EXPECT_NE(report()["explanation"].get<std::string>().find("nothing-of-that-name"),
            std::string::npos);
}

TEST_F(Advise, AnIndexThatDoesNotAnswerIsUnavailable) {
  std::string url = server_.url();
  Ran ran =
      run_program({"advise", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64",
                   "--index-url", "http://127.0.0.1:9/simple/", "--no-cache", "--with", "a"},
                  directory_.path());
  EXPECT_EQ(ran.exit_code, 9) << ran.err;
  EXPECT_TRUE(support::read_file(directory_ / "pylock.toml").empty());
}

TEST_F(Advise, AFailureLeavesTheLockAsItWas) {
  server_.add({.name = "a"});
  directory_.write("requirements.in", "a\nmissing\n");
  directory_.write("pylock.toml",
                   "lock-version = \"1.0\"\ncreated-by = \"somebody\"\npackages = []\n");
  Ran ran = advise({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_NE(support::read_file(directory_ / "pylock.toml").find("somebody"), std::string::npos);
}

TEST_F(Advise, AMalformedRequirementIsShownWithACaret) {
  directory_.write("requirements.in", "a\nflask >=\n");
  Ran ran = advise({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("requirements.in:2:"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find('^'), std::string::npos) << ran.err;
}

TEST_F(Advise, MetadataThatContradictsItsFileNameIsNoCandidate) {
  server_.add({.name = "a", .version = "1.0"});
  server_.add({.name = "a",
               .version = "2.0",
               .metadata = "Metadata-Version: 2.1\nName: b\nVersion: 2.0\n"});
  EXPECT_EQ(locked({"--with", "a"}), (Versions{{"a", "1.0"}})) << ran_.err;
}

TEST_F(Advise, ABrokenPrescriptionIsShownWithItsPlace) {
  server_.add({.name = "a"});
  directory_.write("rules.yaml",
                   "units:\n  sieves:\n  - name: X\n    type: sieve\n    nonsense: 1\n");
  Ran ran = advise({"--with", "a", "--prescriptions", "rules.yaml"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("rules.yaml:"), std::string::npos) << ran.err;
}

TEST_F(Advise, ARootThatIsNotThereIsATargetMismatch) {
  Ran ran = run_program(
      {"advise", "--root", "/no/such/root", "--index-url", server_.url(), "--with", "a"},
      directory_.path());
  EXPECT_EQ(ran.exit_code, 6) << ran.err;
}

TEST_F(Advise, ARootWithoutPythonIsATargetMismatch) {
  support::TempDirectory root;
  root.write("etc/os-release", "ID=none\n");
  Ran ran =
      run_program({"advise", "--root", root.path(), "--index-url", server_.url(), "--with", "a"},
                  directory_.path());
  EXPECT_EQ(ran.exit_code, 6) << ran.err;
}

TEST_F(Advise, TheVersionsOfAnExistingLockAreKept) {
  server_.add({.name = "a", .version = "1.0"});
  directory_.write("requirements.in", "a\n");
  advise({"requirements.in"});
  server_.add({.name = "a", .version = "2.0"});
  EXPECT_EQ(locked({"requirements.in"}), (Versions{{"a", "1.0"}})) << ran_.err;
  EXPECT_EQ(locked({"requirements.in", "--upgrade"}), (Versions{{"a", "2.0"}}));
}

TEST_F(Advise, AnExtraBringsItsDependencies) {
  server_.add({.name = "a", .needs = {"b; extra == 'more'"}, .extras = {"more"}});
  server_.add({.name = "b"});
  EXPECT_EQ(locked({"--with", "a[more]"}), (Versions{{"a", "1.0"}, {"b", "1.0"}}));
  EXPECT_EQ(report()["products"][0]["packages"][0]["extras"], nlohmann::json::array({"more"}));
}

TEST_F(Advise, AConstraintHoldsWithoutBeingARequirement) {
  server_.add({.name = "a", .needs = {"b"}});
  server_.add({.name = "b", .version = "1.0"});
  server_.add({.name = "b", .version = "2.0"});
  server_.add({.name = "c"});
  directory_.write("constraints.txt", "b<2\nc<1\n");
  EXPECT_EQ(locked({"--with", "a", "-c", "constraints.txt"}),
            (Versions{{"a", "1.0"}, {"b", "1.0"}}));
}

TEST_F(Advise, AnOverrideReplacesTheRequirementsOnItsName) {
  server_.add({.name = "a", .needs = {"b>=2"}});
  server_.add({.name = "b", .version = "1.0"});
  server_.add({.name = "b", .version = "2.0"});
  directory_.write("override.txt", "b==1.0\n");
  EXPECT_EQ(locked({"--with", "a", "--override", "override.txt"}),
            (Versions{{"a", "1.0"}, {"b", "1.0"}}));
}

TEST_F(Advise, OnlyFilesWithTheGivenHashAreCandidates) {
  server_.add({.name = "a", .version = "1.0"});
  server_.add({.name = "a", .version = "2.0"});
  locked({"--with", "a==1.0"});
  const std::string digest =
      report()["products"][0]["packages"][0]["artifacts"][0]["hashes"]["sha256"];
  directory_.write("requirements.in", "a --hash=sha256:" + digest + "\n");
  EXPECT_EQ(locked({"requirements.in"}), (Versions{{"a", "1.0"}})) << ran_.err;
}

TEST_F(Advise, HashesOfARequirementThatDoesNotApplyAreNoMatter) {
  server_.add({.name = "a", .version = "1.0"});
  server_.add({.name = "a", .version = "2.0"});
  locked({"--with", "a==1.0"});
  const std::string digest =
      report()["products"][0]["packages"][0]["artifacts"][0]["hashes"]["sha256"];
  directory_.write("requirements.in", "a==1.0 ; python_version > '3' --hash=sha256:" + digest +
                                          "\na==2.0 ; python_version < '3' --hash=sha256:" +
                                          std::string(64, '0') + "\n");
  EXPECT_EQ(locked({"requirements.in"}), (Versions{{"a", "1.0"}})) << ran_.err;
}

TEST_F(Advise, AnOverrideWhoseMarkerIsFalseIsNone) {
  server_.add({.name = "a", .version = "1.0"});
  server_.add({.name = "a", .version = "2.0"});
  directory_.write("override.txt", "a==1.0 ; python_version < '3'\n");
  EXPECT_EQ(locked({"--with", "a", "--override", "override.txt"}), (Versions{{"a", "2.0"}}));
}

TEST_F(Advise, AYankedVersionIsTakenOnlyWhereThePinNamesIt) {
  server_.add({.name = "a", .version = "1.0"});
  server_.add({.name = "a", .version = "2.0", .yanked = true});
  directory_.write("override.txt", "a>=1\n");
  EXPECT_EQ(locked({"--with", "a==2.0"}), (Versions{{"a", "2.0"}}));
  EXPECT_EQ(locked({"--with", "a==2.0", "--override", "override.txt"}), (Versions{{"a", "1.0"}}));
}

TEST_F(Advise, APreReleaseOfAnOldLockIsNotKeptWhereNoneIsAllowed) {
  server_.add({.name = "a", .version = "1.0"});
  server_.add({.name = "a", .version = "2.0rc1"});
  directory_.write("requirements.in", "a\n");
  EXPECT_EQ(advise({"requirements.in", "--pre"}).exit_code, 0);
  EXPECT_EQ(locked({"requirements.in", "--prerelease", "disallow"}), (Versions{{"a", "1.0"}}));
}

TEST_F(Advise, ARuleOnParentsRefusesOnlyStacksWithTheseParents) {
  server_.add({.name = "par", .needs = {"q"}});
  server_.add({.name = "oth", .version = "1.0", .needs = {"q"}});
  server_.add({.name = "oth", .version = "2.0"});
  server_.add({.name = "q"});
  directory_.write("rules.yaml", R"(units:
  steps:
  - name: OnlyPar
    type: step
    should_include: {adviser_pipeline: true}
    match:
      package_version: {name: q}
      state:
        package_version_from: [{name: par}]
        package_version_from_allow_other: false
    run: {not_acceptable: q must not be there for par alone}
)");
  EXPECT_EQ(locked({"--with", "par", "--with", "oth", "--prescriptions", "rules.yaml"}),
            (Versions{{"oth", "1.0"}, {"par", "1.0"}, {"q", "1.0"}}))
      << ran_.err;
}

TEST_F(Advise, AnOutputThatIsAnInputIsRefused) {
  server_.add({.name = "a"});
  directory_.write("requirements.txt", "a\n");
  EXPECT_EQ(advise({"requirements.txt", "-o", "requirements.txt"}).exit_code, 2);
  EXPECT_EQ(support::read_file(directory_ / "requirements.txt"), "a\n");
}

TEST_F(Advise, NothingIsWrittenWhenOneOutputCannotBe) {
  server_.add({.name = "a"});
  Ran ran = advise({"--with", "a", "-o", "pylock.toml", "-o", "missing/requirements.txt"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(support::read_file(directory_ / "pylock.toml").empty());
  EXPECT_NE(ran.err.find("[exit code 2]"), std::string::npos) << ran.err;
}

TEST_F(Advise, AUrlThatCanNeverAnswerIsAMistakeOfConfiguration) {
  for (const char* url : {"nonsense", "ftp://files.example/simple", "https://"}) {
    Ran ran = run_program({"advise", "--python-version", "3.11", "--platform",
                           "manylinux_2_28_x86_64", "--index-url", url, "--with", "a", "--dry-run"},
                          directory_.path());
    EXPECT_EQ(ran.exit_code, 2) << url;
  }
}

TEST_F(Advise, AMissingExtraIsAWarning) {
  server_.add({.name = "a"});
  Ran ran = advise({"--with", "a[more]"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.err.find("has no extra \"more\""), std::string::npos) << ran.err;
}

TEST_F(Advise, TheLastLineNamesBothSidesOfAConflict) {
  server_.add({.name = "greeter", .version = "2.0", .needs = {"wording>=1.1"}});
  server_.add({.name = "wording", .version = "1.0"});
  server_.add({.name = "wording", .version = "1.1"});
  Ran ran = advise({"--with", "greeter", "--with", "wording<1.1"});
  EXPECT_EQ(ran.exit_code, 4);
  const std::string last = ran.err.substr(ran.err.rfind("seshat: "));
  EXPECT_NE(last.find("greeter"), std::string::npos) << last;
  EXPECT_NE(last.find("wording<1.1"), std::string::npos) << last;
}

TEST_F(Advise, RequiredHashesThatAreMissingAreShown) {
  directory_.write("requirements.in", "--require-hashes\na==1.0\n");
  Ran ran = advise({"requirements.in"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("requirements.in:2"), std::string::npos) << ran.err;
}

TEST_F(Advise, ThePipfileSaysWhichIndexIsAsked) {
  server_.add({.name = "a"});
  directory_.write("Pipfile", "[[source]]\nname = \"own\"\nurl = \"" + server_.url() +
                                  "\"\nverify_ssl = false\n\n[packages]\na = \"*\"\n");
  Ran ran = run_program({"advise", "Pipfile", "--python-version", "3.11", "--platform",
                         "manylinux_2_28_x86_64", "--no-cache"},
                        directory_.path());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(Advise, ReportsAreWrittenInTheFormatOfTheirName) {
  server_.add({.name = "a"});
  EXPECT_EQ(advise({"--with", "a", "--report", "r.json", "--report", "r.html", "--report",
                    "r.sarif", "--report", "r.md"})
                .exit_code,
            0);
  EXPECT_TRUE(support::read_file(directory_ / "r.json").starts_with("{"));
  EXPECT_NE(support::read_file(directory_ / "r.html").find("<html"), std::string::npos);
  EXPECT_NE(support::read_file(directory_ / "r.sarif").find("sarif"), std::string::npos);
  EXPECT_FALSE(support::read_file(directory_ / "r.md").empty());
}

TEST_F(Advise, TheDeclaredPythonIsTheTargets) {
  server_.add({.name = "a"});
  directory_.write("environment.yaml", "python_version: \"3.9\"\n");
  Ran ran = run_program(
      {"advise", "--environment", "environment.yaml", "--platform", "manylinux_2_28_x86_64",
       "--index-url", server_.url(), "--no-cache", "--with", "a", "--json", "--dry-run"},
      directory_.path());
  EXPECT_EQ(nlohmann::json::parse(ran.out)["target"]["python"]["version"], "3.9.0") << ran.err;
  EXPECT_EQ(advise({"--environment", "environment.yaml", "--with", "a"}).exit_code, 6);
}

TEST(Commands, AMissingLockIsCode5) {
  support::TempDirectory directory;
  for (std::vector<std::string> command :
       {std::vector<std::string>{"fetch", "nope.toml", "-d", "w"},
        {"install", "nope.toml"},
        {"verify", "nope.toml", "--root", directory.path()}}) {
    EXPECT_EQ(run_program(command, directory.path()).exit_code, 5) << command[0];
  }
}

TEST(Commands, AFullStandardOutputIsAnError) {
  support::TempDirectory directory;
  directory.write("root/etc/os-release", "ID=none\n");
  const std::string line = std::string(SESHAT_PROGRAM) + " inspect --json --root " +
                           (directory / "root") + " > /dev/full 2>/dev/null";
  EXPECT_NE(std::system(line.c_str()), 0);
}

TEST_F(Advise, DryRunWritesNothing) {
  server_.add({.name = "a"});
  EXPECT_EQ(advise({"--with", "a", "--dry-run"}).exit_code, 0);
  EXPECT_TRUE(support::read_file(directory_ / "pylock.toml").empty());
}

TEST_F(Advise, AnInterruptWritesNoLock) {
  server_.add({.name = "a"});
  server_.fail("a", {.delay_ms = 20000});
  directory_.write("pylock.toml",
                   "lock-version = \"1.0\"\ncreated-by = \"somebody\"\npackages = []\n");
  Ran ran = interrupt_program(
      {"advise", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64", "--index-url",
       server_.url(), "--no-cache", "--with", "a"},
      directory_.path(), 300);
  EXPECT_EQ(ran.exit_code, 130);
  EXPECT_NE(ran.err.find("interrupted"), std::string::npos) << ran.err;
  EXPECT_NE(support::read_file(directory_ / "pylock.toml").find("somebody"), std::string::npos);
}

TEST_F(Advise, AnsweredStatusesAreToldApart) {
  server_.add({.name = "a"});
  for (int status : {401, 403, 429, 500}) {
    server_.fail("a", {.status = status, .retry_after = "0"});
    Ran ran = advise({"--with", "a"});
    EXPECT_EQ(ran.exit_code, 9) << status << ": " << ran.err;
    EXPECT_NE(ran.err.find(std::to_string(status)), std::string::npos) << ran.err;
  }
}

TEST_F(Advise, APageThatIsNoIndexIsAnErrorThatNamesIt) {
  server_.put("/simple/a/", "<html><body><form>Please log in</form></body></html>", "text/html");
  Ran ran = advise({"--with", "a"});
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_NE(ran.err.find("/simple/a/"), std::string::npos) << ran.err;
  EXPECT_TRUE(support::read_file(directory_ / "pylock.toml").empty());
}

TEST_F(Advise, ATruncatedBodyIsUnavailable) {
  server_.add({.name = "a"});
  server_.fail("a", {.truncate_after = 20});
  EXPECT_EQ(advise({"--with", "a"}).exit_code, 9);
}

TEST_F(Advise, CredentialsOfAnIndexAreNeverShown) {
  server_.add({.name = "a"});
  std::string url = server_.url();
  url.insert(url.find("//") + 2, "user:secret@");
  Ran ran =
      run_program({"advise", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64",
                   "--index-url", url, "--no-cache", "--with", "a", "--with", "missing", "--json"},
                  directory_.path());
  EXPECT_EQ(ran.out.find("secret"), std::string::npos);
  EXPECT_EQ(ran.err.find("secret"), std::string::npos);
  Ran locked =
      run_program({"advise", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64",
                   "--index-url", url, "--no-cache", "--with", "a"},
                  directory_.path());
  EXPECT_EQ(locked.exit_code, 0) << locked.err;
  EXPECT_EQ(support::read_file(directory_ / "pylock.toml").find("secret"), std::string::npos);
  EXPECT_EQ(locked.out.find("secret"), std::string::npos);
}

TEST_F(Advise, AnIndexWithoutMetadataFilesGivesTheSameLock) {
  server_.add({.name = "a", .needs = {"b"}});
  server_.add({.name = "b"});
  Versions with = locked({"--with", "a"});
  support::LoopbackServer plain({.core_metadata = false});
  plain.add({.name = "a", .needs = {"b"}});
  plain.add({.name = "b"});
  Ran ran =
      run_program({"advise", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64",
                   "--index-url", plain.url(), "--no-cache", "--with", "a", "--json"},
                  directory_.path());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(nlohmann::json::parse(ran.out)["products"][0]["packages"].size(), with.size());
}

TEST_F(Advise, AnSdistIsReadThroughAWheelOfItsVersion) {
  server_.add({.name = "a",
               .needs = {"b"},
               .tags = {"cp36-cp36m-win_amd64"},
               .sdist = true,
               .metadata_version = "2.1"});
  server_.add({.name = "b"});
  EXPECT_EQ(locked({"--with", "a"}), (Versions{{"a", "1.0"}, {"b", "1.0"}})) << ran_.err;
}

TEST_F(Advise, AnSdistWithoutStaticMetadataIsNoCandidate) {
  server_.add({.name = "a", .tags = {}, .sdist = true, .metadata_version = "2.1"});
  EXPECT_TRUE(locked({"--with", "a"}).empty());
  EXPECT_EQ(ran_.exit_code, 4);
  EXPECT_NE(report()["explanation"].get<std::string>().find("metadata"), std::string::npos);
}

TEST_F(Advise, AFullDiskLeavesTheLockAsItWas) {
  server_.add({.name = "a"});
  Ran ran = advise({"--with", "a", "-o", "/proc/seshat/pylock.toml"});
  EXPECT_EQ(ran.exit_code, 2) << ran.err;
}

}  // namespace
}  // namespace plugin::test
