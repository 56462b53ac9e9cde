// Versions: reading, order, the packed key.
#include "pep/version.h"

#include <gtest/gtest.h>

#include <vector>

using pep::Version;

namespace {

Version version(std::string_view text) {
  auto parsed = Version::parse(text);
  EXPECT_TRUE(parsed) << text;
  return std::move(parsed).value_or(Version());
}

// Ascending; each differs from its neighbours. Without a key: an epoch, a local part, numbers
// beyond 33 million.
const std::vector<std::string> kAscending = {"0.dev0",
                                             "0.dev1",
                                             "0a0",
                                             "0",
                                             "0.0.0.1",
                                             "1.dev0",
                                             "1.0.dev3",
                                             "1.0.dev20240101",
                                             "1.0a1.dev1",
                                             "1.0a1",
                                             "1.0a1.post0.dev2",
                                             "1.0a1.post0",
                                             "1.0a1.post1",
                                             "1.0a15",
                                             "1.0a16",
                                             "1.0b1",
                                             "1.0rc1.dev4",
                                             "1.0rc1",
                                             "1.0rc1.post2",
                                             "1.0rc144",
                                             "1.0",
                                             "1.0+abc",
                                             "1.0+abc.1",
                                             "1.0+1",
                                             "1.0+1.1",
                                             "1.0.post0.dev1",
                                             "1.0.post0",
                                             "1.0.post1.dev0",
                                             "1.0.post1",
                                             "1.0.post1+x",
                                             "1.0.post99999999",
                                             "1.0.0.1",
                                             "1.0.1",
                                             "1.15",
                                             "1.16",
                                             "1.143",
                                             "1.144",
                                             "1.4239",
                                             "1.4240",
                                             "1.20240406",
                                             "1.33558671",
                                             "1.33558672",
                                             "1.99999999999",
                                             "2",
                                             "15",
                                             "16.0.0.0.0.0.0.0.1",
                                             "2024.8.30",
                                             "20240406.1",
                                             "18446744073709551615",
                                             "1!0.dev0",
                                             "1!0",
                                             "2!0"};

}  // namespace

TEST(Version, OrdersAsPep440SaysInAllPairs) {
  for (std::size_t i = 0; i < kAscending.size(); ++i) {
    const Version left = version(kAscending[i]);
    for (std::size_t j = 0; j < kAscending.size(); ++j) {
      const Version right = version(kAscending[j]);
      EXPECT_EQ(left <=> right, i <=> j) << kAscending[i] << " and " << kAscending[j];
      EXPECT_EQ(left == right, i == j);
    }
  }
}

TEST(Version, KeysOrderAsVersionsDo) {
  std::uint64_t last = 0;
  for (const std::string& text : kAscending) {
    const std::uint64_t key = version(text).key();
    if (key == 0) continue;
    EXPECT_GT(key, last) << text;
    last = key;
  }
}

TEST(Version, CommonVersionsHaveAKey) {
  for (const char* text : {"0", "1.34.162", "2.31.0.20240406", "2024.12.31", "1.0rc1.post2.dev3",
                           "0.0.0.0.0.1", "4.2.dev20240101", "20.9.0rc1", "0.dev0"}) {
    EXPECT_NE(version(text).key(), 0U) << text;
  }
  for (const char* text : {"1!1", "1.0+cpu", "1.99999999999", "1.2.3.4.5.6.7.8.9.10"}) {
    EXPECT_EQ(version(text).key(), 0U) << text;
  }
}

TEST(Version, TrailingZerosAreEqualButStayWritten) {
  EXPECT_EQ(version("1.0"), version("1.0.0"));
  EXPECT_EQ(version("1.0").key(), version("1").key());
  EXPECT_EQ(version("1.0").hash(), version("1.0.0.0").hash());
  EXPECT_EQ(version("1!1.0+a").hash(), version("1!1+A").hash());
  EXPECT_EQ(version("1.0.0").str(), "1.0.0");
  EXPECT_EQ(version("1").str(), "1");
  EXPECT_EQ(version("1.2.0").release_size(), 3U);
  EXPECT_EQ(version("1.2.0").release(1), 2U);
  EXPECT_EQ(version("1.2.0").release(9), 0U);
}

TEST(Version, ReadsEverySpelling) {
  const std::pair<const char*, const char*> cases[] = {
      {"v1.0", "1.0"},
      {" 1.0\n", "1.0"},
      {"1.0ALPHA", "1.0a0"},
      {"1.0-beta.2", "1.0b2"},
      {"1.0c1", "1.0rc1"},
      {"1.0_preview_3", "1.0rc3"},
      {"1.0-1", "1.0.post1"},
      {"1.0r4", "1.0.post4"},
      {"1.0-rev", "1.0.post0"},
      {"1.0rc-", "1.0rc0"},
      {"1.0rc.post1", "1.0rc0.post1"},
      {"01.002", "1.2"},
      {"1.0dev", "1.0.dev0"},
      {"1.0+UBUNTU_01-2", "1.0+ubuntu.1.2"},
      {"1!2.0rc1.post2.dev3+local.1", "1!2.0rc1.post2.dev3+local.1"}};
  for (const auto& [written, normal] : cases) EXPECT_EQ(version(written).str(), normal);
}

TEST(Version, RefusesWhatIsNoVersion) {
  for (const char* text : {"",
                           "v",
                           "a",
                           "1.",
                           ".1",
                           "1..2",
                           "1.0+",
                           "1.0+a..b",
                           "1.0+a+b",
                           "1.0-",
                           "1.0.x",
                           "1!",
                           "!1",
                           "1.0 2",
                           "1.0.*",
                           "1,0",
                           "1.0al",
                           "1.0+\xc3\xa9",
                           "99999999999999999999",
                           "1.0a99999999999999999999"}) {
    const auto parsed = Version::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().fault, pep::Fault::kMalformed);
  }
  EXPECT_FALSE(Version::parse(std::string(100'000, '1')));
}

TEST(Version, SaysWhatItIs) {
  EXPECT_TRUE(version("1a1").is_prerelease());
  EXPECT_TRUE(version("1.dev1").is_prerelease());
  EXPECT_TRUE(version("1.post1.dev1").is_prerelease());
  EXPECT_FALSE(version("1.post1").is_prerelease());
  EXPECT_TRUE(version("1.post1").is_postrelease());
  EXPECT_TRUE(version("1!1.dev0+x").is_devrelease());
  EXPECT_TRUE(version("1+x").has_local());
  EXPECT_FALSE(version("1").has_local());
  EXPECT_EQ(version("3!1").epoch(), 3U);
  EXPECT_EQ(version("1!2.0rc1.dev1+x").public_str(), "1!2.0rc1.dev1");
  EXPECT_EQ(version("1!2.0rc1.dev1+x").base_str(), "1!2.0");
  EXPECT_EQ(version("1+X").local(), "x");
}

TEST(Version, ComesBackFromAStore) {
  for (const std::string& text : kAscending) {
    const Version made = version(text);
    const Version stored = Version::from_store(made.key(), made.str());
    EXPECT_EQ(stored, made);
    EXPECT_EQ(stored.str(), text);
    if (made.key() != 0) {
      EXPECT_EQ(Version::from_key(made.key(), made.release_size()).str(), text);
    }
  }
}

TEST(Version, SurvivesADamagedStore) {
  for (const std::uint64_t key :
       {std::uint64_t{1}, UINT64_MAX, std::uint64_t{0x8000000000000000}}) {
    EXPECT_FALSE(Version::from_store(key, "1.0.0").str().empty());
    EXPECT_FALSE(Version::from_key(key, SIZE_MAX).str().empty());
  }
  EXPECT_EQ(Version::from_store(0, "nonsense"), Version());
}

TEST(Version, CopiesAndMovesKeepTheirValue) {
  const Version exact = version("1!2.0+x");
  Version copy = exact;
  Version moved = std::move(copy);
  EXPECT_EQ(moved, exact);
  copy = version("3");
  moved = copy;
  EXPECT_EQ(moved.str(), "3");
  const Version& self = moved;
  moved = self;
  EXPECT_EQ(moved.str(), "3");
  EXPECT_EQ(Version().str(), "0");
}
