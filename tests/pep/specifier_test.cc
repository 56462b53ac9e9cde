// Specifiers: what each operator admits, with and without a key.
#include "pep/specifier.h"

#include <gtest/gtest.h>

using pep::Specifier;
using pep::SpecifierSet;
using pep::Version;

namespace {

SpecifierSet set_of(std::string_view text) {
  auto parsed = SpecifierSet::parse(text);
  EXPECT_TRUE(parsed) << text;
  return std::move(parsed).value_or(SpecifierSet());
}

Version version(std::string_view text) { return Version::try_parse(text).value_or(Version()); }

}  // namespace

TEST(Specifier, AdmitsAsPep440Says) {
  struct Case {
    const char* specifiers;
    std::vector<const char*> inside;
    std::vector<const char*> outside;
  };
  const Case cases[] = {
      {"", {"0", "1a1", "1!1+x"}, {}},
      {">=1.0", {"1.0", "1.0+x", "1.0.post1", "2a1", "1!0"}, {"0.9", "1.0rc1", "1.0.dev0"}},
      {"<=1.0", {"1.0", "1.0+x", "1.0rc1"}, {"1.0.post0", "1.0.1", "1!0"}},
      {">1.0", {"1.0.1", "1.1a1"}, {"1.0", "1.0+x", "1.0.post1", "1.0.post1.dev1", "1.0.0"}},
      {">1.0.post1", {"1.0.post2", "1.0.post2.dev0", "1.0.1"}, {"1.0.post1", "1.0.post1+x"}},
      {">1.0a1", {"1.0a2", "1.0"}, {"1.0a1", "1.0a1.post1"}},
      {">1.0.dev1", {"1.0.dev2", "1.0"}, {"1.0.dev1", "1.0.dev1+x"}},
      {"<1.0", {"0.9", "0.9.post1", "0.9+x"}, {"1.0", "1.0a1", "1.0.dev0", "1.0+x"}},
      {"<1.0rc2", {"1.0rc1", "1.0a1", "1.0rc2.dev1"}, {"1.0rc2", "1.0"}},
      {"<1.0.post2", {"1.0", "1.0.post1", "1.0a1"}, {"1.0.post2", "1.0.post2.dev0"}},
      {"==1.0", {"1", "1.0.0", "1.0+x"}, {"1.0.post1", "1.0a1", "1.0.1"}},
      {"==1.0+x", {"1.0+x", "1+X"}, {"1.0", "1.0+y"}},
      {"!=1.0", {"1.0.post1", "2"}, {"1", "1.0+x"}},
      {"==1.2.*",
       {"1.2", "1.2.0", "1.2.99", "1.2a1", "1.2.dev0", "1.2.post1", "1.2.3+x"},
       {"1.20", "1.3.dev0", "1", "1!1.2"}},
      {"!=1.2.*", {"1.3", "1", "1!1.2"}, {"1.2", "1.2.3rc1"}},
      {"==1!1.*", {"1!1.5"}, {"1.5", "2!1"}},
      {"~=2.2", {"2.2", "2.3", "2.99.post1", "2.2.post3"}, {"3.0", "3.dev0", "2.1", "2.2rc1"}},
      {"~=1.4.5", {"1.4.5", "1.4.99"}, {"1.5", "1.4.4"}},
      {"~=2.2.0", {"2.2.0", "2.2.9"}, {"2.3"}},
      {"~=1!2.2", {"1!2.9"}, {"2.2", "1!3"}},
      {"===1.0", {"1.0"}, {"1.0.0", "1.0+x"}},
      {"===1.0+X", {"1.0+x"}, {"1.0"}},
      {">=1,<2,!=1.5", {"1", "1.4", "1.5.1"}, {"1.5", "2", "0"}},
      {"==99999999999.*", {"99999999999.1"}, {"100000000000"}},
      {"<0", {}, {"0", "0a1", "0.dev0"}},
      {">=20240101", {"20240101", "99999999999"}, {"1"}},
  };
  for (const Case& c : cases) {
    const SpecifierSet set = set_of(c.specifiers);
    for (const char* text : c.inside)
      EXPECT_TRUE(set.contains(version(text))) << c.specifiers << " " << text;
    for (const char* text : c.outside)
      EXPECT_FALSE(set.contains(version(text))) << c.specifiers << " " << text;
  }
}

TEST(Specifier, KeyRangeAgreesWithContains) {
  const char* texts[] = {"0",   "0.9",       "1.0.dev0", "1.0a1",   "1.0a1.post1", "1.0rc1",
                         "1.0", "1.0.post1", "1.0.1",    "1.2",     "1.2.3",       "1.3.dev0",
                         "2",   "15",        "16",       "20240406"};
  for (const char* spelled :
       {">=1.0", ">1.0", ">1.0.post1", ">1.0a1", "<1.0", "<1.0rc1", "<=1.0", "==1.0", "!=1.0",
        "==1.2.*", "!=1.2.*", "~=1.0", "~=1.2.3", "==1.0.*"}) {
    const auto specifier = Specifier::parse(spelled);
    ASSERT_TRUE(specifier);
    const auto range = specifier->key_range();
    ASSERT_TRUE(range) << spelled;
    for (const char* text : texts) {
      // The same version with a local part has no key and takes the exact path; ">=" and "<" may
      // not tell them apart.
      const Version plain = version(text);
      EXPECT_EQ(range->contains(plain.key()), specifier->contains(plain)) << spelled << " " << text;
      EXPECT_EQ(specifier->contains(version(std::string(text) + "+x")), specifier->contains(plain))
          << spelled << " " << text;
    }
  }
  for (const char* spelled : {"===1.0", "==1.0+x", ">=1!1"}) {
    EXPECT_FALSE(Specifier::parse(spelled)->key_range()) << spelled;
  }
}

TEST(Specifier, IsLenientWithSpaces) {
  EXPECT_EQ(set_of(" >= 1.0 , < 2 ,").str(), "<2,>=1.0");
  EXPECT_EQ(set_of("").str(), "");
  EXPECT_EQ(set_of(">=1,>=1").str(), ">=1");
}

TEST(Specifier, RefusesWithAReason) {
  const std::pair<const char*, const char*> cases[] = {{"1.0", "must begin with one of"},
                                                       {"=>1.0", "must begin with one of"},
                                                       {">=1.0.*", "write >=1.0"},
                                                       {"==1.0a1.*", "plain release"},
                                                       {"~=1", "at least two numbers"},
                                                       {">=1.0+x", "local version"},
                                                       {"==x", "no version"},
                                                       {">=", "no version"},
                                                       {"==1.0 .*", "plain release"},
                                                       {"<2.*", "write <2"}};
  for (const auto& [text, reason] : cases) {
    const auto parsed = SpecifierSet::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().what.find(reason), std::string::npos) << parsed.error().what;
  }
}

TEST(SpecifierSet, TakesPrereleasesOnlyWhereNamedOrAsked) {
  EXPECT_FALSE(set_of(">=1").contains(version("2a1"), std::nullopt));
  EXPECT_TRUE(set_of(">=1").contains(version("2a1"), true));
  EXPECT_TRUE(set_of(">=2a1").contains(version("2a1"), std::nullopt));
  EXPECT_FALSE(set_of(">=2a1").contains(version("2a1"), false));
  EXPECT_TRUE(set_of(">=1").contains(version("2a1")));
  EXPECT_FALSE(set_of("!=2a1").names_prerelease());
  EXPECT_TRUE(set_of("===2a1").names_prerelease());
}

TEST(SpecifierSet, FilterTakesPrereleasesAsALastResort) {
  const std::vector<std::string> both = {"1a1", "1.0", "2a1"};
  const std::vector<std::string> only = {"1a1", "2a1"};
  EXPECT_EQ(set_of("").filter(both, {}), (std::vector<std::size_t>{1}));
  EXPECT_EQ(set_of("").filter(only, {}), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(set_of("").filter(only, false), (std::vector<std::size_t>{}));
  EXPECT_EQ(set_of(">=1a1").filter(both, {}), (std::vector<std::size_t>{0, 1, 2}));
}

TEST(SpecifierSet, KnowsAPin) {
  EXPECT_TRUE(set_of("==1.0").pins());
  EXPECT_TRUE(set_of(">0,===x").pins());
  EXPECT_FALSE(set_of("==1.*").pins());
  EXPECT_FALSE(set_of(">=1").pins());
}

TEST(SpecifierSet, EqualSetsCompareEqual) {
  EXPECT_EQ(set_of(">=1.0,<2"), set_of("<2.0,>=1"));
  EXPECT_NE(set_of("~=1.0"), set_of("~=1.0.0"));
  EXPECT_NE(set_of("==1.*"), set_of("==1"));
}
