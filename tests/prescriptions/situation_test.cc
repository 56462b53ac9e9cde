// Facts and declared environments -> situations.
#include "prescriptions/situation.h"

#include <gmock/gmock.h>

#include "prescriptions/match.h"
#include "tests/support/temp_directory.h"

namespace prescriptions {
namespace {

using testing::ElementsAre;

rpmenv::Target target() {
  rpmenv::Target made;
  made.python = *pep::Version::parse("3.9.18");
  made.environment.platform_machine = "x86_64";
  return made;
}

rpmenv::Facts image(const std::string& kind) {
  rpmenv::Facts facts;
  facts.os = {"rhel", "9.4", ""};
  facts.databases.push_back({.kind = kind, .path = "db", .format = "sqlite"});
  rpmenv::Package package;
  package.kind = kind;
  package.name = "git";
  package.epoch = 1;
  package.version = "2.31.1";
  package.release = "2.el9";
  package.arch = "x86_64";
  facts.packages.push_back(package);
  facts.distributions.push_back(
      {.name = "Foo_Bar", .version = "1.0", .location = "usr/lib/python3.9/site-packages"});
  facts.libraries.push_back({.path = "usr/lib64/b.so", .defines = {"B_1", "A_1"}});
  facts.libraries.push_back({.path = "usr/lib64/c.so", .defines = {"A_1"}});
  return facts;
}

TEST(Situation, OfAnImage) {
  const rpmenv::Facts facts = image("rpm");
  const Situation situation = situation_of(target(), &facts);
  EXPECT_EQ(situation.operating_system, "rhel");
  EXPECT_EQ(situation.operating_system_version, "9");
  EXPECT_EQ(situation.python_version, "3.9");
  EXPECT_EQ(situation.platform, "linux-x86_64");
  EXPECT_TRUE(situation.rpm_names);
  EXPECT_EQ(situation.packages->at(0).epoch, "1");
  EXPECT_EQ(situation.packages->at(0).package_identifier, facts.packages[0].owner_id());
  EXPECT_EQ(situation.python_packages->at(0).name, "foo-bar");
  EXPECT_EQ(situation.python_packages->at(0).location, "/usr/lib/python3.9/site-packages");
  EXPECT_THAT(*situation.symbols, ElementsAre("A_1", "B_1"));
}

TEST(Situation, CudaAndCudnnCountByMajorAndMinorVersion) {
  rpmenv::Facts facts = image("rpm");
  facts.accelerators.cuda = rpmenv::Accelerator{"11.2.152", "usr/local/cuda/version.json"};
  facts.accelerators.cudnn = rpmenv::Accelerator{"8", "usr/include/cudnn.h"};
  facts.accelerators.mkl = rpmenv::Accelerator{"2021.1.1", "usr/include/mkl.h"};
  const Situation situation = situation_of(target(), &facts);
  EXPECT_EQ(situation.cuda_version, "11.2");
  EXPECT_EQ(situation.cudnn_version, "8");
  EXPECT_EQ(situation.mkl_version, "2021.1.1");
  EXPECT_EQ(situation.openmpi_version, std::nullopt);
}

TEST(Situation, PackagesOfDpkgCountUnderTheirOwnNames) {
  const rpmenv::Facts facts = image("dpkg");
  const Situation situation = situation_of(target(), &facts);
  EXPECT_FALSE(situation.rpm_names);
  EXPECT_EQ(situation.packages->at(0).package_name, "git");
}

TEST(Situation, WithoutADatabaseOrWithADamagedOneNoPackageIsKnown) {
  rpmenv::Facts none = image("rpm");
  none.databases.clear();
  none.packages.clear();
  EXPECT_FALSE(situation_of(target(), &none).packages);
  rpmenv::Facts damaged = image("rpm");
  damaged.databases[0].status = rpmenv::DatabaseStatus::kPartial;
  EXPECT_FALSE(situation_of(target(), &damaged).packages);
}

TEST(Situation, OfADeclaredTargetKnowsNothingOfAnImage) {
  const Situation situation = situation_of(target(), nullptr);
  EXPECT_FALSE(situation.packages);
  EXPECT_FALSE(situation.python_packages);
  EXPECT_FALSE(situation.symbols);
  EXPECT_EQ(situation.operating_system, "");
}

TEST(Environment, EveryKey) {
  Situation situation;
  const auto declared = read_environment_text(R"(
name: rhel9-gpu
operating_system: {name: ubi, version: "9.2"}
hardware: {cpu_family: 6, cpu_model: 13, gpu_model: A100}
python_version: 3.10
cuda_version: 11.2
cudnn_version: null
platform: linux-x86_64
base_image: registry.example/s2i/py39:v1.2
labels: {team: ml}
recommendation_type: security
rpm_packages:
- {package_name: git, epoch: "0", package_version: 2.31.1, release: 2.el9, arch: x86_64, package_identifier: i, src: false}
python_packages:
- {package_name: Pip, package_version: "21.3", location: /opt}
symbols: [GLIBC_2.28, A]
)",
                                              "e.yaml", situation);
  ASSERT_TRUE(declared) << declared.error().what;
  EXPECT_EQ(declared->name, "rhel9-gpu");
  EXPECT_EQ(declared->python_version, "3.10");
  EXPECT_EQ(declared->recommendation_type, RecommendationType::kSecurity);
  EXPECT_EQ(situation.operating_system, "rhel");
  EXPECT_EQ(situation.operating_system_version, "9");
  EXPECT_EQ(situation.cuda_version, "11.2");
  EXPECT_EQ(situation.cpu_model, 13);
  EXPECT_THAT(situation.gpu_models, ElementsAre("A100"));
  EXPECT_EQ(situation.labels.at("team"), "ml");
  EXPECT_EQ(situation.packages->at(0).release, "2.el9");
  EXPECT_EQ(situation.python_packages->at(0).name, "pip");
  EXPECT_THAT(*situation.symbols, ElementsAre("A", "GLIBC_2.28"));
}

TEST(Environment, WhatIsNotDeclaredStaysAsItWasRead) {
  Situation situation;
  situation.cuda_version = "12.0";
  situation.cudnn_version = "9";
  situation.packages.emplace();
  ASSERT_TRUE(read_environment_text("cudnn_version: null\n", "e.yaml", situation));
  EXPECT_EQ(situation.cuda_version, "12.0");
  EXPECT_EQ(situation.cudnn_version, std::nullopt);
  EXPECT_TRUE(situation.packages);
}

TEST(Environment, ADeclaredCpuIsNotTheOneThatWasRead) {
  Situation situation;
  situation.cpu_flags = std::vector<std::string>{"avx2"};
  ASSERT_TRUE(
      read_environment_text("hardware: {cpu_family: 6, cpu_model: 42}\n", "e.yaml", situation));
  EXPECT_FALSE(situation.cpu_flags);
}

struct BadRow {
  const char* text;
  int line;
  int column;
};
class BadEnvironment : public testing::TestWithParam<BadRow> {};

TEST_P(BadEnvironment, IsAnErrorWithAPlaceAndChangesNothing) {
  Situation situation;
  const auto declared = read_environment_text(GetParam().text, "e.yaml", situation);
  ASSERT_FALSE(declared);
  EXPECT_EQ(declared.error().fault, pep::Fault::kConfig);
  EXPECT_EQ(declared.error().place->file, "e.yaml");
  EXPECT_EQ(declared.error().place->line, GetParam().line);
  EXPECT_EQ(declared.error().place->column, GetParam().column);
  EXPECT_FALSE(situation.cuda_version);
}

INSTANTIATE_TEST_SUITE_P(Rows, BadEnvironment,
                         testing::Values(BadRow{"cuda_version: '1'\npyhton_version: '3'\n", 2, 1},
                                         BadRow{"cuda_version: [1]\n", 1, 15},
                                         BadRow{"- a\n", 1, 1},
                                         BadRow{"recommendation_type: best\n", 1, 22},
                                         BadRow{"a: [\n", 2, 1},
                                         BadRow{"hardware: {cpu_family: x}\n", 1, 24},
                                         BadRow{"rpm_packages: [{name: git}]\n", 1, 16}));

TEST(LibraryUsage, IsReadFromJson) {
  const support::TempDirectory directory;
  Situation situation;
  ASSERT_TRUE(read_library_usage(
      directory.write("u.json", R"({"tempfile": ["tempfile.mktemp"], "os": []})"), situation));
  EXPECT_THAT(situation.library_usage->at("tempfile"), ElementsAre("tempfile.mktemp"));
  EXPECT_FALSE(read_library_usage(directory.write("v.json", "[1]"), situation));
  EXPECT_FALSE(read_library_usage(directory / "nowhere.json", situation));
}

}  // namespace
}  // namespace prescriptions
