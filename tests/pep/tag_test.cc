// Wheel tags: what platforms accept, the order of a CPython's tags, ranks.
#include "pep/tag.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

using pep::cpython_tags;
using pep::expand_platform;
using testing::ElementsAre;

namespace {

std::vector<std::string> strings(const pep::TagSet& tags) {
  std::vector<std::string> list;
  for (const pep::Tag& tag : tags.tags()) list.push_back(tag.str());
  return list;
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

TEST(Platform, ManylinuxGoesDownWithItsLegacyNames) {
  EXPECT_THAT(expand_platform("manylinux_2_18_aarch64"),
              ElementsAre("manylinux_2_18_aarch64", "manylinux_2_17_aarch64",
                          "manylinux2014_aarch64", "linux_aarch64"));
  const auto intel = expand_platform("manylinux_2_13_x86_64");
  EXPECT_EQ(intel.front(), "manylinux_2_13_x86_64");
  EXPECT_TRUE(has(intel, "manylinux2010_x86_64"));
  EXPECT_EQ(intel[intel.size() - 2], "manylinux1_x86_64");
  EXPECT_EQ(intel.back(), "linux_x86_64");
  EXPECT_FALSE(has(intel, "manylinux2014_x86_64"));
  EXPECT_FALSE(has(intel, "manylinux_2_4_x86_64"));
}

TEST(Platform, LegacyNameIsItsLevel) {
  EXPECT_EQ(expand_platform("manylinux2014_x86_64"), expand_platform("manylinux_2_17_x86_64"));
}

TEST(Platform, MusllinuxGoesDown) {
  EXPECT_THAT(expand_platform("musllinux_1_1_x86_64"),
              ElementsAre("musllinux_1_1_x86_64", "musllinux_1_0_x86_64", "linux_x86_64"));
}

TEST(Platform, OthersAcceptThemselves) {
  for (const char* text : {"any", "linux_x86_64", "win_amd64", "manylinux_x", "manylinux_2_17_",
                           "musllinux_99999999999_1_x", ""}) {
    EXPECT_THAT(expand_platform(text), ElementsAre(text));
  }
}

TEST(CPythonTags, AreInTheOrderOfPackaging) {
  EXPECT_THAT(strings(cpython_tags(3, 3, "cp33", {"plat"})),
              ElementsAre("cp33-cp33-plat", "cp33-abi3-plat", "cp33-none-plat", "cp32-abi3-plat",
                          "py33-none-plat", "py3-none-plat", "py32-none-plat", "py31-none-plat",
                          "py30-none-plat", "cp33-none-any", "py33-none-any", "py3-none-any",
                          "py32-none-any", "py31-none-any", "py30-none-any"));
}

TEST(CPythonTags, OldAbisKeepTheirSuffix) {
  const auto tags = strings(cpython_tags(3, 6, "cp36m", {"plat"}));
  EXPECT_EQ(tags.front(), "cp36-cp36m-plat");
  EXPECT_TRUE(has(tags, "cp36-abi3-plat"));
  const auto two = strings(cpython_tags(2, 7, "cp27mu", {"plat"}));
  EXPECT_EQ(two.front(), "cp27-cp27mu-plat");
  EXPECT_FALSE(has(two, "cp27-abi3-plat"));
  EXPECT_TRUE(has(two, "py2-none-any"));
}

TEST(CPythonTags, FreeThreadedHasNoAbi3) {
  const auto tags = strings(cpython_tags(3, 14, "cp314t", {"plat"}));
  EXPECT_EQ(tags.front(), "cp314-cp314t-plat");
  EXPECT_FALSE(has(tags, "cp314-abi3-plat"));
  EXPECT_TRUE(has(tags, "cp314-abi3t-plat"));
  EXPECT_TRUE(has(tags, "cp314-none-plat"));
  EXPECT_TRUE(has(tags, "py3-none-any"));
}

TEST(CPythonTags, DebugBuildTakesNormalExtensions) {
  const auto tags = strings(cpython_tags(3, 12, "cp312d", {"plat"}));
  EXPECT_EQ(tags[0], "cp312-cp312d-plat");
  EXPECT_EQ(tags[1], "cp312-cp312-plat");
}

TEST(TagSet, RanksTheBestTagOfACompressedTriple) {
  const auto tags = cpython_tags(3, 12, "cp312", expand_platform("manylinux_2_28_x86_64"));
  const auto rank = [&](std::string_view triple) { return tags.rank(triple); };
  EXPECT_EQ(rank("cp312-cp312-manylinux_2_28_x86_64"), 0U);
  EXPECT_EQ(rank("cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64"),
            rank("cp312-cp312-manylinux_2_17_x86_64"));
  EXPECT_EQ(rank("py2.py3-none-any"), rank("py3-none-any"));
  EXPECT_LT(rank("cp312-abi3-manylinux_2_17_x86_64"), rank("cp38-abi3-manylinux_2_17_x86_64"));
  EXPECT_EQ(rank("CP312-CP312-ManyLinux_2_28_X86_64"), 0U);
  for (const char* triple :
       {"cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-manylinux_2_34_x86_64",
        "cp312-cp312-win_amd64", "py2-none-any", "cp312-cp312-musllinux_1_1_x86_64", "", "--",
        "py3", "py3-none", "py3-none-any-any"}) {
    EXPECT_EQ(rank(triple), std::nullopt) << triple;
  }
}

TEST(TagSet, HostileTripleEndsSoon) {
  const auto tags = cpython_tags(3, 12, "cp312", {"any"});
  std::string many = "py3";
  for (int i = 0; i < 100'000; ++i) many += ".py3";
  EXPECT_EQ(tags.rank(many + "-none-any"), std::nullopt);
}
