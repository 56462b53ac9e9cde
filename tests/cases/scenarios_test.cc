#include <gtest/gtest.h>

#include <cstdio>

#include "plugin/run.h"
#include "tests/cases/scenario.h"
#include "tests/support/loopback_server.h"

namespace cases {
namespace {

const std::string kDirectory = std::string(SESHAT_SOURCE_DIR) + "/../shared/data/scenarios";

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name =
      info.param.substr(kDirectory.size() + 1, info.param.size() - kDirectory.size() - 6);
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

class Scenarios : public testing::TestWithParam<std::string> {};

TEST_P(Scenarios, Answer) {
  Scenario scenario = read_scenario(GetParam());
  if (!scenario.left_out.empty()) GTEST_SKIP() << scenario.left_out;
  support::LoopbackServer server;
  for (const support::Release& release : scenario.releases) server.add(release);
  scenario.options.index.index_url = server.url();
  scenario.options.index.no_cache = true;
  scenario.options.no_default_prescriptions = true;
  scenario.options.dry_run = true;
  const plugin::RunResult result = plugin::advise(scenario.options, {});
  const plugin::Report& report = result.report;
  if (!scenario.satisfiable) {
    EXPECT_EQ(report.outcome, plugin::Outcome::kNoSolution);
    EXPECT_EQ(report.exit_code, 4);
    EXPECT_FALSE(report.explanation.empty());
    return;
  }
  ASSERT_EQ(report.outcome, plugin::Outcome::kLocked) << report.explanation;
  std::map<std::string, std::string> locked;
  for (const auto& package : report.products[0].lock.packages)
    locked[package.name.str()] = package.version.str();
  if (!scenario.packages.empty()) {
    EXPECT_EQ(locked, scenario.packages);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Scenarios, testing::ValuesIn(scenario_files(kDirectory)),
                         test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Scenarios);

// A clone without the shared data has no scenarios; say so rather than pass in silence.
TEST(ScenarioFiles, AreThere) {
  if (scenario_files(kDirectory).empty()) GTEST_SKIP() << "missing: " << kDirectory;
}

}  // namespace
}  // namespace cases
