// Names of projects.
#include "pep/name.h"

#include <gtest/gtest.h>

using pep::Name;

TEST(Name, IsInNormalForm) {
  const std::pair<const char*, const char*> cases[] = {{"Django", "django"},
                                                       {"oslo.config", "oslo-config"},
                                                       {"a-_.b", "a-b"},
                                                       {"ruamel.yaml.clib", "ruamel-yaml-clib"},
                                                       {"0", "0"}};
  for (const auto& [written, normal] : cases) {
    const auto name = Name::parse(written);
    ASSERT_TRUE(name) << written;
    EXPECT_EQ(name->str(), normal);
    EXPECT_TRUE(pep::is_normalized_name(normal));
  }
}

TEST(Name, RefusesWhatIsNoName) {
  for (const char* text : {"", "-a", "a-", "_a", "a.", "a b", "a/b", "a\n", "caf\xc3\xa9", "a,b"}) {
    EXPECT_FALSE(Name::parse(text)) << text;
    EXPECT_FALSE(pep::is_normalized_name(text)) << text;
  }
}

TEST(Name, ErrorNamesTheTextAndIsMalformed) {
  const auto name = Name::parse("a b");
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().fault, pep::Fault::kMalformed);
  EXPECT_NE(name.error().what.find("'a b'"), std::string::npos);
}

TEST(Name, SpellingsOfOneProjectAreEqual) {
  EXPECT_EQ(Name::of("Foo_Bar"), Name::of("foo.bar"));
  EXPECT_NE(Name::of("foobar"), Name::of("foo-bar"));
  EXPECT_FALSE(pep::is_normalized_name("a--b"));
  EXPECT_FALSE(pep::is_normalized_name("A"));
}
