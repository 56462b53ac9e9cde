// Targets: from an interpreter or a declaration to tags and marker variables.
#include "rpmenv/target.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using pep::Fault;
using rpmenv::LibcFamily;

rpmenv::Facts facts() {
  rpmenv::Facts facts;
  facts.root = "/image";
  facts.architecture = "x86_64";
  facts.libc = {LibcFamily::kGlibc, "2.34"};
  rpmenv::Interpreter old, current;
  old.path = "usr/bin/python3.6";
  old.version = "3.6.8";
  old.abi = "cp36m";
  current.path = "usr/bin/python3.9";
  current.links = {"usr/bin/python3"};
  current.version = "3.9.18";
  current.abi = "cp39";
  current.is_default = true;
  for (auto* python : {&old, &current})
    python->platforms = rpmenv::platforms_of(facts.libc, "x86_64");
  facts.pythons = {old, current};
  return facts;
}

bool accepts(const rpmenv::Target& target, std::string_view triple) {
  return target.tags.rank(triple).has_value();
}

TEST(DeclaredTarget, TwoNumbersMeanTheFirstRelease) {
  const auto target = rpmenv::declared_target("3.12", "manylinux_2_28_x86_64");
  ASSERT_TRUE(target) << target.error().what;
  EXPECT_EQ(target->python.str(), "3.12.0");
  EXPECT_EQ(target->abi, "cp312");
  EXPECT_EQ(target->environment.python_full_version, "3.12.0");
  EXPECT_EQ(target->environment.python_version, "3.12");
  EXPECT_EQ(target->environment.platform_machine, "x86_64");
  EXPECT_EQ(target->libc.version, "2.28");
  EXPECT_TRUE(accepts(*target, "cp312-cp312-manylinux_2_28_x86_64"));
  EXPECT_TRUE(accepts(*target, "cp38-abi3-manylinux2014_x86_64"));
  EXPECT_FALSE(accepts(*target, "cp312-cp312-manylinux_2_29_x86_64"));
}

TEST(DeclaredTarget, MuslAcceptsNoManylinux) {
  const auto target = rpmenv::declared_target("3.11.4", "musllinux_1_2_aarch64");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->libc.family, LibcFamily::kMusl);
  EXPECT_EQ(target->environment.platform_machine, "aarch64");
  EXPECT_TRUE(accepts(*target, "cp311-cp311-musllinux_1_1_aarch64"));
  EXPECT_FALSE(accepts(*target, "cp311-cp311-manylinux_2_17_aarch64"));
}

TEST(DeclaredTarget, AbiBefore38HasItsLetter) {
  EXPECT_EQ(rpmenv::declared_target("3.6", "manylinux2014_x86_64")->abi, "cp36m");
  EXPECT_EQ(rpmenv::declared_target("3.13t", "manylinux2014_x86_64")->abi, "cp313t");
}

class BadDeclaration : public testing::TestWithParam<std::pair<const char*, const char*>> {};
TEST_P(BadDeclaration, IsAUsageFault) {
  const auto target = rpmenv::declared_target(GetParam().first, GetParam().second);
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().fault, Fault::kUsage);
}
INSTANTIATE_TEST_SUITE_P(Table, BadDeclaration,
                         testing::Values(std::pair("3", "manylinux_2_28_x86_64"),
                                         std::pair("three", "manylinux_2_28_x86_64"),
                                         std::pair("", "manylinux_2_28_x86_64"),
                                         std::pair("3.x", "manylinux_2_28_x86_64"),
                                         std::pair("3.12", "windows"), std::pair("3.12", ""),
                                         std::pair("3.12", "manylinux_2_x86_64"),
                                         std::pair("3.12", "manylinux_2_28_")));

TEST(TargetOf, TakesTheDefaultInterpreter) {
  const auto target = rpmenv::target_of(facts(), "", {}, {});
  ASSERT_TRUE(target);
  EXPECT_EQ(target->interpreter, "usr/bin/python3.9");
  EXPECT_EQ(target->python.str(), "3.9.18");
  EXPECT_EQ(target->libc.version, "2.34");
  EXPECT_TRUE(accepts(*target, "cp39-cp39-manylinux_2_34_x86_64"));
  EXPECT_FALSE(accepts(*target, "cp39-cp39-manylinux_2_35_x86_64"));
}

class Which : public testing::TestWithParam<std::pair<const char*, const char*>> {};
TEST_P(Which, NamesAnInterpreter) {
  const auto target = rpmenv::target_of(facts(), GetParam().first, {}, {});
  ASSERT_TRUE(target) << target.error().what;
  EXPECT_EQ(target->interpreter, GetParam().second);
}
INSTANTIATE_TEST_SUITE_P(Table, Which,
                         testing::Values(std::pair("3.6", "usr/bin/python3.6"),
                                         std::pair("3.6.8", "usr/bin/python3.6"),
                                         std::pair("3", "usr/bin/python3.9"),
                                         std::pair("/usr/bin/python3", "usr/bin/python3.9"),
                                         std::pair("usr/bin/python3.6", "usr/bin/python3.6")));

TEST(TargetOf, AnInterpreterThatIsNotThereNamesThoseThatAre) {
  const auto target = rpmenv::target_of(facts(), "3.12", {}, {});
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().fault, Fault::kEnvironment);
  EXPECT_NE(target.error().what.find("usr/bin/python3.9 (3.9.18)"), std::string::npos);
}

TEST(TargetOf, NoPythonIsAFaultOfTheEnvironment) {
  auto none = facts();
  none.pythons.clear();
  EXPECT_EQ(rpmenv::target_of(none, "", {}, {}).error().fault, Fault::kEnvironment);
  EXPECT_TRUE(rpmenv::target_of(none, "", "3.11", {})) << "a declared version needs none";
}

TEST(TargetOf, DeclarationsOverruleTheRoot) {
  const auto target = rpmenv::target_of(facts(), "", "3.11.2", "musllinux_1_2_aarch64");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->abi, "cp311");
  EXPECT_EQ(target->environment.platform_machine, "aarch64");
  EXPECT_EQ(target->libc.family, LibcFamily::kMusl);
}

TEST(TargetOf, KeepsTheInterpretersAbiWithAnotherPatchLevel) {
  auto one = facts();
  one.pythons[1].version = "3.13.1";
  one.pythons[1].abi = "cp313t";
  EXPECT_EQ(rpmenv::target_of(one, "", "3.13", {})->abi, "cp313t");
}

TEST(PlatformsOf, UsesMajorAndMinorOfTheRelease) {
  const auto has = [](const std::vector<std::string>& tags, const char* tag) {
    return std::ranges::find(tags, tag) != tags.end();
  };
  const auto old = rpmenv::platforms_of({LibcFamily::kGlibc, "2.11.1"}, "x86_64");
  EXPECT_TRUE(has(old, "manylinux_2_11_x86_64"));
  EXPECT_FALSE(has(old, "manylinux_2_12_x86_64"));
  EXPECT_TRUE(
      has(rpmenv::platforms_of({LibcFamily::kMusl, "1.2.3"}, "x86_64"), "musllinux_1_2_x86_64"));
  EXPECT_EQ(rpmenv::platforms_of({}, "x86_64"), std::vector<std::string>{"linux_x86_64"});
}

}  // namespace
