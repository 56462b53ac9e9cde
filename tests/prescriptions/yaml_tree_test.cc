// What the YAML reader lets in, and that hostile documents cost no more than their bytes.
#include "prescriptions/yaml_tree.h"

#include <gtest/gtest.h>

#include "tests/prescriptions/document.h"

namespace prescriptions {
namespace {

std::vector<std::string> codes(const std::string& text) {
  std::vector<YamlFault> faults;
  static_cast<void>(YamlTree::parse(text, faults));
  std::vector<std::string> found;
  for (const YamlFault& fault : faults) found.push_back(fault.code);
  return found;
}

using Codes = std::vector<std::string>;

TEST(YamlTree, RefusesTagsThatAreNotCore) {
  EXPECT_EQ(codes("a: !!python/object:os.system x"), Codes{"unknown_tag"});
  EXPECT_EQ(codes("a: !local [1]"), Codes{"unknown_tag"});
  EXPECT_EQ(codes("a: !!set {x}"), Codes{"unknown_tag"});
  EXPECT_EQ(codes("a: !!str 1\nb: !!int 2\nc: !!float 1\nd: !!seq []\ne: !!map {}\nf: ! x"),
            Codes());
}

TEST(YamlTree, RefusesATagThatItsTextIsNot) { EXPECT_EQ(codes("a: !!int x"), Codes{"wrong_type"}); }

TEST(YamlTree, RefusesASecondDocument) {
  EXPECT_EQ(codes("a: 1\n---\nb: 2\n"), Codes{"several_documents"});
}

TEST(YamlTree, RefusesBytesThatAreNoUtf8AndControlCharacters) {
  EXPECT_EQ(codes("a: \xC3\x28"), Codes{"yaml_syntax"});
  EXPECT_EQ(codes("a: \xED\xA0\x80"), Codes{"yaml_syntax"});
  EXPECT_EQ(codes(std::string("a: x\0y", 6)), Codes{"yaml_syntax"});
  EXPECT_EQ(codes("a: \x01"), Codes{"yaml_syntax"});
}

TEST(YamlTree, SaysWhereBadBytesAre) {
  std::vector<YamlFault> faults;
  static_cast<void>(YamlTree::parse("a: 1\nb: \xFF\n", faults));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].line, 2);
  EXPECT_EQ(faults[0].column, 4);
}

TEST(YamlTree, RefusesDeepNesting) {
  EXPECT_FALSE(codes(std::string(100, '[')).empty());
  EXPECT_EQ(codes(std::string(100000, '[') + std::string(100000, ']')), Codes{"too_deep"});
  std::string block;
  for (int i = 0; i < 100; ++i) block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_EQ(codes(block), Codes{"too_deep"});
}

TEST(YamlTree, RefusesALargeDocument) {
  EXPECT_EQ(codes("a: " + std::string(kLargestDocument, 'x')), Codes{"too_large"});
}

TEST(YamlTree, RefusesAnAliasInsideWhatItNames) {
  EXPECT_EQ(codes("a: &a [*a]"), Codes{"recursive_alias"});
}

TEST(YamlTree, AnAliasCostsOneNode) {
  std::string bomb = "a0: &a0 [x]\n";
  for (int i = 1; i < 60; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    bomb +=
        "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below + ", " + below + "]\n";
  }
  std::vector<YamlFault> faults;
  const YamlTree tree = YamlTree::parse(bomb, faults);
  EXPECT_TRUE(faults.empty());
  EXPECT_LT(tree.size(), 300U);
}

TEST(YamlTree, AnAliasBombInADocumentIsRefused) {
  std::string bomb =
      "units:\n  wraps:\n  - name: W\n    type: wrap\n    should_include: {}\n    run:\n      "
      "advised_manifest_changes:\n";
  bomb += "      - &a0 [x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    bomb += "      - &a" + std::to_string(i) + " [" + below + ", " + below + "]\n";
  }
  const Reading reading = read_yaml(bomb);
  ASSERT_FALSE(reading.errors.empty());
  EXPECT_EQ(reading.errors.front().code, "too_large");
}

TEST(YamlTree, RefusesAnAnchorTwiceAndAKeyThatIsNoText) {
  EXPECT_EQ(codes("a: &x 1\nb: &x 2"), Codes{"duplicate_anchor"});
  EXPECT_EQ(codes("a: {[1]: 2}"), Codes{"wrong_type"});
  EXPECT_EQ(codes("a: &l [1]\nb: {*l : 2}"), Codes{"wrong_type"});
}

TEST(YamlTree, ALoneCarriageReturnEndsALine) {
  EXPECT_EQ(codes("a: 1\rb: 2\r"), Codes());
  EXPECT_EQ(codes("a: 1\r- b\r"), Codes{"yaml_syntax"});
}

TEST(YamlTree, AByteOrderMarkAndWindowsLineEndsAreFine) {
  EXPECT_EQ(codes("\xEF\xBB\xBF"
                  "a: 1\r\nb: 2\r\n"),
            Codes());
}

}  // namespace
}  // namespace prescriptions
