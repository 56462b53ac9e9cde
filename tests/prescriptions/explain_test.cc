// What `seshat prescriptions` prints.
#include "prescriptions/explain.h"

#include <gmock/gmock.h>

#include "prescriptions/lint.h"
#include "tests/prescriptions/document.h"

namespace prescriptions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kRules = R"(units:
  sieves:
  - name: NeedsGit
    type: sieve
    should_include:
      adviser_pipeline: true
      runtime_environments:
        rpm_packages: {not: [{package_name: git}, {package_name: git-core}]}
        cuda_version: null
    match: {package_version: {name: gitpython, version: '>=2', index_url: {not: 'https://x.example'}}}
    run: {stack_info: [{type: WARNING, message: m, link: 'https://example.com'}]}
  steps:
  - name: Pair
    type: step.Group
    should_include: {adviser_pipeline: true}
    match: {group: [{package_version: {name: a, version: ==1}}, {package_version: {name: b}}]}
    run: {score: -0.5}
)";

TEST(Explain, SaysWhenAUnitTakesPartAndWhatItDoes) {
  const Reading reading = read_yaml(kRules);
  EXPECT_EQ(
      explain(reading.book.units[0], reading.book, nullptr),
      "t.NeedsGit (sieve), rules.yaml:3\n"
      "It takes part if all of this holds:\n"
      "  - there is no CUDA\n"
      "  - the image has none of the packages git and git-core\n"
      "What it does:\n"
      "  - Where there is gitpython >=2 from any index but https://x.example, it is no candidate\n"
      "  - Where there is gitpython >=2 from any index but https://x.example, the report says "
      "WARNING: m "
      "(https://example.com)\n");
  EXPECT_EQ(explain(reading.book.units[1], reading.book, nullptr),
            "t.Pair (step.Group), rules.yaml:13\n"
            "It always takes part.\n"
            "What it does:\n"
            "  - With a ==1 and b, the stack's score changes by -0.5\n");
}

TEST(Explain, SaysWhyAUnitStaysOutOfASituation) {
  const Reading reading = read_yaml(kRules);
  Situation situation;
  EXPECT_THAT(explain(reading.book.units[0], reading.book, &situation),
              HasSubstr("Here it stays out: runtime_environments.rpm_packages: what packages the "
                        "image has is not known.\n"));
  situation.packages.emplace();
  EXPECT_THAT(explain(reading.book.units[0], reading.book, &situation),
              HasSubstr("Here it takes part.\n"));
}

TEST(Explain, FindsUnitsByTheirWholeOrBareName) {
  const Reading reading = read_yaml(kRules);
  EXPECT_THAT(find_units(reading.book, "t.Pair"), SizeIs(1));
  EXPECT_THAT(find_units(reading.book, "Pair"), SizeIs(1));
  EXPECT_THAT(find_units(reading.book, "Pairs"), SizeIs(0));
  EXPECT_THAT(near_names(reading.book, "Pairs"), ElementsAre("t.Pair"));
}

TEST(Explain, ListsUnitsByKindAndName) {
  EXPECT_EQ(
      list_units(read_yaml(kRules).book),
      "sieve               t.NeedsGit  rules.yaml:3\nstep.Group          t.Pair  rules.yaml:13\n");
}

TEST(LintReport, IsJsonWithEveryFault) {
  const Reading reading = read_yaml(
      "units:\n  boots:\n  - {name: \"B\\\"\", type: boot, should_include: {}, ran: {}}\n");
  EXPECT_EQ(
      lint_json(reading),
      "{\n  \"schema\": \"seshat.lint/1\",\n  \"files\": 1,\n  \"units\": 0,\n  \"errors\": [\n"
      "    {\"code\": \"missing_key\", \"message\": \"the key \\\"run\\\" is missing\", \"file\": "
      "\"rules.yaml\", \"line\": 3, "
      "\"column\": 5, \"path\": \"units.boots[0].run\"},\n"
      "    {\"code\": \"unknown_key\", \"message\": \"unknown key \\\"ran\\\"; did you mean "
      "\\\"run\\\"?\", \"file\": "
      "\"rules.yaml\", \"line\": 3, \"column\": 51, \"path\": \"units.boots[0].ran\"}\n"
      "  ],\n  \"warnings\": []\n}\n");
}

TEST(LintReport, IsALineAFaultAsText) {
  Reading reading =
      read_yaml("units: {boots: [{name: B, type: boot, should_include: {}, run: {}}]}");
  lint(reading);
  EXPECT_EQ(lint_text(reading),
            "rules.yaml:1:17: warning: should_include: t.B takes part in no pipeline: "
            "adviser_pipeline is not true "
            "[never_included]\n"
            "1 file, 1 unit: 0 errors, 1 warning\n");
}

}  // namespace
}  // namespace prescriptions
