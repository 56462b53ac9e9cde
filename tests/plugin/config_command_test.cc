// `seshat config`: what it writes by looking at an image, and what of an existing file it keeps.
#include <gtest/gtest.h>

#include "tests/plugin/program.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class ConfigCommand : public testing::Test {
 protected:
  Ran config(const std::vector<std::string>& more = {},
             const std::map<std::string, std::string>& variables = {}) {
    std::vector<std::string> all{"config", "--python", "/usr/bin/python3"};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all, directory_.path(), variables);
  }
  std::string file() { return support::read_file(directory_ / ".thoth.yaml"); }
  bool has(const std::string& text) { return file().find(text) != std::string::npos; }

  support::TempDirectory directory_;
};

TEST_F(ConfigCommand, WritesWhatTheImageIs) {
  const Ran ran = config({"--requirements-format", "pip", "--recommendation-type", "security"},
                         {{"IMAGE_NAME", "registry.example/base"}, {"IMAGE_TAG", "v1"}});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(has("requirements_format: pip\n")) << file();
  EXPECT_TRUE(has("runtime_environments:\n- name: '")) << file();
  EXPECT_TRUE(has("  python_version: '3.")) << file();
  EXPECT_TRUE(has("  platform: 'linux-x86_64'\n")) << file();
  EXPECT_TRUE(has("  base_image: 'registry.example/base:v1'\n")) << file();
  EXPECT_TRUE(has("  recommendation_type: security\n")) << file();
  EXPECT_FALSE(has("hardware")) << "the build host is not the machine that runs the image";
  EXPECT_EQ(config({"--check"}).exit_code, 0);
}

TEST_F(ConfigCommand, KeepsOtherEnvironmentsCommentsAndKeysThatItDoesNotWrite) {
  directory_.write(
      ".thoth.yaml",
      "# ours\nhost: thoth.example\nruntime_environments:\n"
      "  # the old one\n  - name: old\n    python_version: '3.6'\n"
      "  - name: here\n    hardware:\n      gpu_model: A100\n    python_version: '3.2'\n"
      "    labels: {team: ml}\n\n# the end\noverlays_dir: overlays\n");
  ASSERT_EQ(config({"--runtime-environment", "here"}).exit_code, 0);
  EXPECT_TRUE(
      has("# ours\nhost: thoth.example\nruntime_environments:\n  # the old one\n"
          "  - name: old\n    python_version: '3.6'\n  - name: 'here'\n"))
      << file();
  EXPECT_TRUE(has("    hardware:\n      gpu_model: A100\n    labels: {team: ml}\n")) << file();
  EXPECT_TRUE(has("\n\n# the end\noverlays_dir: overlays\n")) << file();
  EXPECT_FALSE(has("3.2")) << file();
  const std::string before = file();
  ASSERT_EQ(config({"--runtime-environment", "here"}).exit_code, 0);
  EXPECT_EQ(file(), before);
  ASSERT_EQ(config({"--runtime-environment", "third"}).exit_code, 0);
  EXPECT_TRUE(has("  - name: 'third'\n")) << file();
  EXPECT_TRUE(has("  - name: old\n")) << file();
}

TEST_F(ConfigCommand, WhatItCannotKeepItLeavesAlone) {
  const std::string text = "runtime_environments: [{name: a}, {name: b}]\n";
  directory_.write(".thoth.yaml", text);
  const Ran ran = config({"--runtime-environment", "a"});
  EXPECT_EQ(ran.exit_code, 2) << ran.out;
  EXPECT_EQ(file(), text);
}

TEST_F(ConfigCommand, ChecksTheImageAgainstTheFile) {
  directory_.write(".thoth.yaml",
                   "runtime_environments:\n- name: x\n  operating_system:\n    name: plan9\n"
                   "    version: '4'\n  cuda_version: '11.2'\n");
  const Ran ran = config({"--check"});
  EXPECT_EQ(ran.exit_code, 6) << ran.err;
  EXPECT_NE(ran.err.find("plan9"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("CUDA 11.2 is declared"), std::string::npos) << ran.err;
}

TEST_F(ConfigCommand, ADryRunPrints) {
  const Ran ran = config({"--dry-run"});
  EXPECT_NE(ran.out.find("runtime_environments:\n"), std::string::npos);
  EXPECT_EQ(file(), "");
}

}  // namespace
}  // namespace plugin::test
