// Units -> rules, looked up by the names they are about.
#include "resolver/pipeline/plan.h"

#include <gmock/gmock.h>

#include "tests/resolver/pipeline/rules.h"

namespace resolver::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kIn = "should_include: {adviser_pipeline: true}";

std::string document(const std::string& kind, const std::vector<std::string>& units) {
  std::string text = "units:\n  " + kind + ":\n";
  for (const std::string& unit : units) text += "  - {" + unit + ", " + kIn + "}\n";
  return text;
}

bool removes(const Plan& plan, const char* name, const char* version,
             const char* index = "https://pypi.example/simple") {
  const pep::Version parsed = *pep::Version::parse(version);
  return plan.removed({name, parsed, index, false}) != nullptr;
}

std::vector<std::string> units_of(const std::vector<const StackRule*>& rules) {
  std::vector<std::string> names;
  for (const StackRule* rule : rules) names.push_back(rule->head.unit);
  return names;
}

TEST(Plan, ASieveRemovesWhatMatchesAllItsCriteriaPrereleasesIncluded) {
  const auto made = plan_of(
      document("sieves", {"name: S, type: sieve, match: {package_version: {name: a, version: <2, "
                          "index_url: 'https://pypi.example/simple'}}"}));
  EXPECT_TRUE(removes(made.plan, "a", "1.0"));
  EXPECT_TRUE(removes(made.plan, "a", "1.5rc1"));
  EXPECT_FALSE(removes(made.plan, "a", "2.0"));
  EXPECT_FALSE(removes(made.plan, "b", "1.0"));
  EXPECT_FALSE(removes(made.plan, "a", "1.0", "https://other.example"));
}

TEST(Plan, ASieveWithoutANameIsAboutEveryPackage) {
  const auto made =
      plan_of(document("sieves", {"name: S, type: sieve, match: {package_version: {index_url: "
                                  "{not: 'https://pypi.example/simple'}}}"}));
  EXPECT_FALSE(removes(made.plan, "a", "1.0"));
  EXPECT_TRUE(removes(made.plan, "anything", "1.0", "https://other.example"));
  EXPECT_THAT(made.plan.general().sieves, SizeIs(1));
}

TEST(Plan, ASkippedName) {
  const auto made = plan_of(document(
      "sieves",
      {"name: S, type: sieve.SkipPackage, match: [{package_name: a}, {package_name: b}]"}));
  EXPECT_EQ(made.plan.of("b").skip->head.unit, "t.S");
  EXPECT_EQ(made.plan.of("c").skip, nullptr);
}

TEST(Plan, AGroupIsOneRuleUnderEachOfItsNames) {
  const auto made = plan_of(document(
      "steps", {"name: G, type: step.Group, match: {group: [{package_version: {name: a, version: "
                "==1.0}}, {package_version: {name: b}}]}, run: {not_acceptable: broken}"}));
  ASSERT_THAT(made.plan.of("a").stack, SizeIs(1));
  EXPECT_EQ(made.plan.of("a").stack[0], made.plan.of("b").stack[0]);
  const StackRule& rule = *made.plan.of("a").stack[0];
  EXPECT_EQ(rule.effect, Effect::kNotAcceptable);
  EXPECT_EQ(rule.message, "broken");
  EXPECT_THAT(rule.all_of, SizeIs(2));
  EXPECT_TRUE(rule.allow_other_parents);
  EXPECT_THAT(made.plan.general().stack, IsEmpty());
}

TEST(Plan, AStepIsUnderItsCandidateItsDependenciesAndItsParents) {
  const auto made =
      plan_of(document("steps", {"name: S, type: step, match: {package_version: {name: a}, state: "
                                 "{resolved_dependencies: [{name: b}], "
                                 "package_version_from: [{name: c}]}}, run: {score: 0.5}"}));
  for (const char* name : {"a", "b", "c"})
    EXPECT_THAT(units_of(made.plan.of(name).stack), ElementsAre("t.S")) << name;
  const StackRule& rule = *made.plan.of("a").stack[0];
  EXPECT_EQ(rule.all_of[0].name, "a");
  EXPECT_EQ(rule.all_of[1].name, "b");
  EXPECT_EQ(rule.parents[0].name, "c");
  EXPECT_FALSE(rule.allow_other_parents);
  EXPECT_EQ(rule.score, 0.5);
}

TEST(Plan, OtherParentsMatterOnlyWhereParentsAreNamed) {
  const auto made =
      plan_of(document("steps", {"name: S, type: step, match: {package_version: {name: a}, state: "
                                 "{resolved_dependencies: [{name: b}]}}, run: {}"}));
  EXPECT_TRUE(made.plan.of("a").stack[0]->allow_other_parents);
  EXPECT_EQ(made.plan.of("a").stack[0]->effect, Effect::kNote);
}

TEST(Plan, AStepWithoutANameIsGeneralAndUnderItsDependencies) {
  const auto made =
      plan_of(document("steps", {"name: S, type: step, match: {package_version: {}, state: "
                                 "{resolved_dependencies: [{name: b}]}}, run: {score: 0.1}"}));
  EXPECT_THAT(units_of(made.plan.general().stack), ElementsAre("t.S"));
  EXPECT_THAT(units_of(made.plan.of("b").stack), ElementsAre("t.S"));
}

TEST(Plan, EachAlternativeOfAStepIsARuleOfOneUnit) {
  const auto made = plan_of(
      document("steps", {"name: S, type: step, match: [{package_version: {name: a, version: ==1}}, "
                         "{package_version: {name: a, version: ==2}}], run: {score: 0.1}"}));
  const auto& rules = made.plan.of("a").stack;
  ASSERT_THAT(rules, SizeIs(2));
  EXPECT_EQ(rules[0]->head.unit_id, rules[1]->head.unit_id);
  EXPECT_EQ(rules[0]->head.notices, rules[1]->head.notices);
  EXPECT_NE(rules[0]->head.id, rules[1]->head.id);
}

TEST(Plan, ScoresAreClamped) {
  const auto made = plan_of(document(
      "steps", {"name: S, type: step, match: {package_version: {name: a}}, run: {score: -7.0}"}));
  EXPECT_EQ(made.plan.of("a").stack[0]->score, -1.0);
}

TEST(Plan, KnowsWhetherAnythingScores) {
  EXPECT_TRUE(
      plan_of(
          document("steps",
                   {"name: S, type: step, match: {package_version: {name: a}}, run: {score: 0.1}"}))
          .plan.scores());
  EXPECT_FALSE(
      plan_of(
          document("steps",
                   {"name: S, type: step, match: {package_version: {name: a}}, run: {score: 0.0}"}))
          .plan.scores());
  EXPECT_FALSE(plan_of(document("steps", {"name: S, type: step, match: {package_version: {name: "
                                          "a}}, run: {not_acceptable: x}"}))
                   .plan.scores());
}

TEST(Plan, SkipAndAddPackage) {
  const auto made = plan_of(document(
      "steps",
      {"name: A, type: step.AddPackage, match: {package_version: {name: a}}, run: "
       "{package_version: {name: b, "
       "locked_version: ==1.0, index_url: 'https://i.example', develop: false}}",
       "name: K, type: step.SkipPackage, match: {package_version: {name: a, version: ==2}}"}));
  const auto& rules = made.plan.of("a").stack;
  ASSERT_THAT(units_of(rules), ElementsAre("t.A", "t.K"));
  EXPECT_EQ(rules[0]->effect, Effect::kAddPackage);
  EXPECT_EQ(rules[0]->added->locked_version->str(), "1.0");
  EXPECT_EQ(rules[1]->effect, Effect::kSkipPackage);
}

TEST(Plan, AStrideIsUnderEachOfItsNamesAndAnEmptyOneAlwaysFires) {
  const auto made =
      plan_of(document("strides", {"name: R, type: stride, match: {state: {resolved_dependencies: "
                                   "[{name: a}, {name: b}]}}, run: {not_acceptable: x}",
                                   "name: E, type: stride, match: {state: {resolved_dependencies: "
                                   "[]}}, run: {eager_stop_pipeline: y}"}));
  EXPECT_THAT(units_of(made.plan.of("b").stack), ElementsAre("t.R"));
  EXPECT_THAT(units_of(made.plan.general().stack), ElementsAre("t.E"));
  EXPECT_EQ(made.plan.general().stack[0]->effect, Effect::kStop);
  EXPECT_EQ(made.plan.general().stack[0]->head.kind, prescriptions::Kind::kStride);
}

TEST(Plan, APseudonym) {
  const auto made = plan_of(
      document("pseudonyms",
               {"name: P, type: pseudonym, match: {package_version: {name: a, version: <2}}, run: "
                "{yield: {yield_matched_version: true, package_version: {name: b}}}"}));
  ASSERT_THAT(made.plan.of("a").pseudonyms, SizeIs(1));
  const PseudonymRule& rule = *made.plan.of("a").pseudonyms[0];
  EXPECT_EQ(rule.name, "b");
  EXPECT_TRUE(rule.same_version);
  EXPECT_TRUE(meets(rule, {"a", *pep::Version::parse("1.0rc1"), "", false}));
}

TEST(Plan, AWrapIsUnderTheFirstNameOfEachAlternative) {
  const auto made = plan_of(document(
      "wraps", {"name: W, type: wrap, match: [{state: {resolved_dependencies: [{name: a}, {name: "
                "b}]}}, {state: "
                "{resolved_dependencies: [{name: c}]}}], run: {advised_manifest_changes: [{x: 1}]}",
                "name: Z, type: wrap, run: {}",
                "name: N, type: wrap.GHReleaseNotes, match: {state: {resolved_dependencies: "
                "[{name: a}]}}, run: {release_notes: "
                "{organization: o, repository: r}}"}));
  ASSERT_THAT(made.plan.of("a").wraps, SizeIs(2));
  EXPECT_EQ(made.plan.of("a").wraps[0]->release_notes->organization, "o");
  EXPECT_EQ(*made.plan.of("a").wraps[1]->advised_manifest_changes, R"([{"x": 1}])");
  EXPECT_THAT(made.plan.of("b").wraps, IsEmpty());
  EXPECT_EQ(made.plan.of("c").wraps[0], made.plan.of("a").wraps[1]);
  ASSERT_THAT(made.plan.general().wraps, SizeIs(1));
  EXPECT_THAT(made.plan.general().wraps[0]->any_of, ElementsAre(IsEmpty()));
}

TEST(Plan, ReleaseNotesOfAPackage) {
  const prescriptions::ReleaseNotesWrap wrap{
      .match = {}, .organization = "o", .repository = "r", .tag_version_prefix = "v"};
  const Entry entry = release_notes_of(wrap, {"a", *pep::Version::parse("1.0"), "", false});
  EXPECT_EQ(entry.link, "https://github.com/o/r/releases/tag/v1.0");
  EXPECT_EQ(entry.package_name, "a");
}

TEST(Plan, IdsFollowKindsAndNamesWhateverFilesTheUnitsCameFrom) {
  const auto step = [](const std::string& name) {
    return document(
        "steps", {"name: " + name + ", type: step, match: {package_version: {name: a}}, run: {}"});
  };
  const std::string stride = document(
      "strides",
      {"name: A, type: stride, match: {state: {resolved_dependencies: [{name: a}]}}, run: {}"});
  const auto one = plan_of(
      {{"1.yaml", step("X"), "t"}, {"2.yaml", step("B"), "t"}, {"3.yaml", stride, "t"}}, {});
  const auto other = plan_of(
      {{"1.yaml", stride, "t"}, {"2.yaml", step("X"), "t"}, {"3.yaml", step("B"), "t"}}, {});
  for (const auto* made : {&one, &other}) {
    const auto& rules = made->plan.of("a").stack;
    EXPECT_THAT(units_of(rules), ElementsAre("t.B", "t.X", "t.A"));
    EXPECT_THAT(
        (std::vector<std::uint32_t>{rules[0]->head.id, rules[1]->head.id, rules[2]->head.id}),
        ElementsAre(0U, 1U, 2U));
  }
  EXPECT_EQ(one.plan.rule_count(), 3U);
}

TEST(Plan, RulesKeepTheirAddresses) {
  const auto made = plan_of(
      document("steps", {"name: S, type: step, match: {package_version: {name: a}}, run: {}",
                         "name: T, type: step, match: {package_version: {name: b}}, run: {}"}));
  const PackageRules& rules = made.plan.of("a");
  const StackRule* rule = rules.stack[0];
  for (int i = 0; i < 1000; ++i) static_cast<void>(made.plan.of("x" + std::to_string(i)));
  static_cast<void>(made.plan.of("b"));
  EXPECT_EQ(&made.plan.of("a"), &rules);
  EXPECT_EQ(made.plan.of("a").stack[0], rule);
}

}  // namespace
}  // namespace resolver::pipeline
