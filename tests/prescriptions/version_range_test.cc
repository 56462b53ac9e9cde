#include "prescriptions/version_range.h"

#include <gtest/gtest.h>

#include "prescriptions/lint.h"

namespace prescriptions {
namespace {

using Prereleases = VersionRange::Prereleases;

VersionRange range(const char* text) {
  auto parsed = VersionRange::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : VersionRange();
}

pep::Version version(const char* text) { return *pep::Version::parse(text); }

struct Row {
  const char* range;
  const char* version;
  bool if_named;
  bool always;
};
class Contains : public testing::TestWithParam<Row> {};

TEST_P(Contains, Version) {
  const Row& row = GetParam();
  EXPECT_EQ(range(row.range).contains(version(row.version), Prereleases::kIfNamed), row.if_named);
  EXPECT_EQ(range(row.range).contains(version(row.version), Prereleases::kAlways), row.always);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Contains,
    testing::Values(Row{">=1.0", "1.5", true, true}, Row{">=1.0", "2.0rc1", false, true},
                    Row{">=1.0rc1", "2.0rc1", true, true}, Row{"", "1.0", true, true},
                    Row{"", "1.0rc1", false, true}, Row{"~=2.1.0", "2.1.4", true, true},
                    Row{"~=2.1.0", "2.2", false, false}, Row{"==r1512", "1.0", false, false},
                    Row{"!=r1512", "1.0", true, true}, Row{"!=r1512,>=2", "1.0", false, false},
                    Row{"<r1512", "1.0", false, false}, Row{">=1.0, <2.0", "1.9", true, true}));

TEST(VersionRange, NoneGivenContainsPrereleases) {
  EXPECT_TRUE(VersionRange().contains(version("1.0rc1"), Prereleases::kIfNamed));
}

TEST(VersionRange, RefusesWhatHasNoOperator) {
  for (const char* text : {"1.0", "*", "~=1", "flask", "~=abc", "==a b"})
    EXPECT_FALSE(VersionRange::parse(text)) << text;
}

TEST(VersionRange, KnowsWhenNoVersionIsInIt) {
  for (const char* text : {"<1.0,>1.4", ">2.4.0,<2.4.0", "==1.0,==1.1", ">46,==3.0,==3.0.1",
                           "<2.3,>2.3", ">=2,<1", ">1.0,<=1.0.post1"}) {
    EXPECT_TRUE(is_empty(range(text))) << text;
  }
}

TEST(VersionRange, KnowsWhenAVersionIsInIt) {
  for (const char* text : {"", ">=1.0", ">=1.0,<2.0", ">1.4,<1.4.1", "==1.0,>=1.0", ">=1.0,!=1.0",
                           "<1,>0.9.9", "~=2.1.0,!=2.1.0", "==1.*,>1.5", "==r1512", ">=1!1,<1!2",
                           "<1.0a1,>=0.9", "<0.0.2,>0.0.1"}) {
    EXPECT_FALSE(is_empty(range(text))) << text;
  }
}

}  // namespace
}  // namespace prescriptions
