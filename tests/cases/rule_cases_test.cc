#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "plugin/run.h"
#include "tests/cases/rule_case.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace cases {

void PrintTo(const RuleCase& one, std::ostream* to);
void PrintTo(const RuleCase& one, std::ostream* to) { *to << one.name; }

namespace {

const std::string kDirectory = std::string(SESHAT_SOURCE_DIR) + "/tests/cases/rules";

std::string with(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

class RuleCases : public testing::TestWithParam<RuleCase> {
 protected:
  static std::string trimmed(std::string url) {
    if (url.ends_with('/')) url.pop_back();
    return url;
  }

  // The report; files, requirements and units in the case's order, or in any.
  plugin::Report report(const RuleCase& given, std::mt19937* shuffle) {
    support::TempDirectory directory;
    support::LoopbackServer server;
    support::LoopbackServer other;
    RuleCase asked = given;
    if (shuffle != nullptr) {
      for (auto* list : {&asked.ask, &asked.develop, &asked.constraints})
        std::shuffle(list->begin(), list->end(), *shuffle);
      for (auto* list : {&asked.index, &asked.other})
        std::shuffle(list->begin(), list->end(), *shuffle);
    }
    for (const support::Release& release : asked.index) server.add(release);
    for (const support::Release& release : asked.other) other.add(release);
    plugin::AdviseOptions options;
    options.index.index_url = trimmed(server.url());
    if (!asked.other.empty()) {
      options.index.extra_index_urls = {trimmed(other.url())};
      options.index.index_strategy = "unsafe-best-match";
    }
    options.index.no_cache = true;
    options.no_default_prescriptions = true;
    options.dry_run = true;
    options.target.python_version = "3.11";
    options.target.platform = "manylinux_2_28_x86_64";
    options.search.seed = 1;
    options.search.count = static_cast<std::uint32_t>(std::stoul(asked.count));
    if (!asked.type.empty()) options.recommendation_type = asked.type;
    if (!asked.environment.empty()) {
      directory.write("environment.yaml", asked.environment);
      options.target.environment = directory.path() + "/environment.yaml";
    }
    directory.write("rules/_prescription_metadata.yaml",
                    "prescription:\n  name: t\n  release: '1'\n");
    const std::string rules =
        with(with(asked.rules, "$INDEX", trimmed(server.url())), "$OTHER", trimmed(other.url()));
    directory.write("rules/rules.yaml", rules);
    options.prescriptions = {directory.path() + "/rules"};
    if (asked.develop.empty()) {
      options.with = asked.ask;
    } else {
      options.develop = true;
      std::string pipfile;
      for (const auto& [section, list] :
           {std::pair("[packages]\n", asked.ask), std::pair("[dev-packages]\n", asked.develop)}) {
        pipfile += section;
        for (const std::string& requirement : list) {
          const std::size_t end = requirement.find_first_of("=<>~!");
          pipfile += requirement.substr(0, end) + " = \"" +
                     (end == std::string::npos ? "*" : requirement.substr(end)) + "\"\n";
        }
      }
      directory.write("Pipfile", pipfile);
      options.sources = {directory.path() + "/Pipfile"};
    }
    if (!asked.constraints.empty()) {
      std::string text;
      for (const std::string& line : asked.constraints) text += line + "\n";
      directory.write("constraints.txt", text);
      options.constraints = {directory.path() + "/constraints.txt"};
    }
    main_ = trimmed(server.url());
    return plugin::advise(options, {}).report;
  }

  void hold(const RuleCase& expected, const plugin::Report& report) {
    if (!expected.refused.empty()) {
      EXPECT_NE(report.outcome, plugin::Outcome::kLocked);
      for (const std::string& said : expected.refused)
        EXPECT_THAT(report.explanation, testing::HasSubstr(said));
    } else {
      ASSERT_EQ(report.outcome, plugin::Outcome::kLocked) << report.explanation;
      ASSERT_EQ(report.products.size(), expected.locked.size());
    }
    for (std::size_t i = 0; i < report.products.size(); ++i)
      EXPECT_EQ(locked(report.products[i]), expected.locked[i]) << "product " << i;
    if (expected.stack_info) {
      EXPECT_EQ(messages(report.stack_info), *expected.stack_info);
    }
    if (report.products.empty()) return;
    const plugin::Product& first = report.products[0];
    if (expected.justification) {
      EXPECT_EQ(messages(first.justification), *expected.justification);
    }
    if (expected.score) {
      EXPECT_DOUBLE_EQ(first.score, *expected.score);
    }
    if (expected.visited) {
      EXPECT_EQ(static_cast<int>(report.statistics.versions_visited), *expected.visited);
    }
    std::vector<std::string> develop;
    for (const auto& package : first.lock.packages) {
      if (package.develop) develop.push_back(package.name.str());
      const auto wanted = expected.requires_.find(package.name.str());
      if (wanted == expected.requires_.end()) continue;
      std::vector<std::string> names;
      for (const pep::Name& name : package.dependencies) names.push_back(name.str());
      EXPECT_EQ(names, wanted->second) << package.name.str();
    }
    if (expected.locked_develop) {
      EXPECT_EQ(develop, *expected.locked_develop);
    }
  }

 private:
  std::vector<std::string> locked(const plugin::Product& product) const {
    std::vector<std::string> found;
    for (const auto& package : product.lock.packages) {
      found.push_back(package.name.str() + "==" + package.version.str() +
                      (trimmed(package.index) == main_ ? "" : "@other"));
    }
    return found;
  }

  static std::vector<std::string> messages(const std::vector<plugin::ReportEntry>& entries) {
    std::vector<std::string> found;
    for (const plugin::ReportEntry& entry : entries) {
      if (entry.unit) found.push_back(entry.message);
    }
    return found;
  }

  std::string main_;
};

TEST_P(RuleCases, Answer) {
  hold(GetParam(), report(GetParam(), nullptr));
  std::mt19937 shuffle(7);
  for (int i = 0; i < 3 && !HasFailure(); ++i) {
    SCOPED_TRACE("shuffled " + std::to_string(i));
    hold(GetParam(), report(GetParam(), &shuffle));
  }
}

std::string test_name(const testing::TestParamInfo<RuleCase>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, RuleCases, testing::ValuesIn(read_rule_cases(kDirectory)),
                         test_name);

}  // namespace
}  // namespace cases
