// SESHAT_* variables: every long option of a command has one. The real program against an index on
// loopback.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class Variables : public testing::Test {
 protected:
  Variables() {
    server_.add({.name = "a", .version = "1.0"});
    server_.add({.name = "b", .version = "1.0rc1"});
    server_.add({.name = "b", .version = "0.5"});
  }
  Ran advise(std::map<std::string, std::string> variables,
             const std::vector<std::string>& more = {}) {
    variables.emplace("SESHAT_PYTHON_VERSION", "3.11");
    variables.emplace("SESHAT_PLATFORM", "manylinux_2_28_x86_64");
    variables.emplace("SESHAT_INDEX_URL", server_.url());
    variables.emplace("SESHAT_NO_CACHE", "1");
    std::vector<std::string> all{"advise"};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all, directory_.path(), variables);
  }
  static std::map<std::string, std::string> versions(const Ran& ran) {
    std::map<std::string, std::string> found;
    const auto report = nlohmann::json::parse(ran.out, nullptr, false);
    if (report.is_discarded() || report["products"].empty()) return found;
    for (const auto& package : report["products"][0]["packages"])
      found[package["name"]] = package["version"];
    return found;
  }

  using Versions = std::map<std::string, std::string>;
  support::LoopbackServer server_;
  support::TempDirectory directory_;
};

TEST_F(Variables, FlagsAreOnByOneAndTrueAndOffByNoughtAndFalse) {
  for (const std::string on : {"1", "true", "yes", "on"}) {
    EXPECT_EQ(advise({{"SESHAT_WITH", "a"}, {"SESHAT_QUIET", on}, {"SESHAT_DRY_RUN", on}}).out, "")
        << on;
    EXPECT_EQ(support::read_file(directory_ / "pylock.toml"), "") << on;
  }
  for (const std::string off : {"0", "false", "no", "off"}) {
    EXPECT_NE(advise({{"SESHAT_WITH", "a"}, {"SESHAT_QUIET", off}, {"SESHAT_DRY_RUN", "1"}}).out,
              "")
        << off;
  }
}

TEST_F(Variables, VerboseIsANumber) {
  EXPECT_EQ(advise({{"SESHAT_WITH", "a"}, {"SESHAT_VERBOSE", "2"}}).exit_code, 0);
}

TEST_F(Variables, TheCommandLineWins) {
  const Ran ran = advise({{"SESHAT_WITH", "a"}, {"SESHAT_JSON", "1"}}, {"--with", "b"});
  EXPECT_EQ(versions(ran), (Versions{{"b", "0.5"}})) << ran.err;
}

TEST_F(Variables, SeveralValuesAreLinesOrUrls) {
  Ran ran = advise({{"SESHAT_WITH", "a == 1.0\nb"}, {"SESHAT_JSON", "1"}});
  EXPECT_EQ(versions(ran), (Versions{{"a", "1.0"}, {"b", "0.5"}})) << ran.err;
  support::LoopbackServer second;
  support::LoopbackServer third;
  third.add({.name = "c"});
  ran = advise({{"SESHAT_WITH", "c"},
                {"SESHAT_JSON", "1"},
                {"SESHAT_EXTRA_INDEX_URL", second.url() + " " + third.url()}});
  EXPECT_EQ(versions(ran), (Versions{{"c", "1.0"}})) << ran.err;
}

TEST_F(Variables, AWrongValueIsAUsageError) {
  EXPECT_EQ(advise({{"SESHAT_WITH", "a"}, {"SESHAT_COLOR", "blue"}}).exit_code, 2);
  EXPECT_EQ(advise({{"SESHAT_WITH", "a"}, {"SESHAT_DRY_RUN", "perhaps"}}).exit_code, 2);
}

TEST_F(Variables, PreAndResolutionHaveOne) {
  const Ran ran = advise({{"SESHAT_WITH", "b"}, {"SESHAT_JSON", "1"}, {"SESHAT_PRE", "1"}});
  EXPECT_EQ(versions(ran), (Versions{{"b", "1.0rc1"}})) << ran.err;
}

}  // namespace
}  // namespace plugin::test
