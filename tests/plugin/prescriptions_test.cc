// `seshat prescriptions` as a whole: exit codes, and what goes to which stream.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/support/distribution.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

using testing::HasSubstr;

constexpr const char* kGood =
    "units:\n  boots:\n  - {name: B, type: boot, should_include: {adviser_pipeline: true}, run: "
    "{}}\n";

class Prescriptions : public testing::Test {
 protected:
  Ran run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "prescriptions");
    return run_program(arguments, directory_.path());
  }
  support::TempDirectory directory_;
};

TEST_F(Prescriptions, LintAcceptsGoodRules) {
  directory_.write("good.yaml", kGood);
  const Ran ran = run({"lint", "good.yaml"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, "1 file, 1 unit: 0 errors, 0 warnings\n");
}

TEST_F(Prescriptions, LintListsEveryErrorAsJson) {
  directory_.write("bad.yaml", "units:\n  boots:\n  - {name: 7, type: boot, run: {x: 1}}\n");
  const Ran ran = run({"lint", "--format", "json", "bad.yaml"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.err, "");
  const auto report = nlohmann::json::parse(ran.out);
  EXPECT_EQ(report["schema"], "seshat.lint/1");
  EXPECT_EQ(report["errors"].size(), 3U);
  EXPECT_EQ(report["errors"][0]["file"], "bad.yaml");
  EXPECT_EQ(report["errors"][0]["line"], 3);
}

TEST_F(Prescriptions, ControlCharactersOfARuleDoNotReachTheTerminal) {
  directory_.write("evil.yaml",
                   "units:\n  boots:\n  - {name: B, type: \"boot\\x1b[31m\", should_include: "
                   "{adviser_pipeline: true}, run: {}}\n");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"lint", "evil.yaml"},
        {"list", "evil.yaml"},
        {"explain", "B", "--prescriptions", "evil.yaml"}}) {
    const Ran ran = run(arguments);
    EXPECT_EQ((ran.out + ran.err).find('\x1b'), std::string::npos) << arguments[0];
  }
}

TEST_F(Prescriptions, CompileWritesOneFileThatAdviseUses) {
  directory_.write("rules/veto.yaml",
                   "units:\n  boots:\n  - {name: B, type: boot, should_include: {adviser_pipeline: "
                   "true}, run: {not_acceptable: not here}}\n");
  EXPECT_EQ(run({"compile", "rules", "-o", "rules.compiled"}).exit_code, 0);
  const Ran ran =
      run_program({"advise", "--with", "a", "--dry-run", "--python-version", "3.11", "--platform",
                   "manylinux_2_28_x86_64", "--index-url", "http://127.0.0.1:1/simple",
                   "--no-cache", "--no-default-prescriptions", "--prescriptions", "rules.compiled"},
                  directory_.path());
  EXPECT_EQ(ran.exit_code, 8);
  EXPECT_THAT(ran.out + ran.err, HasSubstr("not here"));
}

TEST_F(Prescriptions, ADamagedCompiledFileIsRefused) {
  directory_.write("good.yaml", kGood);
  EXPECT_EQ(run({"compile", "good.yaml", "-o", "rules.compiled"}).exit_code, 0);
  std::string bytes = support::read_file(directory_.path() + "/rules.compiled");
  bytes.pop_back();
  directory_.write("rules.compiled", bytes);
  const Ran ran =
      run_program({"advise", "--with", "a", "--dry-run", "--python-version", "3.11", "--platform",
                   "manylinux_2_28_x86_64", "--index-url", "http://127.0.0.1:1/simple",
                   "--no-cache", "--prescriptions", "rules.compiled"},
                  directory_.path());
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("compile them again"));
}

TEST_F(Prescriptions, CompileWritesToStandardOutput) {
  directory_.write("good.yaml", kGood);
  EXPECT_EQ(run({"compile", "good.yaml", "-o", "rules.compiled"}).exit_code, 0);
  const Ran ran = run({"compile", "good.yaml", "-o", "-"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, support::read_file(directory_ / "rules.compiled"));
  EXPECT_TRUE(support::read_file(directory_ / "-").empty());
}

TEST_F(Prescriptions, AFullStandardOutputIsAnError) {
  directory_.write("good.yaml", kGood);
  for (const char* words :
       {"show B --prescriptions good.yaml", "explain B --prescriptions good.yaml", "list good.yaml",
        "lint good.yaml", "compile good.yaml -o -"}) {
    const std::string line = "cd " + directory_.path() + " && " + SESHAT_PROGRAM +
                             " prescriptions " + words + " > /dev/full 2>/dev/null";
    EXPECT_NE(std::system(line.c_str()), 0) << words;
  }
}

TEST_F(Prescriptions, TestSaysWhatCameOfACase) {
  directory_.write(
      "rules/veto.yaml",
      "units:\n  sieves:\n  - {name: S, type: sieve, should_include: {adviser_pipeline: "
      "true}, match: {package_version: {name: a, version: '>=2'}}}\n");
  directory_.write("cases.yaml",
                   "- {case: older, index: {a 1.0: [], a 2.0: []}, ask: [a], locked: [a==1.0]}\n"
                   "- {case: newer, index: {a 1.0: [], a 2.0: []}, ask: [a], locked: [a==2.0]}\n");
  const Ran ran = run({"test", "cases.yaml", "--prescriptions", "rules"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.out,
            "cases.yaml:2: newer: locked is [a==1.0], not [a==2.0]\n"
            "2 cases: 1 passed, 1 failed\n");
  const Ran json = run({"test", "--json", "cases.yaml", "--prescriptions", "rules"});
  const auto report = nlohmann::json::parse(json.out);
  EXPECT_EQ(report["schema"], "seshat.rule-test/1");
  EXPECT_EQ(report["passed"], 1);
  EXPECT_EQ(report["verdicts"][1]["passed"], false);
}

TEST_F(Prescriptions, TestRefusesACaseItDoesNotUnderstand) {
  directory_.write("cases.yaml", "- {case: x, ask: [a], lockd: [a==1.0]}\n");
  const Ran ran = run({"test", "cases.yaml"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("cases.yaml:1:"));
}

TEST_F(Prescriptions, AnArchiveIsReadAsADirectoryIs) {
  const std::string veto =
      "units:\n  boots:\n  - {name: B, type: boot, should_include: {adviser_pipeline: true}, run: "
      "{not_acceptable: not here}}\n";
  for (const char* format : {"zip", "tar.gz"}) {
    const std::string name = std::string("rules.") + format;
    directory_.write(name,
                     support::make_archive(format, {{"x/_prescription_metadata.yaml",
                                                     "prescription: {name: team, release: '1'}\n"},
                                                    {"x/a.yaml", veto}}));
    EXPECT_THAT(run({"list", name}).out, HasSubstr("team.B"));
    EXPECT_THAT(run({"list", name}).out, HasSubstr(name + "/x/a.yaml"));
    EXPECT_THAT(run({"show", "B", "--prescriptions", name}).out, HasSubstr("not here"));
    const Ran ran =
        run_program({"advise", "--with", "a", "--dry-run", "--python-version", "3.11", "--platform",
                     "manylinux_2_28_x86_64", "--index-url", "http://127.0.0.1:1/simple",
                     "--no-cache", "--no-default-prescriptions", "--prescriptions", name},
                    directory_.path());
    EXPECT_EQ(ran.exit_code, 8) << ran.err;
  }
}

TEST_F(Prescriptions, AServersRulesNeedTheirDigest) {
  support::LoopbackServer server;
  const std::string text(kGood);
  server.put("/rules.yaml", text, "text/yaml");
  const std::string url = server.root() + "/rules.yaml";
  EXPECT_EQ(run({"list", url}).exit_code, 2);
  EXPECT_THAT(run({"list", url}).err, HasSubstr("#sha256="));
  EXPECT_THAT(run({"list", url + "#sha256=" + support::sha256_hex(text)}).out, HasSubstr("B"));
  EXPECT_EQ(run({"list", url + "#sha256=" + support::sha256_hex("other")}).exit_code, 7);
}

TEST_F(Prescriptions, CompiledFilesAreListedAndExplained) {
  directory_.write("good.yaml", kGood);
  EXPECT_EQ(run({"compile", "good.yaml", "-o", "rules.compiled"}).exit_code, 0);
  EXPECT_EQ(run({"list", "rules.compiled"}).out, run({"list", "good.yaml"}).out);
  EXPECT_EQ(run({"lint", "rules.compiled"}).exit_code, 0);
  EXPECT_EQ(run({"explain", "B", "--prescriptions", "rules.compiled"}).out,
            run({"explain", "B", "--prescriptions", "good.yaml"}).out);
}

TEST_F(Prescriptions, CompileWritesNothingOfBadRules) {
  directory_.write("bad.yaml", "units: {boots: [{name: 7}]}\n");
  EXPECT_EQ(run({"compile", "bad.yaml", "-o", "rules.compiled"}).exit_code, 2);
  EXPECT_EQ(support::read_file(directory_.path() + "/rules.compiled"), "");
}

TEST_F(Prescriptions, ShowPrintsAUnitAsItIsWritten) {
  directory_.write("two.yaml",
                   "units:\n  boots:\n  - name: A\n    type: boot\n    should_include: "
                   "{adviser_pipeline: true}\n    run: {}\n  - name: B\n    type: boot\n    "
                   "should_include: {adviser_pipeline: true}\n    run: {}\n");
  const Ran ran = run({"show", "A", "--prescriptions", "two.yaml"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out,
            "# UNKNOWN.A, two.yaml:3\n  - name: A\n    type: boot\n    should_include: "
            "{adviser_pipeline: true}\n    run: {}\n");
}

TEST_F(Prescriptions, LintSpeaksSarif) {
  directory_.write("bad.yaml", "units:\n  boots:\n  - {name: 7, type: boot, run: {x: 1}}\n");
  const Ran ran = run({"lint", "--format", "sarif", "bad.yaml"});
  EXPECT_EQ(ran.exit_code, 2);
  const auto sarif = nlohmann::json::parse(ran.out);
  EXPECT_EQ(sarif["version"], "2.1.0");
  const auto& results = sarif["runs"][0]["results"];
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
}

TEST_F(Prescriptions, LintLooksAtTheShippedRulesWithoutASource) {
  const Ran ran = run({"lint"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr(": 0 errors, 0 warnings\n"));
}

TEST_F(Prescriptions, ListNamesUnits) {
  directory_.write("good.yaml", kGood);
  EXPECT_EQ(run({"list", "good.yaml"}).out, "boot                UNKNOWN.B  good.yaml:3\n");
}

TEST_F(Prescriptions, ExplainHoldsAUnitAgainstADeclaredEnvironment) {
  directory_.write("e.yaml", "rpm_packages: [{package_name: git}]\n");
  const Ran ran = run({"explain", "GitPythonNeedsGit", "--environment", "e.yaml"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("Here it stays out: runtime_environments.rpm_packages"));
}

TEST_F(Prescriptions, ExplainNamesWhatMayHaveBeenMeant) {
  const Ran ran = run({"explain", "GitPythonNeedGit"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("did you mean seshat.GitPythonNeedsGit?"));
}

}  // namespace
}  // namespace plugin::test
