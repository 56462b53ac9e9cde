// Conditions against situations, row by row.
#include "prescriptions/match.h"

#include <gtest/gtest.h>

#include "tests/prescriptions/document.h"

namespace prescriptions {
namespace {

// An RPM image on one CPU with one GPU.
Situation rich() {
  Situation situation;
  situation.operating_system = "rhel";
  situation.operating_system_version = "9";
  situation.python_version = "3.9";
  situation.cuda_version = "11.2";
  situation.platform = "linux-x86_64";
  situation.base_image = "registry.example:5000/s2i/py39:v1.2";
  situation.cpu_family = 6;
  situation.cpu_model = 143;
  situation.cpu_flags = std::vector<std::string>{"sse2", "avx2"};
  situation.gpu_models = {"A100"};
  situation.packages = {
      PackageRecord{"git", "0", "2.31.1", "2.el9", "x86_64", "git-2.31.1-2.el9.x86_64", false}};
  situation.python_packages = {
      PythonPackageRecord{"pip", "21.3", "/opt/app-root/lib/python3.9/site-packages"},
      PythonPackageRecord{"pip", "9.0.3", "/usr/lib/python3.9/site-packages"}};
  situation.symbols = {"GLIBCXX_3.4.25", "GLIBC_2.28"};  // sorted
  situation.labels = {{"team", "ml"}};
  situation.library_usage = {{"tempfile", {"tempfile.mkdtemp", "tempfile.mktemp"}}};
  return situation;
}

// Nothing but a Python version.
Situation bare() {
  Situation situation;
  situation.python_version = "3.9";
  return situation;
}

// The condition is the YAML of should_include, without adviser_pipeline.
ShouldInclude condition(const std::string& yaml) {
  const Unit unit = only_unit(
      "units:\n  boots:\n  - name: B\n    type: boot\n    run: {}\n    should_include: "
      "{adviser_pipeline: true" +
      (yaml.empty() ? "" : ", " + yaml) + "}\n");
  return unit.should_include ? *unit.should_include : ShouldInclude();
}

struct Row {
  const char* condition;
  bool rich;
  bool bare;
};
class Condition : public testing::TestWithParam<Row> {};

TEST_P(Condition, HoldsOrNot) {
  const ShouldInclude asked = condition(GetParam().condition);
  for (const bool is_rich : {true, false}) {
    const Answer answer = includes(asked, is_rich ? rich() : bare());
    EXPECT_EQ(answer.yes, is_rich ? GetParam().rich : GetParam().bare)
        << GetParam().condition << (is_rich ? " rich" : " bare");
    EXPECT_EQ(answer.reason.empty(), answer.yes);
    EXPECT_EQ(is_included(asked, is_rich ? rich() : bare()), answer.yes);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Request, Condition,
    testing::Values(
        Row{"", true, true}, Row{"times: 0", false, false},
        Row{"recommendation_types: [stable]", true, true},
        Row{"recommendation_types: [latest]", false, false},
        Row{"recommendation_types: {not: [latest]}", true, true},
        Row{"authenticated: true", false, false}, Row{"authenticated: false", true, true},
        Row{"labels: {team: ml, x: y}", true, false}, Row{"labels: {team: other}", false, false},
        Row{"library_usage: {tempfile: [tempfile.mktemp]}", true, false},
        Row{"library_usage: {tempfile: [tempfile.mktemp, tempfile.other]}", false, false},
        Row{"library_usage: {tempfile: [tempfile.mk.*]}", true, false},
        Row{"library_usage: {os: [os.path]}", false, false}));

INSTANTIATE_TEST_SUITE_P(
    Environment, Condition,
    testing::Values(Row{"runtime_environments: {operating_systems: []}", true, true},
                    Row{"runtime_environments: {operating_systems: [{}]}", true, true},
                    Row{"runtime_environments: {operating_systems: [{name: fedora}, {name: rhel}]}",
                        true, false},
                    Row{"runtime_environments: {operating_systems: [{name: rhel, version: '8'}]}",
                        false, false},
                    Row{"runtime_environments: {python_version: '>=3.9'}", true, true},
                    Row{"runtime_environments: {python_version: ==3.10}", false, false},
                    Row{"runtime_environments: {python_version: null}", false, false},
                    Row{"runtime_environments: {cuda_version: '>=0.0'}", true, false},
                    Row{"runtime_environments: {cuda_version: ==11.1}", false, false},
                    Row{"runtime_environments: {cuda_version: null}", false, true},
                    Row{"runtime_environments: {cuda_version: ''}", true, true},
                    Row{"runtime_environments: {cudnn_version: null}", true, true},
                    Row{"runtime_environments: {platforms: [linux-x86_64]}", true, false},
                    Row{"runtime_environments: {platforms: [null]}", false, true},
                    Row{"runtime_environments: {platforms: {not: [linux-x86_64]}}", false, true}));

INSTANTIATE_TEST_SUITE_P(
    Hardware, Condition,
    testing::Values(
        Row{"runtime_environments: {hardware: [{gpu_models: [V100]}, {gpu_models: [A100]}]}", true,
            false},
        Row{"runtime_environments: {hardware: [{gpu_models: [null]}]}", false, true},
        Row{"runtime_environments: {hardware: [{gpu_models: {not: [null]}}]}", true, false},
        Row{"runtime_environments: {hardware: [{gpu_models: {not: [A100]}}]}", false, true},
        Row{"runtime_environments: {hardware: [{cpu_families: [6], cpu_models: {not: [1]}}]}", true,
            false},
        Row{"runtime_environments: {hardware: [{cpu_families: [null]}]}", false, true},
        Row{"runtime_environments: {hardware: [{cpu_flags: [avx2]}]}", true, false},
        Row{"runtime_environments: {hardware: [{cpu_flags: [avx2, avx512]}]}", false, false},
        Row{"runtime_environments: {hardware: [{cpu_flags: {not: [avx512]}}]}", true, false},
        Row{"runtime_environments: {hardware: [{cpu_flags: {not: [avx2]}}]}", false, false}));

INSTANTIATE_TEST_SUITE_P(
    Image, Condition,
    testing::Values(
        Row{"runtime_environments: {base_images: ['registry.example:5000/s2i/py39']}", true, false},
        Row{"runtime_environments: {base_images: ['registry.example:5000/s2i/py39:v1.*']}", true,
            false},
        Row{"runtime_environments: {base_images: ['registry.example:5000/s2i/py39:v1.1']}", false,
            false},
        Row{"runtime_environments: {base_images: [null]}", false, true},
        Row{"runtime_environments: {base_images: {not: ['registry.example:5000/s2i/py39']}}", false,
            true},
        Row{"runtime_environments: {abi: [GLIBC_2.28]}", true, false},
        Row{"runtime_environments: {abi: [GLIBC_2.28, GLIBC_2.99]}", false, false},
        Row{"runtime_environments: {abi: {not: [GLIBC_2.99]}}", true, false},
        Row{"runtime_environments: {abi: {not: [GLIBC_2.99, GLIBC_2.28]}}", false, false},
        Row{"runtime_environments: {rpm_packages: [{package_name: git, release: 2.el9, epoch: "
            "'0'}]}",
            true, false},
        Row{"runtime_environments: {rpm_packages: [{package_name: git, release: 3.el9}]}", false,
            false},
        Row{"runtime_environments: {rpm_packages: {not: [{package_name: vim}]}}", true, false},
        Row{"runtime_environments: {rpm_packages: {not: [{package_name: vim}, {package_name: "
            "git}]}}",
            false, false},
        Row{"runtime_environments: {rpm_packages: {not: [{package_name: git, release: 3.el9}]}}",
            true, false},
        Row{"runtime_environments: {python_packages: [{name: pip, version: <10}]}", true, false},
        Row{"runtime_environments: {python_packages: [{name: pip, version: <10, location: "
            "'/opt/.*'}]}",
            false, false},
        Row{"runtime_environments: {python_packages: [{name: pip, location: '/usr/lib'}]}", false,
            false},
        Row{"runtime_environments: {python_packages: {not: [{name: pip, version: '>=30'}]}}", true,
            false},
        Row{"runtime_environments: {python_packages: {not: [{name: wheel}, {name: pip}]}}", false,
            false},
        Row{"runtime_environments: {abi: [GLIBC_2.28], rpm_packages: [{package_name: vim}]}", false,
            false}));

TEST(Match, WithoutAdviserPipelineAUnitStaysOut) {
  EXPECT_EQ(includes(ShouldInclude(), rich()).condition, "adviser_pipeline");
}

TEST(Match, NamesTheConditionThatFailed) {
  const Answer answer = includes(
      condition("runtime_environments: {cuda_version: ==11.1, python_version: ==3.9}"), rich());
  EXPECT_EQ(answer.condition, "runtime_environments.cuda_version");
  EXPECT_EQ(answer.reason, "CUDA is 11.2, and ==11.1 is asked for");
}

TEST(Match, AnRpmNameProvesNothingInAnImageOfAnotherKindUnlessAllShareIt) {
  Situation debian = rich();
  debian.rpm_names = false;
  const auto absent = [](const char* name) {
    return condition(
        "runtime_environments: {rpm_packages: {not: [{package_name: " + std::string(name) + "}]}}");
  };
  EXPECT_FALSE(is_included(absent("git"), debian));         // it is there
  EXPECT_FALSE(is_included(absent("mesa-libGL"), debian));  // it may be there as libgl1
  debian.packages->clear();
  EXPECT_TRUE(is_included(absent("git"), debian));
  EXPECT_FALSE(is_included(absent("mesa-libGL"), debian));
}

TEST(Match, AHostileExpressionForALocationEndsInTime) {
  Situation situation = rich();
  situation.python_packages = {PythonPackageRecord{"a", "1", std::string(4000, 'a')}};
  EXPECT_FALSE(is_included(
      condition("runtime_environments: {python_packages: [{name: a, location: '(a*)*(a*)*b'}]}"),
      situation));
}

struct PatternRow {
  const char* name;
  const char* version;
  const char* index;
  bool negated;
  bool matches;
};
class PatternOf : public testing::TestWithParam<PatternRow> {};

TEST_P(PatternOf, APackage) {
  const PatternRow& row = GetParam();
  PackagePattern pattern;
  pattern.name = row.name;
  if (*row.version != '\0') pattern.version = *VersionRange::parse(row.version);
  if (*row.index != '\0') pattern.index_url = IndexPattern{row.negated, row.index};
  const pep::Version version = *pep::Version::parse("1.5");
  EXPECT_EQ(matches(pattern, {"flask", version, "https://pypi.example/simple", false},
                    Prereleases::kIfNamed),
            row.matches);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PatternOf,
    testing::Values(PatternRow{"", "", "", false, true}, PatternRow{"flask", "", "", false, true},
                    PatternRow{"click", "", "", false, false},
                    PatternRow{"flask", "<2", "", false, true},
                    PatternRow{"flask", ">2", "", false, false},
                    PatternRow{"flask", "", "https://pypi.example/simple", false, true},
                    PatternRow{"flask", "", "https://pypi.example/simple", true, false},
                    PatternRow{"flask", "", "https://pypi.example/simple/", false, true},
                    PatternRow{"flask", "", "https://pypi.example/simple/", true, false},
                    PatternRow{"flask", "", "https://pypi.example/simple/x", false, false},
                    PatternRow{"flask", "", "*.example/simple/", false, true},
                    PatternRow{"flask", "", "*/simple", true, false},
                    PatternRow{"flask", "", "*/whl/cpu", false, false},
                    PatternRow{"", "<2", "https://x.example", true, true}));

TEST(Pattern, DevelopIsComparedWhereItIsGiven) {
  const pep::Version version;
  PackagePattern pattern;
  pattern.develop = true;
  EXPECT_FALSE(matches(pattern, {"a", version, "", false}, Prereleases::kIfNamed));
  EXPECT_TRUE(matches(pattern, {"a", version, "", true}, Prereleases::kIfNamed));
}

}  // namespace
}  // namespace prescriptions
