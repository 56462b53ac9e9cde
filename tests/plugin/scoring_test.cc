// Advisories and scores of releases through the program: which versions are taken, and what is said
// of them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class ScoringProgram : public testing::Test {
 protected:
  nlohmann::json advise(const std::vector<std::string>& options, int exit_code = 0) {
    std::vector<std::string> all{
        "advise",      "--python-version", "3.11",       "--platform", "manylinux_2_28_x86_64",
        "--index-url", server_.url(),      "--no-cache", "--json",     "--dry-run"};
    all.insert(all.end(), options.begin(), options.end());
    const Ran ran = run_program(all, directory_.path(), {{"SOURCE_DATE_EPOCH", "1735689600"}});
    EXPECT_EQ(ran.exit_code, exit_code) << ran.err;
    return nlohmann::json::parse(ran.out, nullptr, false);
  }

  static std::string version(const nlohmann::json& report, const std::string& name) {
    for (const auto& package : report["products"][0]["packages"]) {
      if (package["name"] == name) return package["version"];
    }
    return "none";
  }
  static std::string said(const nlohmann::json& report, const std::string& unit) {
    for (const auto& entry : report["products"][0]["justification"]) {
      if (entry["unit"] == unit) return entry["message"];
    }
    return "";
  }

  support::LoopbackServer server_;
  support::TempDirectory directory_;
};

constexpr const char* kAdvisory =
    R"({"id":"GHSA-1","aliases":["CVE-2024-7"],"summary":"reads what it should not",)"
    R"("severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],)"
    R"("references":[{"type":"ADVISORY","url":"https://advisories.example/GHSA-1"}],)"
    R"("affected":[{"package":{"ecosystem":"PyPI","name":"a"},"ranges":[{"type":"ECOSYSTEM",)"
    R"("events":[{"introduced":"2.0"},{"fixed":"4.0"}]}]}]})";

TEST_F(ScoringProgram, AVersionThatIsAffectedLosesAgainstOneThatIsNot) {
  for (const char* number : {"1.0", "2.0", "3.0"}) server_.add({.name = "a", .version = number});
  directory_.write("osv/GHSA-1.json", kAdvisory);
  const auto report = advise({"--with", "a", "--advisories", "osv"});
  EXPECT_EQ(version(report, "a"), "1.0");
  EXPECT_EQ(report["products"][0]["optimal"], true);
}

TEST_F(ScoringProgram, WhereNothingElseFitsThePenaltyIsExplained) {
  server_.add({.name = "a", .version = "3.0"});
  directory_.write("osv/GHSA-1.json", kAdvisory);
  const auto report = advise({"--with", "a", "--advisories", "osv"});
  EXPECT_NEAR(report["products"][0]["score"].get<double>(), -0.2, 1e-9);
  const auto& entry = report["products"][0]["justification"][0];
  EXPECT_EQ(entry["message"], "CVE-2024-7 (CRITICAL, CVSS 9.8): reads what it should not");
  EXPECT_EQ(entry["cve_id"], "CVE-2024-7");
  EXPECT_EQ(entry["advisory"], "GHSA-1");
  EXPECT_EQ(entry["version_range"], ">=2.0,<4.0");
  EXPECT_EQ(entry["unit"], "AdvisoryPenalty");
}

TEST_F(ScoringProgram, TheTypeSecurityExcludesAndSaysSo) {
  server_.add({.name = "a", .version = "3.0"});
  directory_.write("osv/GHSA-1.json", kAdvisory);
  const std::vector<std::string> asked{
      "--with", "a", "--advisories", "osv", "--recommendation-type", "security"};
  const auto refused = advise(asked, 8);
  EXPECT_NE(refused.dump().find("AdvisorySieve"), std::string::npos);
  server_.add({.name = "a", .version = "1.0"});
  EXPECT_EQ(version(advise(asked), "a"), "1.0");
}

TEST_F(ScoringProgram, OneThatALabelAllowsDoesNotCount) {
  for (const char* number : {"1.0", "3.0"}) server_.add({.name = "a", .version = number});
  directory_.write("osv/GHSA-1.json", kAdvisory);
  directory_.write("env.yaml", "labels: {allow-cve: \"cve-2024-7, CVE-1\"}\n");
  const auto report = advise({"--with", "a", "--advisories", "osv", "--environment", "env.yaml",
                              "--recommendation-type", "security"});
  EXPECT_EQ(version(report, "a"), "3.0");
}

TEST_F(ScoringProgram, ReleasesAreScoredByWhatTheIndexSaysOfThem) {
  server_.add({.name = "young", .version = "1.0", .upload_time = "2024-01-01T00:00:00Z"});
  server_.add({.name = "young", .version = "2.0", .upload_time = "2024-12-30T00:00:00Z"});
  server_.add({.name = "built", .version = "1.0"});
  server_.add({.name = "built", .version = "2.0", .tags = {}, .sdist = true});
  server_.add({.name = "gone", .version = "1.0", .yanked = true});
  const auto report = advise({"--with", "young", "--with", "built", "--with", "gone==1.0",
                              "--score", "age,wheels", "--score", "yanked"});
  EXPECT_EQ(version(report, "young"), "1.0");
  EXPECT_EQ(version(report, "built"), "1.0");
  EXPECT_NE(said(report, "YankedRelease"), "");
  EXPECT_EQ(version(advise({"--with", "young", "--with", "built"}), "young"), "2.0");
}

TEST_F(ScoringProgram, AnUnknownScoreIsAUsageError) {
  server_.add({.name = "a"});
  EXPECT_EQ(advise({"--with", "a", "--score", "beauty"}, 2)["errors"][0]["code"], "usage");
}

TEST_F(ScoringProgram, AnEarlierLockIsTheFloor) {
  for (const char* number : {"1.0", "2.0", "3.0"}) server_.add({.name = "a", .version = number});
  directory_.write("rules.yaml",
                   "units:\n  steps:\n  - name: Good\n    type: step\n    should_include:\n      "
                   "adviser_pipeline: true\n    match:\n      package_version:\n        name: a\n"
                   "        version: ==1.0\n    run:\n      score: 0.5\n");
  directory_.write("pylock.toml",
                   "lock-version = \"1.0\"\ncreated-by = \"t\"\n\n[[packages]]\nname = \"a\"\n"
                   "version = \"1.0\"\n");
  // An episode alone would not find it.
  const auto report = advise(
      {"--with", "a", "--prescriptions", "rules.yaml", "--upgrade", "--limit", "1", "--no-proof"});
  EXPECT_EQ(version(report, "a"), "1.0");
}

TEST_F(ScoringProgram, ASearchIsRecordedAndDrawn) {
  for (const char* name : {"a", "b", "c"}) {
    for (const char* number : {"1.0", "2.0", "3.0"}) server_.add({.name = name, .version = number});
  }
  std::string rules = "units:\n  steps:\n";
  for (const char* name : {"a", "b", "c"}) {
    rules += std::string("  - name: Good") + name +
             "\n    type: step\n    should_include:\n      adviser_pipeline: true\n    match:\n"
             "      package_version:\n        name: " +
             name + "\n        version: ==2.0\n    run:\n      score: 0.5\n";
  }
  directory_.write("rules.yaml", rules);
  const std::vector<std::string> asked{"advise",
                                       "--python-version",
                                       "3.11",
                                       "--platform",
                                       "manylinux_2_28_x86_64",
                                       "--index-url",
                                       server_.url(),
                                       "--no-cache",
                                       "--prescriptions",
                                       "rules.yaml",
                                       "--with",
                                       "a",
                                       "--with",
                                       "b",
                                       "--with",
                                       "c",
                                       "--no-proof",
                                       "--limit",
                                       "50",
                                       "--history",
                                       "h.tsv",
                                       "--report",
                                       "r.html"};
  ASSERT_EQ(run_program(asked, directory_.path()).exit_code, 0);
  const Ran drawn = run_program({"report", "history", "h.tsv"}, directory_.path());
  ASSERT_EQ(drawn.exit_code, 0) << drawn.err;
  EXPECT_EQ(drawn.out.find("<svg"), 0U);
  EXPECT_NE(drawn.out.find("<polyline"), std::string::npos);
  EXPECT_NE(support::read_file(directory_ / "r.html").find("<polyline"), std::string::npos);
  EXPECT_EQ(run_program({"report", "history", "rules.yaml"}, directory_.path()).exit_code, 2);
}

// A search that would go on for hours.
TEST_F(ScoringProgram, ASearchEndsByItsTimeLimitAndBySignalsWithTheBestSoFar) {
  std::string rules = "units:\n  steps:\n";
  std::string asked =
      std::string(SESHAT_PROGRAM) +
      " advise --python-version 3.11 --platform manylinux_2_28_x86_64 --no-cache "
      "--prescriptions rules.yaml --no-proof --limit 1000000000 -q --json --dry-run "
      "--index-url " +
      server_.url();
  for (const char* name : {"a", "b", "c"}) {
    for (const char* number : {"1.0", "2.0", "3.0"}) server_.add({.name = name, .version = number});
    rules += std::string("  - name: Good") + name +
             "\n    type: step\n    should_include:\n      adviser_pipeline: true\n    match:\n"
             "      package_version:\n        name: " +
             name + "\n        version: ==2.0\n    run:\n      score: 0.5\n";
    asked += std::string(" --with ") + name;
  }
  directory_.write("rules.yaml", rules);
  for (const std::string& way :
       {asked + " --time-limit 300ms",
        asked + " & p=$!; sleep 2; kill -USR1 $p; sleep 1; kill -TERM $p; wait $p"}) {
    const Ran ran = run_command({"sh", "-c", way}, directory_.path());
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const auto report = nlohmann::json::parse(ran.out, nullptr, false);
    EXPECT_EQ(report["degraded"], true);
    EXPECT_EQ(report["products"][0]["score"], 1.5);
    EXPECT_GT(report["search"]["episodes"], 2);
    EXPECT_EQ(report["search"]["generator"], "xoshiro256**");
  }
}

TEST_F(ScoringProgram, MonkeyTriesEachStackOnce) {
  for (const char* number : {"1.0", "2.0", "3.0"}) {
    server_.add({.name = "a", .version = number});
    server_.add({.name = "b", .version = number, .needs = {"a<=" + std::string(number)}});
  }
  const auto monkey = [&](std::vector<std::string> options) {
    std::vector<std::string> all{
        "monkey",      "--python-version", "3.11",       "--platform", "manylinux_2_28_x86_64",
        "--index-url", server_.url(),      "--no-cache", "--with",     "b",
        "-q"};
    all.insert(all.end(), options.begin(), options.end());
    return run_program(all, directory_.path());
  };
  const auto lines = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(lines(monkey({"--decision-type", "all", "--count", "100"}).out), 6);
  EXPECT_EQ(lines(monkey({"--decision-type", "random", "--count", "100"}).out), 6);
  EXPECT_EQ(monkey({"--seed", "3", "--count", "2"}).out,
            monkey({"--seed", "3", "--count", "2"}).out);
  const std::vector<std::string> tried{"--decision-type",
                                       "all",
                                       "--count",
                                       "4",
                                       "-o",
                                       "tries",
                                       "--exec",
                                       "echo once >> ../log; test $SESHAT_STACK != 2"};
  const Ran ran = monkey(tried);
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  ASSERT_EQ(lines(ran.out), 4);
  EXPECT_EQ(nlohmann::json::parse(ran.out.substr(0, ran.out.find('\n')))["exit_code"], 0);
  EXPECT_NE(support::read_file(directory_ / "tries/2/verdict.json").find("\"exit_code\": 1"),
            std::string::npos);
  // As after a kill: what is missing is tried, the rest is not.
  ASSERT_EQ(std::remove((directory_.path() + "/tries/3/verdict.json").c_str()), 0);
  EXPECT_EQ(monkey(tried).out, ran.out);
  EXPECT_EQ(lines(support::read_file(directory_ / "tries/log")), 5);
}

TEST_F(ScoringProgram, UnitsOfTheMonkeyAreThoseThatSaySo) {
  for (const char* number : {"1.0", "2.0"}) server_.add({.name = "a", .version = number});
  const auto sieve = [](const std::string& name, const std::string& include,
                        const std::string& version) {
    return "  - name: " + name + "\n    type: sieve\n    should_include:\n" + include +
           "    match:\n      package_version:\n        name: a\n        version: ==" + version +
           "\n";
  };
  directory_.write("rules.yaml", "units:\n  sieves:\n" +
                                     sieve("Monkey",
                                           "      dependency_monkey_pipeline: true\n      "
                                           "decision_types: [all]\n",
                                           "1.0") +
                                     sieve("Advise", "      adviser_pipeline: true\n", "2.0"));
  EXPECT_EQ(version(advise({"--with", "a", "--prescriptions", "rules.yaml"}), "a"), "1.0");
  for (const auto& [type, stacks] : {std::pair{"all", 1}, {"random", 2}}) {
    const Ran ran =
        run_program({"monkey", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64",
                     "--index-url", server_.url(), "--no-cache", "--with", "a", "--prescriptions",
                     "rules.yaml", "--decision-type", type},
                    directory_.path());
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), stacks) << type << ran.out;
  }
}

}  // namespace
}  // namespace plugin::test
