// Dependency groups.
#include "pep/groups.h"

#include <gtest/gtest.h>

using pep::Groups;
using pep::IncludeGroup;
using pep::resolve_group;

namespace {

std::string joined(const Groups& groups, std::string_view name) {
  const auto made = resolve_group(groups, name);
  EXPECT_TRUE(made) << made.error().what;
  std::string text;
  if (made) {
    for (const auto& requirement : *made) text += requirement.str() + " ";
  }
  return text;
}

}  // namespace

TEST(Groups, IncludesStandWhereTheyAreWritten) {
  const Groups groups = {
      {"test", {std::string("pytest>7"), std::string("coverage")}},
      {"docs", {std::string("sphinx")}},
      {"dev",
       {std::string("ruff"), IncludeGroup{"Test"}, IncludeGroup{"docs"}, IncludeGroup{"test"}}}};
  EXPECT_EQ(joined(groups, "DEV"), "ruff pytest>7 coverage sphinx pytest>7 coverage ");
}

TEST(Groups, RefuseCirclesAndNameTheWay) {
  const Groups groups = {
      {"a", {IncludeGroup{"b"}}}, {"b", {IncludeGroup{"c"}}}, {"c", {IncludeGroup{"B"}}}};
  const auto made = resolve_group(groups, "a");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().fault, pep::Fault::kConfig);
  EXPECT_NE(made.error().what.find("b -> c -> B"), std::string::npos) << made.error().what;
}

TEST(Groups, RefuseTwoNamesOfOneNormalForm) {
  const auto made = resolve_group({{"a-b", {}}, {"A_B", {}}}, "a-b");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().fault, pep::Fault::kConfig);
}

TEST(Groups, SayWhichGroupIsMissingAndWhoAskedForIt) {
  EXPECT_EQ(resolve_group({}, "x").error().fault, pep::Fault::kNotFound);
  const auto made = resolve_group({{"a", {IncludeGroup{"gone"}}}}, "a");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what.find("'gone', which group 'a' includes"), std::string::npos);
}

TEST(Groups, RefuseABadRequirement) {
  const auto made = resolve_group({{"a", {std::string("x >> 1")}}}, "a");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().fault, pep::Fault::kConfig);
  EXPECT_EQ(made.error().place->column, 3);
}

TEST(Groups, DoublingIncludesEnd) {
  Groups groups = {{"g0", {}}};
  for (int i = 1; i < 100; ++i) {
    const IncludeGroup below{"g" + std::to_string(i - 1)};
    groups["g" + std::to_string(i)] = {below, below};
  }
  EXPECT_EQ(resolve_group(groups, "g99").error().fault, pep::Fault::kConfig);
}
