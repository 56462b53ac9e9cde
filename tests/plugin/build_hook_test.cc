// `seshat build-hook` and `seshat labels` as a build runs them: the machine's own Python and pip,
// an index on loopback, a virtual environment in a temporary directory.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class BuildHook : public testing::Test {
 protected:
  using Variables = std::map<std::string, std::string>;
  BuildHook() {
    server_.add({.name = "greeter", .version = "2.0", .needs = {"wording>=1.1"}});
    server_.add({.name = "greeter", .version = "1.0"});
    server_.add({.name = "wording", .version = "1.1"});
    server_.add({.name = "wording", .version = "1.0"});
    directory_.write("app/requirements.in", "greeter\n");
  }
  void SetUp() override {
    if (run_command({kPython, "-m", "pip", "--version"}, "/").exit_code != 0)
      GTEST_SKIP() << "needs pip for " << kPython;
  }
  Ran hook(const std::vector<std::string>& more = {}, Variables variables = {}) {
    variables.emplace("SESHAT_INDEX_URL", server_.url());
    variables.emplace("PATH", "/usr/bin:/bin");
    std::vector<std::string> all{"build-hook", "-d", directory_ / "app", "--venv",
                                 directory_ / "venv"};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all, directory_.path(), variables);
  }
  std::string installed(const std::string& name) {
    return run_command({directory_ / "venv/bin/python", "-c",
                        "import importlib.metadata as m; print(m.version('" + name + "'), end='')"},
                       "/")
        .out;
  }
  std::string report() { return support::read_file(directory_ / "venv/share/seshat/report.json"); }
  static std::string last_line(std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    return text.substr(text.rfind('\n') + 1);
  }

  static constexpr const char* kPython = "/usr/bin/python3";
  support::LoopbackServer server_;
  support::TempDirectory directory_;
};

TEST_F(BuildHook, LocksInstallsAndVerifies) {
  const Ran ran = hook();
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_NE(last_line(ran.out).find("seshat: done: locked, installed and verified"),
            std::string::npos)
      << ran.out;
  EXPECT_EQ(installed("greeter"), "2.0");
  EXPECT_EQ(installed("wording"), "1.1");
  EXPECT_NE(report().find("\"outcome\": \"locked\""), std::string::npos);
  EXPECT_NE(support::read_file(directory_ / "venv/share/seshat/pylock.toml"), "");
  EXPECT_NE(ran.out.find("--label=io.seshat.status=ok"), std::string::npos) << ran.out;
}

TEST_F(BuildHook, WritesNothingIntoSourcesAndHome) {
  EXPECT_EQ(hook().exit_code, 0);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_ / "app"))
    names.push_back(entry.path().filename());
  EXPECT_EQ(names, (std::vector<std::string>{"requirements.in"}));
  EXPECT_FALSE(std::filesystem::exists(directory_ / ".cache"));  // HOME is the directory
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_ / "venv")) {
    EXPECT_FALSE(entry.path().extension() == ".pyc") << entry.path();
    EXPECT_FALSE(entry.path().extension() == ".whl") << entry.path();
  }
}

TEST_F(BuildHook, WithoutAHomeAndUnderAnyUmask) {
  const mode_t before = umask(0077);
  const Ran ran = hook({}, {{"HOME", "/proc"}});
  umask(before);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_ / "venv")) {
    if (entry.is_symlink()) continue;
    EXPECT_NE(entry.status().permissions() & std::filesystem::perms::others_read,
              std::filesystem::perms::none)
        << entry.path();
  }
}

TEST_F(BuildHook, EveryRefusalHasItsExitCodeAndLastLine) {
  directory_.write("app/requirements.in", "greeter==2.0\nwording<1.1\n");
  Ran ran = hook();
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_TRUE(last_line(ran.err).starts_with("seshat: stopped: no solution")) << ran.err;
  EXPECT_TRUE(last_line(ran.err).ends_with("[exit code 4]")) << ran.err;
  EXPECT_EQ(installed("wording"), "");
  ran = hook({}, {{"SESHAT_INDEX_URL", "http://127.0.0.1:1/simple/"}, {"SESHAT_RETRIES", "0"}});
  EXPECT_EQ(ran.exit_code, 9);
  ran = hook({}, {{"ENABLE_PIPENV", "1"}, {"ENABLE_MICROPIPENV", "1"}});
  EXPECT_EQ(ran.exit_code, 3);
  directory_.write("app/Pipfile", "[packages]\nother = \"*\"\n");
  EXPECT_EQ(hook().exit_code, 3);
}

TEST_F(BuildHook, AHashThatIsWrongStopsInsteadOfFallingBack) {
  server_.fail("/files/wording-1.1-py3-none-any.whl", {.flip = true});
  const Ran ran = hook({"--fallback"});
  EXPECT_EQ(ran.exit_code, 7) << ran.err;
  EXPECT_EQ(installed("greeter"), "");
}

TEST_F(BuildHook, OffInstallsAsIfItWereNotThere) {
  directory_.write("app/requirements.txt", "greeter==1.0\n");
  std::filesystem::remove(directory_ / "app/requirements.in");
  const Variables pip{{"PIP_INDEX_URL", server_.url()}, {"THOTH_OFF", "1"}};
  const Ran ran = hook({}, pip);
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_EQ(installed("greeter"), "1.0");
  EXPECT_EQ(report(), "");
  EXPECT_NE(last_line(ran.out).find("seshat: off"), std::string::npos) << ran.out;
  EXPECT_EQ(hook({"--leave-installing"}, {{"SESHAT_OFF", "1"}}).exit_code, 0);
}

TEST_F(BuildHook, ADryRunSaysWhatItWouldAndInstallsTheApplicationsLock) {
  directory_.write("app/requirements.txt", "greeter==1.0\n");
  std::filesystem::remove(directory_ / "app/requirements.in");
  directory_.write(".config/pip/pip.conf", "[global]\nindex-url = " + server_.url() + "\n");
  Ran ran = hook({}, {{"THOTH_DRY_RUN", "1"}});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("1 package for Python"), std::string::npos) << ran.out;
  EXPECT_EQ(installed("greeter"), "1.0");
  EXPECT_EQ(report(), "");
  directory_.write("app/requirements.txt", "greeter==7.0\n");  // would stop, and does not
  ran = hook({"--leave-installing"}, {{"SESHAT_DRY_RUN", "1"}});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(BuildHook, AFallbackIsSaidOnTheLastLineAndInTheReport) {
  directory_.write("app/requirements.in", "greeter==2.0\nwording<1.1\n");
  const Ran ran = hook({"--leave-installing"}, {{"THOTH_ERROR_FALLBACK", "1"}});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(last_line(ran.err).starts_with("seshat: degraded")) << ran.err;
  EXPECT_NE(report().find("\"degraded\": true"), std::string::npos) << report();
  const Ran labels = run_program({"labels", directory_ / "venv/share/seshat"}, directory_.path());
  EXPECT_NE(labels.out.find("--label=io.seshat.status=degraded"), std::string::npos) << labels.out;
}

TEST_F(BuildHook, LockedTakesTheApplicationsLock) {
  Ran ran = hook({"--locked"});
  EXPECT_EQ(ran.exit_code, 5) << ran.err;
  ran = run_program({"advise", "--with", "greeter<2", "-o", directory_ / "app/pylock.toml",
                     "--index-url", server_.url(), "--python", kPython},
                    directory_.path());
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  ran = hook({}, {{"THOTH_ADVISE", "0"}});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(installed("greeter"), "1.0");
  directory_.write("app/uv.lock", "version = 1\n");
  EXPECT_EQ(hook({"--locked"}).exit_code, 3);
}

TEST_F(BuildHook, TheDeclaredEnvironmentIsHeldAgainstTheImage) {
  directory_.write("app/.thoth.yaml",
                   "runtime_environments:\n- name: x\n  operating_system: {name: plan9, version: "
                   "'4'}\n");
  Ran ran = hook();
  EXPECT_EQ(ran.exit_code, 6) << ran.err;
  EXPECT_NE(last_line(ran.err).find("plan9"), std::string::npos) << ran.err;
  EXPECT_EQ(hook({}, {{"THOTH_CONFIG_CHECK", "0"}}).exit_code, 0);
  ran = hook({}, {{"THOTH_FORCE_GENERATE_CONFIG", "1"}});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(support::read_file(directory_ / "venv/share/seshat/thoth.yaml"), "");
}

TEST_F(BuildHook, WithASourceDateNothingIsNewer) {
  EXPECT_EQ(hook({}, {{"SOURCE_DATE_EPOCH", "1700000000"}}).exit_code, 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_ / "venv")) {
    struct stat known {};
    ASSERT_EQ(lstat(entry.path().c_str(), &known), 0);
    EXPECT_LE(known.st_mtime, 1700000000) << entry.path();
  }
}

TEST_F(BuildHook, FromOutsideItLocksAndFetchesOnly) {
  EXPECT_EQ(hook({"--root", directory_ / "root"}).exit_code, 2);
  // This machine's own tree under another name, as a mounted image is.
  directory_.write("outside/keep", "");
  std::filesystem::create_directory_symlink("/", directory_ / "root");
  const Ran ran = hook({"--root", directory_ / "root", "--output-directory", directory_ / "outside",
                        "--wheelhouse", directory_ / "wheels", "--python", kPython});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(last_line(ran.out).find("locked and fetched"), std::string::npos) << ran.out;
  EXPECT_TRUE(std::filesystem::exists(directory_ / "wheels/greeter-2.0-py3-none-any.whl"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "venv"));
}

TEST_F(BuildHook, LabelsInEveryFormat) {
  ASSERT_EQ(hook().exit_code, 0);
  const std::string place = directory_ / "venv/share/seshat";
  const auto labels = [&](const std::string& format) {
    return run_program({"labels", place, "--format", format}, directory_.path()).out;
  };
  EXPECT_NE(labels("docker").find("LABEL io.seshat.status=\"ok\"\n"), std::string::npos);
  EXPECT_NE(labels("annotations").find("--annotation=io.seshat.status=ok\n"), std::string::npos);
  EXPECT_NE(labels("shipwright").find("  labels:\n    io.seshat."), std::string::npos);
  EXPECT_NE(labels("s2i").find("\"io.seshat.status\": \"ok\""), std::string::npos) << labels("s2i");
  EXPECT_EQ(run_program({"labels", directory_ / "app"}, directory_.path()).exit_code, 2);
}

}  // namespace
}  // namespace plugin::test
