// Each case of rules/*.yaml is one test: as it is written, and in other orders of everything. Those
// of shipped/*.yaml are of the rules that come with the program: a file for each file of rules.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "plugin/rule_test.h"

namespace plugin {

void PrintTo(const RuleCase& one, std::ostream* to);
void PrintTo(const RuleCase& one, std::ostream* to) { *to << one.name; }

namespace {

namespace fs = std::filesystem;

const std::string kCases = std::string(SESHAT_SOURCE_DIR) + "/tests/cases/";

std::vector<std::string> yaml_files(const std::string& directory) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".yaml") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<RuleCase> cases_of(const std::string& directory) {
  std::vector<RuleCase> found;
  for (const std::string& file : yaml_files(kCases + directory)) {
    auto cases = read_rule_cases(file);
    if (!cases) {
      found.push_back({.name = file + ": " + cases.error().what, .file = file});
      continue;
    }
    found.insert(found.end(), cases->begin(), cases->end());
  }
  return found;
}

class RuleCases : public testing::TestWithParam<RuleCase> {
 protected:
  static void hold(const RuleTestOptions& options) {
    auto verdict = run_rule_case(GetParam(), options);
    ASSERT_TRUE(verdict) << verdict.error().what;
    EXPECT_EQ(verdict->faults, std::vector<std::string>()) << verdict->file << ":" << verdict->line;
  }
};

TEST_P(RuleCases, Answer) {
  hold({});
  std::mt19937 random(7);
  for (int i = 0; i < 3 && !HasFailure(); ++i) {
    SCOPED_TRACE("shuffled " + std::to_string(i));
    hold({.prescriptions = {}, .reorder = [&](RuleCase& one) {
            for (auto* list : {&one.ask, &one.develop, &one.constraints})
              std::shuffle(list->begin(), list->end(), random);
            for (auto* list : {&one.index, &one.other})
              std::shuffle(list->begin(), list->end(), random);
          }});
  }
}

std::string test_name(const testing::TestParamInfo<RuleCase>& info) {
  std::string name = fs::path(info.param.file).stem().string() + "_" + info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, RuleCases, testing::ValuesIn(cases_of("rules")), test_name);
INSTANTIATE_TEST_SUITE_P(Shipped, RuleCases, testing::ValuesIn(cases_of("shipped")), test_name);

TEST(ShippedRules, EachFileHasCases) {
  for (const std::string& rule :
       yaml_files(std::string(SESHAT_SOURCE_DIR) + "/prescriptions/rules")) {
    const std::string cases = kCases + "shipped/" + fs::path(rule).filename().string();
    EXPECT_TRUE(fs::exists(cases)) << cases;
  }
}

}  // namespace
}  // namespace plugin
