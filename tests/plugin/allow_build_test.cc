// `--allow-build`: metadata built by the real Python of this machine, with a backend that lies in
// the project, or with setuptools from an index on loopback.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/plugin/direct_fixture.h"

namespace plugin::test {
namespace {

namespace fs = std::filesystem;

class AllowBuild : public DirectFixture {
 protected:
  AllowBuild() {
    declared_ = false;
    server_.add({.name = "b"});
  }
  void SetUp() override {
    if (std::system("/usr/bin/python3 -c 'import venv' 2>/dev/null") != 0)
      GTEST_SKIP() << "skipped: /usr/bin/python3 has no venv";
  }

  std::map<std::string, nlohmann::json> built(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--python", "/usr/bin/python3", "--allow-build"});
    return packages(std::move(arguments));
  }
  std::vector<std::pair<std::string, std::string>> sources(const std::string& requires_ = "[]") {
    return {{"pyproject.toml",
             "[project]\nname = 'a'\ndynamic = ['version', 'dependencies']\n"
             "[build-system]\nrequires = " +
                 requires_ + "\nbuild-backend = 'backend'\nbackend-path = ['.']\n"},
            {"backend.py", kTinyBackend}};
  }
  void write_tree(const std::string& place) {
    for (const auto& [name, text] : sources()) directory_.write(place + "/" + name, text);
  }
  // An sdist whose metadata only a build tells.
  std::string sdist(const std::string& version,
                    std::vector<std::pair<std::string, std::string>> files) {
    const std::string top = "a-" + version + "/";
    for (auto& [name, text] : files) name = top + name;
    files.emplace_back(top + "PKG-INFO",
                       "Metadata-Version: 2.1\nName: a\nVersion: " + version + "\n");
    return support::make_archive("tar.gz", files);
  }
  // Serves setuptools and wheel, as this machine has them; false if it has them not.
  bool serve_setuptools() {
    std::error_code unknown;
    bool any = false;
    for (const auto& entry : fs::directory_iterator("/usr/share/python-wheels", unknown)) {
      const std::string leaf = entry.path().filename();
      if (!leaf.starts_with("setuptools-")) continue;
      server_.add_file(leaf, support::read_file(entry.path()));
      any = true;
    }
    const fs::path packages = "/usr/lib/python3/dist-packages";
    if (!any || !fs::exists(packages / "wheel/bdist_wheel.py", unknown)) return false;
    support::Release wheel{.name = "wheel", .version = "0.38.4"};
    for (const auto& entry : fs::recursive_directory_iterator(packages / "wheel")) {
      if (entry.path().extension() != ".py") continue;
      wheel.contents[entry.path().lexically_relative(packages)] = support::read_file(entry.path());
    }
    wheel.contents["wheel-0.38.4.dist-info/entry_points.txt"] =
        "[distutils.commands]\nbdist_wheel = wheel.bdist_wheel:bdist_wheel\n";
    server_.add(wheel);
    return std::system("/usr/bin/python3 -m pip --version >/dev/null 2>&1") == 0;
  }
};

TEST_F(AllowBuild, ADirectoryIsBuiltInACopy) {
  write_tree("tree");
  auto found = built({"--with", "./tree"});
  EXPECT_EQ(found["a"]["version"], "7.0") << ran_.err;
  EXPECT_TRUE(found.contains("b"));
  EXPECT_FALSE(fs::exists(directory_ / "tree/trace"));
}

TEST_F(AllowBuild, WithoutTheOptionNothingRuns) {
  write_tree("tree");
  directory_.write("tree/backend.py", "open('" + (directory_ / "ran") + "', 'w')\n");
  packages({"--with", "./tree", "--python", "/usr/bin/python3"});
  EXPECT_EQ(ran_.exit_code, 4) << ran_.err;
  EXPECT_FALSE(fs::exists(directory_ / "ran"));
}

TEST_F(AllowBuild, AnSdistOfTheIndexIsBuiltOnceAndRemembered) {
  server_.add_file("a-7.0.tar.gz", sdist("7.0", sources()));
  keep_store_ = true;
  auto found = built({"--with", "a"});
  EXPECT_EQ(found["a"]["version"], "7.0") << ran_.err;
  EXPECT_TRUE(found.contains("b"));
  EXPECT_EQ(server_.count("/files/a-7.0.tar.gz"), 2U);  // once for its PKG-INFO, once to be built
  EXPECT_EQ(built({"--with", "a", "--offline"})["a"]["version"], "7.0") << ran_.err;
  EXPECT_EQ(server_.count("/files/a-7.0.tar.gz"), 2U);
}

TEST_F(AllowBuild, WithoutTheOptionSuchAnSdistIsNoCandidateAndTheOptionIsNamed) {
  server_.add_file("a-7.0.tar.gz", sdist("7.0", sources()));
  packages({"--with", "a"});
  EXPECT_EQ(ran_.exit_code, 4);
  EXPECT_NE(ran_.err.find("--allow-build"), std::string::npos) << ran_.err;
}

TEST_F(AllowBuild, AWheelOfTheSameVersionSparesTheBuild) {
  server_.add_file("a-7.0.tar.gz", sdist("7.0", sources()));
  server_.add({.name = "a", .version = "7.0", .tags = {"cp33-cp33m-win32"}});
  auto found = built({"--with", "a"});
  EXPECT_EQ(found["a"]["version"], "7.0") << ran_.err;
  EXPECT_FALSE(found.contains("b")) << "the wheel does not need it";
}

TEST_F(AllowBuild, AFailureShowsWhatTheBackendSaid) {
  write_tree("tree");
  directory_.write("tree/FAIL", "");
  built({"--with", "./tree"});
  EXPECT_EQ(ran_.exit_code, 4);
  for (const char* said : {"cannot be built", "a line of the backend", "the backend gives up"})
    EXPECT_NE(ran_.err.find(said), std::string::npos) << ran_.err;
  const std::size_t last = ran_.err.find("seshat: stopped: ");
  ASSERT_NE(last, std::string::npos) << ran_.err;
  EXPECT_NE(ran_.err.find("cannot be built: its backend backend failed", last), std::string::npos)
      << ran_.err;
  EXPECT_EQ(ran_.err.find("the backend gives up", last), std::string::npos) << ran_.err;
}

TEST_F(AllowBuild, TheLastLineOfAnSdistThatCannotBeBuiltIsTheReason) {
  auto files = sources();
  files.emplace_back("FAIL", "");
  server_.add_file("a-7.0.tar.gz", sdist("7.0", files));
  ran_ = advise({"--with", "a", "--python", "/usr/bin/python3", "--allow-build"});
  EXPECT_EQ(ran_.exit_code, 4);
  EXPECT_NE(ran_.err.find("\n  a line of the backend\n"), std::string::npos) << ran_.err;
  const std::size_t last = ran_.err.find("seshat: stopped: ");
  EXPECT_NE(ran_.err.find("cannot be built: its backend backend failed", last), std::string::npos)
      << ran_.err;
  EXPECT_EQ(ran_.err.find("the backend gives up", last), std::string::npos) << ran_.err;
}

TEST_F(AllowBuild, WhatWouldHelpIsTriedWithoutRunningWhatWasRuledOut) {
  auto files = sources();
  files[1].second = "open('" + (directory_ / "ran") + "', 'w')\n" + kTinyBackend;
  server_.add_file("a-7.0.tar.gz", sdist("7.0", files));
  built({"--with", "a", "--only-binary", ":all:"});
  EXPECT_EQ(ran_.exit_code, 4) << ran_.err;
  EXPECT_FALSE(fs::exists(directory_ / "ran"));
  server_.add({.name = "c", .version = "1.0", .requires_python = "<3"});
  built({"--with", "a", "--with", "c", "--only-binary", "a"});
  EXPECT_EQ(ran_.exit_code, 4) << ran_.err;
  EXPECT_FALSE(fs::exists(directory_ / "ran"));
}

TEST_F(AllowBuild, ALimitOutOfRangeIsAMistakeOfTheCommandLine) {
  for (const char* limit : {"1e999", "1e300", "-1s", "0", "nan", "inf", "100h"}) {
    built({"--with", "b", std::string("--build-time-limit=") + limit});
    EXPECT_EQ(ran_.exit_code, 2) << limit << ran_.err;
  }
  for (const char* limit : {"-5", "-5MiB", "-18446744073709551615"}) {
    built({"--with", "b", std::string("--cache-limit=") + limit});
    EXPECT_EQ(ran_.exit_code, 2) << limit << ran_.err;
  }
}

TEST_F(AllowBuild, SubmodulesDoNotLeadToRepositoriesOfThisMachine) {
  directory_.write("secret/file", "s");
  make_repository("secret");
  write_tree("repository");
  make_repository("repository");
  git("repository",
      "-c protocol.file.allow=always submodule add file://" + (directory_ / "secret") + " sub");
  make_repository("repository");
  ASSERT_TRUE(fs::exists(directory_ / "repository/.gitmodules"));
  EXPECT_TRUE(built({"--with", "git+file://" + (directory_ / "repository")}).empty());
  EXPECT_EQ(ran_.exit_code, 9) << ran_.err;
  EXPECT_NE(ran_.err.find("transport 'file' not allowed"), std::string::npos) << ran_.err;
}

TEST_F(AllowBuild, AnOlderReleaseStandsInForOneThatCannotBeBuilt) {
  auto files = sources();
  files.emplace_back("FAIL", "");
  server_.add_file("a-7.0.tar.gz", sdist("7.0", files));
  server_.add({.name = "a", .version = "6.0"});
  EXPECT_EQ(built({"--with", "a"})["a"]["version"], "6.0") << ran_.err;
  EXPECT_NE(ran_.err.find("the backend gives up"), std::string::npos) << ran_.err;
}

TEST_F(AllowBuild, ABuildThatDoesNotEndIsEnded) {
  write_tree("tree");
  directory_.write("tree/SLOW", "");
  built({"--with", "./tree", "--build-time-limit", "2s"});
  EXPECT_EQ(ran_.exit_code, 4);
  EXPECT_NE(ran_.err.find("took longer than 2 seconds"), std::string::npos) << ran_.err;
}

TEST_F(AllowBuild, ARepositoryIsBuiltAtItsCommit) {
  write_tree("repository");
  make_repository("repository");
  auto found = built({"--with", "git+file://" + (directory_ / "repository")});
  EXPECT_EQ(found["a"]["version"], "7.0") << ran_.err;
}

TEST_F(AllowBuild, BuildRequirementsComeFromTheSameIndex) {
  if (std::system("/usr/bin/python3 -m pip --version >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "skipped: /usr/bin/python3 has no pip";
  server_.add({.name = "needed", .contents = {{"needed.py", "version = '7.0'\n"}}});
  auto files = sources("['needed']");
  files[1].second = "import needed\n" + files[1].second;
  for (const auto& [name, text] : files) directory_.write("tree/" + name, text);
  EXPECT_EQ(built({"--with", "./tree"})["a"]["version"], "7.0") << ran_.err;
  EXPECT_GE(server_.count("/simple/needed/"), 1U);
  server_.remove("needed");
  built({"--with", "./tree"});
  EXPECT_EQ(ran_.exit_code, 4);
  EXPECT_NE(ran_.err.find("installing its build requirements (needed)"), std::string::npos)
      << ran_.err;
}

TEST_F(AllowBuild, SetuptoolsIsWhatBuildsAProjectThatSaysNothing) {
  if (!serve_setuptools()) GTEST_SKIP() << "skipped: this machine has no setuptools and wheel";
  directory_.write("tree/setup.py",
                   "from setuptools import setup\nsetup(name='a', version='1' + '.5', "
                   "install_requires=['b'], py_modules=[])\n");
  auto found = built({"--with", "./tree"});
  EXPECT_EQ(found["a"]["version"], "1.5") << ran_.err;
  EXPECT_TRUE(found.contains("b"));
}

TEST_F(AllowBuild, ASignalLeavesNoDirectoryAndNoProgramBehind) {
  auto files = sources();
  files[1].second =
      "import subprocess, time\nchild = subprocess.Popen(['sleep', '300'])\n"
      "open('" +
      (directory_ / "ready") +
      "', 'w').write(str(child.pid))\n"
      "time.sleep(300)\n";
  for (const auto& [name, text] : files) directory_.write("tree/" + name, text);
  fs::create_directories(directory_ / "tmp");
  for (const int signal : {SIGTERM, SIGINT}) {
    fs::remove(directory_ / "ready");
    ran_ = signal_program({"advise", "--with", "./tree", "--allow-build", "--python",
                           "/usr/bin/python3", "--index-url", server_.url(), "--no-cache"},
                          directory_.path(), {{"TMPDIR", directory_ / "tmp"}}, signal,
                          directory_ / "ready");
    EXPECT_EQ(ran_.exit_code, 128 + signal) << ran_.err;
    EXPECT_TRUE(fs::is_empty(directory_ / "tmp"));
    const std::string child = support::read_file(directory_ / "ready");
    ASSERT_FALSE(child.empty());
    // It may still be waiting for somebody to ask how it ended.
    std::ifstream status("/proc/" + child + "/stat");
    std::string all((std::istreambuf_iterator<char>(status)), {});
    EXPECT_TRUE(all.empty() || all.find(") Z ") != std::string::npos) << all;
  }
}

TEST_F(AllowBuild, AnotherTargetThanThisSystemIsRefused) {
  write_tree("tree");
  fs::create_directories(directory_ / "image/usr/bin");
  packages({"--with", "./tree", "--allow-build", "--python-version", "3.11", "--platform",
            "manylinux_2_28_x86_64"});
  EXPECT_EQ(ran_.exit_code, 2);
  EXPECT_NE(ran_.err.find("--allow-build runs the target's own Python"), std::string::npos)
      << ran_.err;
}

}  // namespace
}  // namespace plugin::test
