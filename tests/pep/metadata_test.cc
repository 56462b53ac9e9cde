// Core metadata.
#include "pep/metadata.h"

#include <gtest/gtest.h>

using pep::Metadata;

namespace {

std::string with(std::string_view fields) {
  return "Metadata-Version: 2.1\nName: Foo\nVersion: 1.0\n" + std::string(fields);
}

}  // namespace

TEST(Metadata, ReadsWhatAResolverNeeds) {
  const auto made = Metadata::parse(
      "Metadata-Version: 2.2\r\nNAME: Foo.Bar\r\nversion:1.0rc1\r\nRequires-Python: >=3.8\r\n"
      "Requires-Dist: six\r\nRequires-Dist: zope.interface (>3.5.0)\r\nProvides-Extra: Test_All\r\n"
      "Dynamic: Requires-Dist\r\nClassifier: A :: B\r\nX-Unknown: 1\r\n\r\nName: body\r\n");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->metadata_version, "2.2");
  EXPECT_EQ(made->name.str(), "foo-bar");
  EXPECT_EQ(made->version.str(), "1.0rc1");
  EXPECT_EQ(made->requires_python->str(), ">=3.8");
  ASSERT_EQ(made->requires_dist.size(), 2U);
  EXPECT_EQ(made->requires_dist[1].str(), "zope-interface>3.5.0");
  EXPECT_EQ(made->provides_extra.front().str(), "test-all");
  EXPECT_EQ(made->dynamic.front(), "requires-dist");
  EXPECT_EQ(made->classifiers.front(), "A :: B");
}

TEST(Metadata, UnfoldsFields) {
  const auto made =
      Metadata::parse(with("Requires-Dist: foo\n        >=1 ;\n\tos_name == 'nt'\nSummary: x\n"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->requires_dist.front().str(), "foo>=1; os_name == \"nt\"");
}

TEST(Metadata, StopsAtTheBody) {
  EXPECT_TRUE(Metadata::parse(with("\nRequires-Dist: !!!\n"))->requires_dist.empty());
  EXPECT_TRUE(Metadata::parse(with("no header here\nRequires-Dist: a\n"))->requires_dist.empty());
}

TEST(Metadata, IgnoresABadRequiresPythonAsPipDoes) {
  const auto made = Metadata::parse(with("Requires-Python: >=3.6.*\n"));
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->requires_python);
  EXPECT_EQ(made->ignored_requires_python, ">=3.6.*");
}

TEST(Metadata, ErrorsNameTheFieldAndItsLine) {
  const std::pair<std::string, std::string> cases[] = {
      {with("Summary: x\nRequires-Dist: a >>1\n"), "Requires-Dist"},
      {"Name: a\nVersion: x\n", "Version"},
      {"Name: a b\nVersion: 1\n", "Name"},
      {with("Name: b\n"), "twice"},
  };
  for (const auto& [text, reason] : cases) {
    const auto made = Metadata::parse(text);
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().fault, pep::Fault::kMalformed);
    EXPECT_NE(made.error().what.find(reason), std::string::npos) << made.error().what;
    EXPECT_GT(made.error().place->line, 0);
  }
  EXPECT_EQ(Metadata::parse(with("Summary: x\nRequires-Dist: >1\n")).error().place->line, 5);
}

TEST(Metadata, NeedsNameAndVersion) {
  EXPECT_FALSE(Metadata::parse("Name: a\n"));
  EXPECT_FALSE(Metadata::parse("Version: 1\n"));
  EXPECT_FALSE(Metadata::parse(""));
}

TEST(Metadata, RefusesBinaryAndGiantInput) {
  EXPECT_FALSE(Metadata::parse(std::string_view("PK\x03\x04\0\0\0", 7)));
  EXPECT_FALSE(Metadata::parse(with(std::string_view("Summary: a\0b\n", 13))));
  std::string giant = with("");
  while (giant.size() < (9U << 20)) giant += "Classifier: " + std::string(1000, 'x') + "\n";
  EXPECT_FALSE(Metadata::parse(giant));
  EXPECT_TRUE(Metadata::parse(
      with("\n" + std::string(20U << 20, 'x'))));  // a giant body is none of its business
}
