#include "resolver/pipeline/specifier_range.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace resolver::pipeline {
namespace {

// Versions without files: all that ranges ask for.
class Versions final : public index::Page {
 public:
  explicit Versions(std::vector<std::string> texts) : name_(pep::Name::of("a")) {
    for (const std::string& text : texts) versions_.push_back(*pep::Version::parse(text));
    std::sort(versions_.begin(), versions_.end());
  }
  const pep::Name& name() const override { return name_; }
  const std::string& index_url() const override { return url_; }
  std::uint32_t version_count() const override {
    return static_cast<std::uint32_t>(versions_.size());
  }
  pep::Version version(std::uint32_t i) const override { return versions_[i]; }
  std::uint64_t version_key(std::uint32_t i) const override { return versions_[i].key(); }
  std::string_view version_text(std::uint32_t) const override { return ""; }
  index::FileRange files(std::uint32_t) const override { return {}; }
  index::FileFacts facts(std::uint32_t) const override { return {}; }
  index::File file(std::uint32_t) const override { return {}; }
  std::uint32_t triple_count() const override { return 0; }
  std::string_view triple(std::uint32_t) const override { return ""; }

 private:
  pep::Name name_;
  std::string url_;
  std::vector<pep::Version> versions_;
};

const std::vector<std::string> kVersions{"0.9",
                                         "1.0.dev1",
                                         "1.0a1",
                                         "1.0a1.dev2",
                                         "1.0b2",
                                         "1.0rc1",
                                         "1.0rc1.post1",
                                         "1.0",
                                         "1.0+local",
                                         "1.0+z.1",
                                         "1.0.post1",
                                         "1.0.post1.dev1",
                                         "1.0.post2+local",
                                         "1.0.1",
                                         "1.0.1rc1",
                                         "1.1.dev0",
                                         "1.1a1",
                                         "1.1",
                                         "1.1.post1",
                                         "1.10",
                                         "2.0.dev1",
                                         "2.0a1",
                                         "2.0",
                                         "2.0+cu118",
                                         "2.0.post1",
                                         "2.1",
                                         "3",
                                         "2024.1.1",
                                         "1!0.5",
                                         "1!1.0"};

TEST(SpecifierRange, HoldsWhatTheSpecifierContains) {
  const Versions page(kVersions);
  int held = 0;
  for (const char* op : {">=", "<=", "<", ">", "==", "!=", "~=", "==="}) {
    for (const std::string& operand : kVersions) {
      auto set = pep::SpecifierSet::parse(op + operand);
      if (!set) continue;  // "~=3", "<1.0+local": no valid specifier
      const solve::Range range = range_of(*set, page, all_versions_have_keys(page));
      for (std::uint32_t i = 0; i < page.version_count(); ++i) {
        ASSERT_EQ(range.contains(i), set->contains(page.version(i)))
            << op << operand << " and " << page.version(i).str();
        ++held;
      }
    }
  }
  EXPECT_GT(held, 4000);
}

// The versions that have a packed key, where the search is among integers.
TEST(SpecifierRange, HoldsTheSameByKeys) {
  std::vector<std::string> packed;
  for (const std::string& text : kVersions) {
    if (pep::Version::parse(text)->key() != 0) packed.push_back(text);
  }
  const Versions page(packed);
  ASSERT_TRUE(all_versions_have_keys(page));
  for (const char* op : {">=", "<=", "<", ">", "==", "!=", "~=", "==="}) {
    for (const std::string& operand : kVersions) {
      auto set = pep::SpecifierSet::parse(op + operand);
      if (!set) continue;
      const solve::Range range = range_of(*set, page, true);
      for (std::uint32_t i = 0; i < page.version_count(); ++i) {
        ASSERT_EQ(range.contains(i), set->contains(page.version(i)))
            << op << operand << " and " << page.version(i).str();
      }
    }
  }
}

TEST(SpecifierRange, HoldsWildcards) {
  const Versions page(kVersions);
  for (const char* text : {"==1.*", "!=1.*", "==1.0.*", "!=1.0.*", "==2.*", "==1!1.*", "==7.*"}) {
    auto set = pep::SpecifierSet::parse(text);
    ASSERT_TRUE(set);
    const solve::Range range = range_of(*set, page, all_versions_have_keys(page));
    for (std::uint32_t i = 0; i < page.version_count(); ++i) {
      ASSERT_EQ(range.contains(i), set->contains(page.version(i)))
          << text << " and " << page.version(i).str();
    }
  }
}

TEST(SpecifierRange, SeveralSpecifiersAreAllHeld) {
  const Versions page(kVersions);
  auto set = pep::SpecifierSet::parse(">=1.0,!=1.1,<2");
  const solve::Range range = range_of(*set, page, all_versions_have_keys(page));
  for (std::uint32_t i = 0; i < page.version_count(); ++i) {
    ASSERT_EQ(range.contains(i), set->contains(page.version(i))) << page.version(i).str();
  }
}

TEST(SpecifierRange, NoSpecifierIsEveryVersionThereMayBe) {
  EXPECT_TRUE(range_of(pep::SpecifierSet(), Versions({"1.0"}), true).is_all());
}

TEST(SpecifierRange, APageWithoutVersionsHasNone) {
  EXPECT_TRUE(range_of(*pep::SpecifierSet::parse(">=1"), Versions({}), true).empty());
}

}  // namespace
}  // namespace resolver::pipeline
