// Which units take part, and what boots say.
#include "resolver/pipeline/build.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "resolver/pipeline/build_plan.h"
#include "tests/resolver/pipeline/rules.h"

namespace resolver::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string boot(const std::string& name, const std::string& more = "",
                 const std::string& condition = "") {
  return "units: {boots: [{name: " + name +
         ", type: boot, should_include: {adviser_pipeline: true" +
         (condition.empty() ? "" : ", " + condition) + "}" + (more.empty() ? "" : ", " + more) +
         ", run: {stack_info: [{type: INFO, message: " + name + ", link: l}]}}]}";
}

std::vector<std::string> said(const Plan& plan) {
  std::vector<std::string> lines;
  for (const ReportedEntry& entry : plan.boot_entries())
    lines.push_back(entry.unit + " " + entry.entry->message);
  return lines;
}

TEST(Build, ABootWithoutAMatchAlwaysFires) {
  EXPECT_THAT(said(plan_of(boot("B")).plan), ElementsAre("t.B B"));
}

TEST(Build, ABoundBootFiresForDirectDependenciesOnly) {
  Request request;
  request.direct = {"a"};
  EXPECT_THAT(said(plan_of(boot("B", "match: {package_name: a}"), request).plan),
              ElementsAre("t.B B"));
  EXPECT_THAT(said(plan_of(boot("B", "match: {package_name: b}"), request).plan), IsEmpty());
}

TEST(Build, ABootSaysWhatItSaysOnce) {
  Request request;
  request.direct = {"a", "b"};
  EXPECT_THAT(
      said(plan_of(boot("B", "match: [{package_name: a}, {package_name: b}, {}]"), request).plan),
      ElementsAre("t.B B"));
}

TEST(Build, BoundBootsFireBeforeOthersInTheOrderOfNames) {
  Request request;
  request.direct = {"b", "a"};
  const auto made = plan_of({{"1", boot("A"), "t"},
                             {"2", boot("Y", "match: {package_name: b}"), "t"},
                             {"3", boot("Z", "match: {package_name: a}"), "t"}},
                            request);
  EXPECT_THAT(said(made.plan), ElementsAre("t.Z Z", "t.Y Y", "t.A A"));
}

TEST(Build, AVetoEndsTheBoots) {
  const auto made = plan_of(R"(
units:
  boots:
  - name: A
    type: boot
    should_include: {adviser_pipeline: true}
    run: {not_acceptable: never, log: {type: WARNING, message: l}, stack_info: [{type: ERROR, message: m, link: l}]}
  - name: B
    type: boot
    should_include: {adviser_pipeline: true}
    run: {stack_info: [{type: INFO, message: later, link: l}]}
)");
  EXPECT_THAT(said(made.plan), ElementsAre("t.A m"));
  ASSERT_TRUE(made.plan.veto());
  EXPECT_EQ(made.plan.veto()->unit, "t.A");
  EXPECT_EQ(made.plan.veto()->message, "never");
  EXPECT_FALSE(made.plan.veto()->is_stop);
  EXPECT_EQ(made.plan.boot_log().at(0).log->message, "l");
}

TEST(Build, AnEagerStopOfABootIsAStop) {
  const auto made = plan_of(
      "units: {boots: [{name: A, type: boot, should_include: {adviser_pipeline: true}, run: "
      "{eager_stop_pipeline: x}}]}");
  EXPECT_TRUE(made.plan.veto()->is_stop);
}

TEST(Build, UnitsAreCounted) {
  const auto made = plan_of({{"1", boot("A"), "t"}, {"2", boot("B", "", "times: 0"), "t"}}, {});
  EXPECT_EQ(made.plan.units_total(), 2U);
  EXPECT_EQ(made.plan.units_included(), 1U);
}

TEST(Build, DependenciesAreMetInAnyOrderAndByTheWholeName) {
  const std::string wrap =
      "units: {wraps: [{name: W, type: wrap, should_include: {adviser_pipeline: true, "
      "dependencies: {boots: [t.A]}}, run: {}}]}";
  const auto made = plan_of({{"1", boot("B", "", "dependencies: {wraps: [t.W]}"), "t"},
                             {"2", wrap, "t"},
                             {"3", boot("A"), "t"},
                             {"4", boot("C", "", "dependencies: {wraps: [W]}"), "t"},
                             {"5", boot("D", "", "dependencies: {boots: [t.D]}"), "t"}},
                            {});
  EXPECT_THAT(said(made.plan), ElementsAre("t.A A", "t.B B"));
  EXPECT_EQ(made.plan.units_included(), 3U);
}

TEST(Build, OneNameInTwoKindsHasTwoConditions) {
  const std::string both =
      "units:\n"
      "  boots: [{name: X, type: boot, should_include: {}, run: {stack_info: [{type: INFO, "
      "message: b, link: l}]}}]\n"
      "  wraps: [{name: X, type: wrap, should_include: {adviser_pipeline: true}, run: {}}]\n";
  const auto made = plan_of(both);
  EXPECT_THAT(said(made.plan), IsEmpty());
  EXPECT_THAT(made.plan.general().wraps, testing::SizeIs(1));
}

// A unit written in C++: a boot that objects to a direct dependency, and depends on a declarative
// unit.
class NoLeftPad final : public NativeUnit {
 public:
  std::string_view name() const override { return "NoLeftPad"; }
  prescriptions::Kind kind() const override { return prescriptions::Kind::kBoot; }
  bool should_include(const Request& /*request*/, const Included& included) const override {
    return included.contains(prescriptions::Kind::kBoot, "t.A");
  }
  void contribute(const Request& request, PlanBuilder& plan) const override {
    plan.say({.type = prescriptions::Severity::kWarning,
              .message = "hello",
              .link = "https://example.com"});
    if (std::ranges::find(request.direct, "left-pad") != request.direct.end())
      plan.veto("no left-pad");
  }
};

// And a sieve with a rule for the stack.
class NoOldPip final : public NativeUnit {
 public:
  std::string_view name() const override { return "NoOldPip"; }
  prescriptions::Kind kind() const override { return prescriptions::Kind::kSieve; }
  bool should_include(const Request& /*request*/, const Included& /*included*/) const override {
    return true;
  }
  void contribute(const Request& /*request*/, PlanBuilder& plan) const override {
    prescriptions::PackagePattern old;
    old.name = "pip";
    old.version = *prescriptions::VersionRange::parse("<20");
    plan.remove(old);
    StackRule rule;
    rule.all_of = {old};
    rule.effect = Effect::kScore;
    rule.score = -0.5;
    plan.rule(rule);
  }
};

TEST(Build, NativeUnitsStandBesideDeclarativeOnes) {
  const NoLeftPad boot_unit;
  const NoOldPip sieve_unit;
  const std::vector<const NativeUnit*> native = {&boot_unit, &sieve_unit};
  Request request;
  request.direct = {"left-pad"};
  const auto made = plan_of({{"1", boot("A"), "t"}}, request, native);
  EXPECT_EQ(made.plan.units_included(), 3U);
  EXPECT_THAT(said(made.plan), ElementsAre("NoLeftPad hello"));
  EXPECT_EQ(made.plan.veto()->unit, "NoLeftPad");
  EXPECT_EQ(made.plan.of("pip").sieves.at(0)->head.unit, "NoOldPip");
  EXPECT_EQ(made.plan.of("pip").stack.at(0)->score, -0.5);
  EXPECT_TRUE(made.plan.scores());
  const auto without = plan_of({{"1", boot("B"), "t"}}, request, native);
  EXPECT_EQ(without.plan.units_included(), 2U);
  EXPECT_FALSE(without.plan.veto());
}

}  // namespace
}  // namespace resolver::pipeline
