// Requirements.
#include "pep/requirement.h"

#include <gtest/gtest.h>

using pep::Requirement;

TEST(Requirement, ReadsAllParts) {
  const auto made = Requirement::parse("Foo_Bar [B, a,a] >=1.0, !=1.5 ; python_version < '3.8'");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->name.str(), "foo-bar");
  EXPECT_EQ(made->spelled, "Foo_Bar");
  ASSERT_EQ(made->extras.size(), 2U);
  EXPECT_EQ(made->extras[0].str(), "a");
  EXPECT_EQ(made->specifiers.str(), "!=1.5,>=1.0");
  EXPECT_EQ(made->marker->str(), "python_version < \"3.8\"");
  EXPECT_EQ(made->str(), "foo-bar[a,b]!=1.5,>=1.0; python_version < \"3.8\"");
}

TEST(Requirement, ReadsAUrl) {
  const auto made =
      Requirement::parse("pip @ https://x.example/pip-1.zip#sha1=da;x ; os_name=='nt'");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->url, "https://x.example/pip-1.zip#sha1=da;x");
  EXPECT_TRUE(made->specifiers.empty());
  EXPECT_EQ(made->str(), "pip @ https://x.example/pip-1.zip#sha1=da;x ; os_name == \"nt\"");
}

TEST(Requirement, IsAsLenientAsPip) {
  const std::pair<const char*, const char*> cases[] = {
      {"zope.interface (>3.5.0)", "zope-interface>3.5.0"},
      {"a(==1.*,)", "a==1.*"},
      {"a()", "a"},
      {"a[]", "a"},
      {"a>=1,", "a>=1"},
      {" a\t>= 1 ", "a>=1"},
      {"a===weird-1", "a===weird-1"},
      {"a;os_name=='nt'", "a; os_name == \"nt\""},
      {"a@b", "a @ b"}};
  for (const auto& [written, printed] : cases) {
    const auto made = Requirement::parse(written);
    ASSERT_TRUE(made) << written;
    EXPECT_EQ(made->str(), printed);
  }
}

TEST(Requirement, ErrorsHaveTheirColumn) {
  const std::pair<const char*, int> cases[] = {
      {"", 1},          {"-a", 1},       {"a b", 3},
      {"a >= x", 3},    {"a>=1.0.*", 2}, {"a[b", 4},
      {"a[b c]", 5},    {"a[,]", 3},     {"a (>=1", 3},
      {"a (>=1 2)", 8}, {"a>=1 b", 6},   {"a @", 4},
      {"a @ u x", 7},   {"a;", 3},       {"a; os_name", 11},
      {"a>=1\n", 5},    {"a==1,y", 6},   {"a; os_name=='b' c", 17},
      {"a>=1;;", 6}};
  for (const auto& [text, column] : cases) {
    const auto made = Requirement::parse(text);
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().fault, pep::Fault::kMalformed);
    ASSERT_TRUE(made.error().place) << text;
    EXPECT_EQ(made.error().place->column, column) << text << ": " << made.error().what;
    EXPECT_EQ(made.error().excerpt, text);
  }
}

TEST(Requirement, SaysWhatToWriteForAMisplacedWildcard) {
  const auto made = Requirement::parse("six>=1.0.*");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what.find("write >=1.0"), std::string::npos);
}

TEST(Requirement, GiantTextIsRefused) {
  EXPECT_FALSE(Requirement::parse("a>=1" + std::string(1'000'000, ' ')));
}
