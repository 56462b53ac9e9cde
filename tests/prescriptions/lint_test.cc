// Warnings: valid rules that cannot mean what they say.
#include "prescriptions/lint.h"

#include <gmock/gmock.h>

#include "tests/prescriptions/document.h"

namespace prescriptions {
namespace {

using testing::ElementsAre;

std::vector<std::string> warnings(const std::string& text) {
  Reading reading = read_yaml(text);
  EXPECT_THAT(brief(reading.errors), ElementsAre());
  lint(reading);
  return brief(reading.warnings);
}

std::string sieve(const std::string& version, const std::string& more = "") {
  return "units:\n  sieves:\n  - name: S\n    type: sieve\n    should_include: {adviser_pipeline: "
         "true" +
         more + "}\n    match: {package_version: {name: a, version: '" + version + "'}}\n";
}

TEST(Lint, AnEmptyRange) {
  EXPECT_THAT(warnings(sieve("<1.0,>1.4")),
              ElementsAre("6:49 units.sieves[0].match.package_version.version empty_range"));
  EXPECT_THAT(warnings(sieve("<1.4,>1.0")), ElementsAre());
}

TEST(Lint, TextThatIsNoVersion) {
  EXPECT_THAT(warnings(sieve("==r1512")),
              ElementsAre("6:49 units.sieves[0].match.package_version.version text_version"));
}

TEST(Lint, TextThatIsNoVersionUnderAnOrderingIsAnError) {
  EXPECT_THAT(brief(read_yaml(sieve("<r1512")).errors),
              ElementsAre("6:49 units.sieves[0].match.package_version.version text_version"));
}

TEST(Lint, ADependencyThatIsNotThere) {
  EXPECT_THAT(warnings(sieve(">=1", ", dependencies: {sieves: [t.S, S]}")),
              ElementsAre("3:5 should_include.dependencies.sieves unknown_dependency"));
}

TEST(Lint, ALocationThatIsNoExpression) {
  EXPECT_THAT(
      warnings(
          sieve(">=1", ", runtime_environments: {python_packages: [{name: a, location: '('}]}")),
      ElementsAre(
          "5:107 units.sieves[0].should_include.runtime_environments.python_packages[0].location "
          "bad_expression"));
}

TEST(Lint, AUnitOfNoPipeline) {
  EXPECT_THAT(warnings("units: {boots: [{name: B, type: boot, should_include: {}, run: {}}]}"),
              ElementsAre("1:17 should_include never_included"));
}

TEST(Lint, AScoreThatIsClamped) {
  EXPECT_THAT(
      warnings("units: {steps: [{name: B, type: step, should_include: {adviser_pipeline: true}, "
               "match: {package_version: {}}, run: {score: 1.5}}]}"),
      ElementsAre("1:124 units.steps[0].run.score clamped_score"));
}

}  // namespace
}  // namespace prescriptions
