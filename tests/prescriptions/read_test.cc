// Documents -> units: every field arrives, and every fault has its place and path.
#include "prescriptions/read.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/prescriptions/document.h"

namespace prescriptions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Read, AStepWithEveryField) {
  const Unit unit = only_unit(R"(
units:
  steps:
  - name: S
    type: step
    should_include: {adviser_pipeline: true}
    match:
    - package_version: {name: a, version: '>=1', index_url: 'https://pypi.example/simple', develop: false}
      state:
        resolved_dependencies: [{name: b, version: ==2.0, index_url: {not: 'https://x.example'}}]
        package_version_from: [{name: c}]
        package_version_from_allow_other: true
    - package_version: {name: d}
    run:
      score: -0.5
      multi_package_resolution: yes
      log: {type: WARNING, message: l}
      stack_info: [{type: INFO, message: m, link: some-slug_1}]
      justification:
      - {type: ERROR, message: j, link: 'https://example.com', package_name: a, cve_id: CVE-1, version_range: <2}
    metadata: {author: me}
)");
  EXPECT_EQ(unit.qualified, "t.S");
  EXPECT_EQ(unit.origin.line, 4);
  EXPECT_STREQ(type_name_of(unit.body), "step");
  const auto& step = std::get<Step>(unit.body);
  ASSERT_THAT(step.match, SizeIs(2));
  const StepMatch& match = step.match[0];
  EXPECT_EQ(match.package_version.name, "a");
  EXPECT_EQ(match.package_version.version.text(), ">=1");
  EXPECT_EQ(match.package_version.index_url, (IndexPattern{false, "https://pypi.example/simple"}));
  EXPECT_EQ(match.package_version.develop, false);
  EXPECT_EQ(match.resolved_dependencies[0].index_url, (IndexPattern{true, "https://x.example"}));
  EXPECT_EQ(match.package_version_from[0].name, "c");
  EXPECT_TRUE(match.package_version_from_allow_other);
  EXPECT_EQ(step.match[1].package_version.name, "d");
  EXPECT_EQ(step.score, -0.5);
  EXPECT_TRUE(step.multi_package_resolution);
  EXPECT_EQ(step.notices.log->message, "l");
  EXPECT_EQ(step.notices.stack_info[0].link, "https://thoth-station.ninja/j/some-slug_1");
  const Entry& entry = step.notices.justification[0];
  EXPECT_EQ(entry.type, Severity::kError);
  EXPECT_EQ(entry.package_name, "a");
  EXPECT_EQ(entry.cve_id, "CVE-1");
  EXPECT_EQ(entry.version_range, "<2");
}

TEST(Read, EveryType) {
  const Reading reading = read_yaml(R"(
units:
  boots:
  - {name: B, type: boot, should_include: {}, match: [{package_name: a}, {}], run: {not_acceptable: no way}}
  pseudonyms:
  - name: P
    type: pseudonym
    should_include: {}
    match: {package_version: {name: a}}
    run: {yield: {package_version: {name: b, locked_version: ===1.5}}}
  sieves:
  - {name: V, type: sieve, should_include: {}, match: {package_version: {}}}
  - {name: K, type: sieve.SkipPackage, should_include: {}, match: {package_name: a}, run: {}}
  steps:
  - {name: S, type: step, should_include: {}, match: {package_version: {}}, run: {eager_stop_pipeline: enough}}
  - {name: T, type: step.SkipPackage, should_include: {}, match: {package_version: {name: a}}}
  - name: A
    type: step.AddPackage
    should_include: {}
    match: {package_version: {name: a}}
    run: {package_version: {name: b, locked_version: ==1, index_url: 'https://i.example', develop: true}}
  - name: G
    type: step.Group
    should_include: {}
    match: {group: [{package_version: {name: a}}, {package_version: {name: b}}]}
    run: {score: 1.0}
  strides:
  - {name: R, type: stride, should_include: {}, match: {state: {resolved_dependencies: []}}, run: {}}
  wraps:
  - {name: W, type: wrap, should_include: {}, run: {advised_manifest_changes: [[{op: add, n: 010, f: 1.5, x: null}]]}}
  - name: N
    type: wrap.GHReleaseNotes
    should_include: {}
    match: {state: {resolved_dependencies: {name: a}}}
    run: {release_notes: {organization: o, repository: r, tag_version_prefix: v}}
)");
  EXPECT_THAT(brief(reading.errors), ElementsAre());
  std::vector<std::string> types;
  for (const Unit& unit : reading.book.units) types.emplace_back(type_name_of(unit.body));
  EXPECT_THAT(types, ElementsAre("boot", "pseudonym", "sieve", "sieve.SkipPackage", "step",
                                 "step.SkipPackage", "step.AddPackage", "step.Group", "stride",
                                 "wrap", "wrap.GHReleaseNotes"));
  const auto& units = reading.book.units;
  EXPECT_THAT(std::get<Boot>(units[0].body).match, ElementsAre("a", ""));
  EXPECT_EQ(std::get<Pseudonym>(units[1].body).yield->locked_version->str(), "1.5");
  EXPECT_TRUE(std::get<AddPackageStep>(units[6].body).package_version.develop);
  EXPECT_EQ(std::get<Wrap>(units[9].body).advised_manifest_changes,
            R"([[{"op": "add", "n": 8, "f": 1.5, "x": null}]])");
  EXPECT_EQ(std::get<ReleaseNotesWrap>(units[10].body).tag_version_prefix, "v");
}

TEST(Read, AConditionWithEveryField) {
  const Unit unit = only_unit(R"(
units:
  boots:
  - name: B
    type: boot
    should_include:
      times: 0
      adviser_pipeline: true
      dependency_monkey_pipeline: on
      authenticated: false
      recommendation_types: {not: [latest]}
      decision_types: [all]
      labels: {team: ml}
      library_usage: {tempfile: [tempfile.mktemp]}
      dependencies: {wraps: [t.W]}
      runtime_environments:
        operating_systems: [{name: rhel, version: '9'}]
        hardware: [{cpu_families: [6, null], cpu_models: {not: [0x1F]}, cpu_flags: [avx2], gpu_models: {not: [null]}}]
        python_version: ==3.9
        cuda_version: null
        platforms: [linux-x86_64, null]
        base_images: {not: [a/b:1]}
        abi: [GLIBC_2.28]
        rpm_packages: {not: [{package_name: git, src: false}]}
        python_packages: [{name: pip, version: <22, location: null}]
    run: {}
)");
  const ShouldInclude& condition = *unit.should_include;
  EXPECT_FALSE(condition.enabled);
  EXPECT_TRUE(condition.dependency_monkey_pipeline);
  EXPECT_EQ(condition.authenticated, false);
  EXPECT_TRUE(condition.recommendation_types->negated);
  EXPECT_THAT(condition.recommendation_types->values, ElementsAre(RecommendationType::kLatest));
  EXPECT_THAT(condition.labels, ElementsAre(std::pair<std::string, std::string>("team", "ml")));
  EXPECT_THAT(condition.dependencies[static_cast<std::size_t>(Kind::kWrap)], ElementsAre("t.W"));
  const RuntimeEnvironments& environment = condition.runtime_environments;
  EXPECT_EQ(environment.hardware[0].cpu_families->values[1], std::nullopt);
  EXPECT_EQ(environment.hardware[0].cpu_models->values[0], 31);
  EXPECT_TRUE(environment.hardware[0].gpu_models->negated);
  EXPECT_TRUE(environment.cuda_version->none);
  EXPECT_EQ(environment.python_version->range.text(), "==3.9");
  EXPECT_EQ(environment.rpm_packages->values[0].src, false);
  EXPECT_EQ(environment.python_packages->values[0].location, std::nullopt);
}

TEST(Read, AllFaultsOfADocumentAreFoundInOneRun) {
  const Reading reading = read_yaml(R"(units:
  steps:
  - name: S
    type: step
    should_include: {adviser_pipline: true}
    match:
      package_version: {name: Flask, version: '1.0'}
    run:
      score: 1
      scores: 0.5
  - type: step.Group
    should_include: {}
    match: {group: [{package_version: {name: a}}]}
    run: {}
extra: 1
)");
  EXPECT_THAT(brief(reading.errors),
              ElementsAre("5:22 units.steps[0].should_include.adviser_pipline unknown_key",
                          "7:31 units.steps[0].match.package_version.name not_normalized",
                          "7:47 units.steps[0].match.package_version.version bad_version",
                          "9:14 units.steps[0].run.score wrong_type",
                          "10:7 units.steps[0].run.scores unknown_key",
                          "11:5 units.steps[1].name missing_key",
                          "13:20 units.steps[1].match.group empty", "15:1 extra unknown_key"));
  EXPECT_THAT(reading.errors[0].message, HasSubstr("did you mean \"adviser_pipeline\"?"));
  EXPECT_THAT(reading.errors[3].message, HasSubstr("write 1.0"));
  EXPECT_TRUE(reading.book.units.empty());
}

struct RunRow {
  const char* type;
  const char* run;
  const char* fault;  // its path below the unit, and its code
};
class Exclusion : public testing::TestWithParam<RunRow> {};

TEST_P(Exclusion, IsAnError) {
  const std::string match =
      std::string(GetParam().type) == "step"
          ? "{package_version: {name: a}}"
          : "{group: [{package_version: {name: a}}, {package_version: {name: b}}]}";
  const Reading reading =
      read_yaml("units:\n  steps:\n  - name: S\n    type: " + std::string(GetParam().type) +
                "\n    should_include: {}\n    match: " + match + "\n    run: " + GetParam().run);
  if (std::string(GetParam().fault).empty()) {
    EXPECT_THAT(brief(reading.errors), ElementsAre());
  } else {
    ASSERT_THAT(reading.errors, SizeIs(1));
    EXPECT_EQ(reading.errors[0].path + " " + reading.errors[0].code,
              "units.steps[0].run." + std::string(GetParam().fault));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Runs, Exclusion,
    testing::Values(
        RunRow{"step", "{not_acceptable: a, eager_stop_pipeline: b}",
               "eager_stop_pipeline exclusive_keys"},
        RunRow{"step", "{score: 0.5, eager_stop_pipeline: b}",
               "eager_stop_pipeline exclusive_keys"},
        RunRow{"step", "{score: 0.5, not_acceptable: b}", "not_acceptable exclusive_keys"},
        RunRow{"step", "{not_acceptable: b, justification: [{type: INFO, message: m, link: l}]}",
               "not_acceptable exclusive_keys"},
        RunRow{"step",
               "{eager_stop_pipeline: b, justification: [{type: INFO, message: m, link: l}]}",
               "eager_stop_pipeline exclusive_keys"},
        RunRow{"step.Group", "{not_acceptable: a, eager_stop_pipeline: b}",
               "eager_stop_pipeline exclusive_keys"},
        RunRow{"step.Group", "{score: 0.5, not_acceptable: b}", ""},
        RunRow{"step", "{score: .nan}", "score bad_value"},
        RunRow{"step", "{score: -.inf}", "score bad_value"}, RunRow{"step", "{score: 5.0}", ""}));

TEST(Read, MergeKeysTakeTheEarlierMapAndOwnKeysWin) {
  const Reading reading = read_yaml(R"(
units:
  wraps:
  - &base
    name: A
    type: wrap
    should_include: {adviser_pipeline: true}
    match: &both
    - state: {resolved_dependencies: [{name: a}]}
    - state: {resolved_dependencies: [{name: b}]}
    run: {}
  - <<: *base
    name: B
    match: {<<: *both}
)");
  ASSERT_THAT(brief(reading.errors), ElementsAre());
  const auto& merged = std::get<Wrap>(reading.book.units[1].body);
  EXPECT_EQ(reading.book.units[1].name, "B");
  ASSERT_THAT(merged.match, SizeIs(1));
  EXPECT_EQ(merged.match[0][0].name, "a");
}

TEST(Read, ADuplicateKeyIsAnError) {
  const Reading reading = read_yaml(
      "units:\n  boots:\n  - {name: A, name: B, type: boot, should_include: {}, run: {}}\n");
  EXPECT_THAT(brief(reading.errors), ElementsAre("3:15 units.boots[0].name duplicate_key"));
}

TEST(Read, ANameTwiceInANamespaceAndKindIsAnError) {
  const std::string boot =
      "units:\n  boots:\n  - {name: A, type: boot, should_include: {}, run: {}}\n";
  const std::string wrap =
      "units:\n  wraps:\n  - {name: A, type: wrap, should_include: {}, run: {}}\n";
  const std::vector<Document> documents = {
      {"1.yaml", boot, "t"}, {"2.yaml", boot, "t"}, {"3.yaml", boot, "u"}, {"4.yaml", wrap, "t"}};
  const Reading reading = read_documents(documents);
  ASSERT_THAT(reading.errors, SizeIs(1));
  EXPECT_EQ(reading.errors[0].file, "2.yaml");
  EXPECT_EQ(brief(reading.errors)[0], "3:5 units.boots[0].name duplicate_name");
  EXPECT_THAT(reading.errors[0].message, HasSubstr("1.yaml:3"));
}

TEST(Read, ABrokenDocumentContributesNothingAndSpoilsNoOther) {
  const std::vector<Document> documents = {
      {"1.yaml", "units: {boots: [{name: A, type: boot, should_include: {}, run: {}}, 7]}", "t"},
      {"2.yaml", "units: {boots: [{name: A, type: boot, should_include: {}, run: {}}]}", "t"}};
  const Reading reading = read_documents(documents);
  EXPECT_THAT(reading.errors, SizeIs(1));
  EXPECT_THAT(reading.book.units, SizeIs(1));
}

TEST(Read, ErrorsOfADocumentAreNotListedWithoutEnd) {
  std::string text = "units:\n  boots:\n";
  for (int i = 0; i < 3000; ++i) text += "  - 7\n";
  const Reading reading = read_yaml(text);
  EXPECT_THAT(reading.errors, SizeIs(1001));
  EXPECT_TRUE(std::ranges::any_of(reading.errors,
                                  [](const Fault& fault) { return fault.code == "too_many"; }));
}

TEST(Read, ADocumentWithoutUnitsIsAnErrorWithALine) {
  EXPECT_THAT(brief(read_yaml("units: {}").errors), ElementsAre("1:1 units no_units"));
  EXPECT_THAT(brief(read_yaml("").errors), ElementsAre("1:1  wrong_type"));
}

TEST(Read, ManyDocumentsReadOnSeveralThreadsKeepTheirOrder) {
  std::vector<Document> documents;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "U" + std::to_string(i);
    documents.push_back(
        {name, "units: {boots: [{name: " + name + ", type: boot, should_include: {}, run: {}}]}",
         "t"});
  }
  const Reading reading = read_documents(documents);
  ASSERT_THAT(reading.book.units, SizeIs(1000));
  for (std::size_t i = 0; i < 1000; ++i)
    EXPECT_EQ(reading.book.units[i].name, "U" + std::to_string(i));
}

}  // namespace
}  // namespace prescriptions
