// `.thoth.yaml`: which environment, manifest and lock it means, and where each value came from. The
// real program against an index on loopback.
#include <gtest/gtest.h>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class Configuration : public testing::Test {
 protected:
  Configuration() {
    server_.add({.name = "a", .version = "1.0"});
    server_.add({.name = "b", .version = "1.0"});
  }
  Ran advise(const std::vector<std::string>& more = {},
             const std::map<std::string, std::string>& variables = {}) {
    std::vector<std::string> all{"advise",      "--platform",  "manylinux_2_28_x86_64",
                                 "--index-url", server_.url(), "--no-cache"};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all, directory_.path(), variables);
  }
  Ran declared(std::vector<std::string> more = {},
               const std::map<std::string, std::string>& variables = {}) {
    more.insert(more.end(), {"--python-version", "3.9"});
    return advise(more, variables);
  }
  std::string file(const std::string& name) { return support::read_file(directory_ / name); }

  support::LoopbackServer server_;
  support::TempDirectory directory_;
};

TEST_F(Configuration, TheFormatChoosesManifestAndLock) {
  directory_.write("Pipfile", "[[source]]\nname = \"here\"\nurl = \"" + server_.url() +
                                  "\"\nverify_ssl = true\n[packages]\na = \"*\"\n");
  directory_.write("requirements.txt", "b\n");
  EXPECT_EQ(declared().exit_code, 3);  // contradict each other
  directory_.write(".thoth.yaml", "requirements_format: pipenv\n");
  const Ran ran = declared();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(file("Pipfile.lock").find("\"a\""), std::string::npos);
  EXPECT_EQ(file("pylock.toml"), "");
}

TEST_F(Configuration, AnOverlayHoldsItsOwnRequirements) {
  directory_.write(".thoth.yaml",
                   "overlays_dir: overlays\nrequirements_format: pip\nruntime_environments:\n"
                   "- name: one\n- name: two\n");
  directory_.write("overlays/one/requirements.in", "a\n");
  directory_.write("overlays/two/requirements.in", "b\n");
  EXPECT_EQ(declared().exit_code, 0);
  EXPECT_NE(file("overlays/one/requirements.txt").find("a==1.0"), std::string::npos);
  EXPECT_EQ(file("overlays/two/requirements.txt"), "");
  EXPECT_EQ(declared({}, {{"SESHAT_RUNTIME_ENVIRONMENT", "two"}}).exit_code, 0);
  EXPECT_NE(file("overlays/two/requirements.txt").find("b==1.0"), std::string::npos);
  const Ran ran = declared({"--runtime-environment", "three"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("no runtime environment three; it has one, two"), std::string::npos)
      << ran.err;
}

TEST_F(Configuration, UnknownKeysWarnWithTheirPlace) {
  directory_.write("requirements.in", "a\n");
  directory_.write(".thoth.yaml",
                   "host: thoth.example\nmanagers: []\nrequirement_format: pip\n"
                   "runtime_environments:\n- name: x\n  colour: blue\n");
  const Ran ran = declared();
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.err.find("warning: .thoth.yaml:3:"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("did you mean \"requirements_format\""), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("unknown key \"colour\""), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("host"), std::string::npos) << ran.err;
}

TEST_F(Configuration, WrongValuesAreErrorsWithTheirPlace) {
  directory_.write("requirements.in", "a\n");
  directory_.write(".thoth.yaml", "recommendation_type: newest\n");
  const Ran ran = declared();
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find(".thoth.yaml:1:22"), std::string::npos) << ran.err;
  EXPECT_EQ(declared({"--no-config"}).exit_code, 0);
}

TEST_F(Configuration, APythonThatTheImageLacksStops) {
  directory_.write("requirements.in", "a\n");
  directory_.write(".thoth.yaml", "runtime_environments:\n- name: x\n  python_version: '3.2'\n");
  const Ran ran = advise({"--root", "/"});
  EXPECT_EQ(ran.exit_code, 6) << ran.err;
  EXPECT_NE(ran.err.find("3.2"), std::string::npos) << ran.err;
}

TEST_F(Configuration, EveryValueIsShownWithItsOrigin) {
  directory_.write("requirements.in", "a\n");
  directory_.write(".thoth.yaml",
                   "recommendation_type: latest\nruntime_environments:\n- name: x\n");
  const Ran ran = declared({"--show-config", "--dry-run"}, {{"SESHAT_RESOLUTION", "lowest"}});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto has = [&](const std::string& name, const std::string& rest) {
    std::string line = name;
    line.resize(26, ' ');
    return ran.out.find(line + " " + rest) != std::string::npos;
  };
  EXPECT_TRUE(has("recommendation-type", "latest  (.thoth.yaml)")) << ran.out;
  EXPECT_TRUE(has("runtime-environment", "x  (.thoth.yaml)")) << ran.out;
  EXPECT_TRUE(has("resolution", "lowest  (SESHAT_RESOLUTION)")) << ran.out;
  EXPECT_TRUE(has("dry-run", "true  (command line)")) << ran.out;
  EXPECT_TRUE(has("limit", "10000  (default)")) << ran.out;
  EXPECT_TRUE(has("no-index", "false  (default)")) << ran.out;
  EXPECT_TRUE(has("index-url", server_.url() + "  (command line)")) << ran.out;
}

}  // namespace
}  // namespace plugin::test
