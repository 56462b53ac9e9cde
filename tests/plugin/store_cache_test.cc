// `seshat cache`, and what a run costs when the store is warm.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/plugin/store_fixture.h"

namespace plugin::test {
namespace {

class Cache : public StoreTest {
 protected:
  using StoreTest::StoreTest;

  Ran cache(std::vector<std::string> words) {
    words.insert(words.begin(), "cache");
    words.insert(words.end(), {"--cache-dir", "cache"});
    return run_program(words, directory_.path());
  }
  nlohmann::json json(std::vector<std::string> words) {
    words.emplace_back("--json");
    const Ran ran = cache(std::move(words));
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return nlohmann::json::parse(ran.out, nullptr, false);
  }
};

TEST_F(Cache, SizeCountsWhatIsThere) {
  ASSERT_EQ(advise().exit_code, 0);
  const auto size = json({"size"});
  EXPECT_EQ(size["schema"], "seshat.cache/1");
  EXPECT_EQ(size["directory"], "cache");
  EXPECT_EQ(size["pages"], 31);
  EXPECT_GE(size["metadata"], 31);
  EXPECT_EQ(size["bytes"], std::filesystem::file_size(store_path()));
  EXPECT_EQ(size["damaged"], false);
  EXPECT_NE(cache({"size"}).out.find("31 pages"), std::string::npos);
}

TEST_F(Cache, AStoreThatIsNotThereIsEmptyAndIsNotMade) {
  EXPECT_EQ(json({"size"})["bytes"], 0);
  EXPECT_EQ(json({"prune"})["bytes"], 0);
  EXPECT_EQ(json({"clear"})["bytes_before"], 0);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "cache"));
}

TEST_F(Cache, PruneKeepsWhatIsFreshAndTheNextRunAsksNothing) {
  ASSERT_EQ(advise().exit_code, 0);
  const std::string before = lock();
  const auto pruned = json({"prune"});
  EXPECT_EQ(pruned["pages_dropped"], 0);
  EXPECT_EQ(pruned["metadata_dropped"], 0);
  EXPECT_LE(pruned["bytes"], pruned["bytes_before"]);
  EXPECT_EQ(json({"size"})["superseded_bytes"], 0);
  server_.forget_requests();
  ASSERT_EQ(advise().exit_code, 0);
  EXPECT_EQ(server_.count(), 0U);
  EXPECT_EQ(lock(), before);
}

TEST_F(Cache, PruneToASizeHoldsIt) {
  ASSERT_EQ(advise().exit_code, 0);
  const std::string before = lock();
  const auto pruned = json({"prune", "--max-size", "5KiB"});
  EXPECT_LE(std::filesystem::file_size(store_path()), 5U << 10);
  EXPECT_GT(pruned["pages_dropped"].get<int>() + pruned["metadata_dropped"].get<int>(), 0);
  ASSERT_EQ(advise().exit_code, 0);
  EXPECT_EQ(lock(), before);
}

TEST_F(Cache, ARunHoldsItsLimit) {
  ASSERT_EQ(advise({"--cache-limit", "10KiB"}).exit_code, 0);
  EXPECT_LE(std::filesystem::file_size(store_path()), 10U << 10);
}

TEST_F(Cache, ClearRemovesRulesThatWereKeptCompiled) {
  directory_.write("cache/rules/0123.seshat-rules", "old");
  directory_.write("cache/rules/0123.seshat-rules.warnings", "old");
  directory_.write("cache/rules/of-somebody", "kept");
  ASSERT_EQ(cache({"clear"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "cache/rules/0123.seshat-rules"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "cache/rules/0123.seshat-rules.warnings"));
  EXPECT_TRUE(std::filesystem::exists(directory_ / "cache/rules/of-somebody"));
}

TEST_F(Cache, ClearRemovesEverything) {
  ASSERT_EQ(advise().exit_code, 0);
  EXPECT_GT(json({"clear"})["bytes_before"], 0);
  EXPECT_TRUE(std::filesystem::is_empty(directory_ / "cache"));
}

TEST_F(Cache, DamageIsSaidAndPrunedAway) {
  ASSERT_EQ(advise().exit_code, 0);
  std::string bytes = support::read_file(store_path());
  bytes[260] ^= 1;  // in the key of the first record
  directory_.write("cache/index-v1.seshat", bytes);
  EXPECT_EQ(json({"size"})["damaged"], true);
  const Ran pruned = cache({"prune"});
  EXPECT_EQ(pruned.exit_code, 0);
  EXPECT_NE(pruned.err.find("is damaged: what could be read was kept"), std::string::npos);
  EXPECT_EQ(json({"size"})["damaged"], false);
}

TEST_F(Cache, TheDirectoryIsWhereVariablesSay) {
  const auto place = [&](const std::map<std::string, std::string>& variables) {
    return run_program({"cache", "dir"}, directory_.path(), variables).out;
  };
  EXPECT_EQ(place({}), directory_ / ".cache/seshat" + "\n");
  EXPECT_EQ(place({{"XDG_CACHE_HOME", "/x"}}), "/x/seshat\n");
  EXPECT_EQ(place({{"XDG_CACHE_HOME", "/x"}, {"SESHAT_CACHE_DIR", "/y"}}), "/y\n");
  EXPECT_EQ(place({{"XDG_CACHE_HOME", "relative"}}), directory_ / ".cache/seshat" + "\n");
}

TEST_F(Cache, AMistakeIsCode2) {
  EXPECT_EQ(cache({}).exit_code, 2);
  EXPECT_EQ(cache({"prune", "--max-size", "much"}).exit_code, 2);
}

// But metadata that a run before had guessed at and not waited for: some hundred bytes each. Pages
// would be tens of thousands.
TEST_F(Cache, RefreshingAnIndexThatSaysTheSameWritesNoPages) {
  ASSERT_EQ(advise().exit_code, 0);
  const auto size = std::filesystem::file_size(store_path());
  for (int i = 0; i < 5; ++i) ASSERT_EQ(advise({"--refresh"}).exit_code, 0);
  EXPECT_LT(std::filesystem::file_size(store_path()), size + 4000);
}

// No validators, no metadata files, no compression: the second run knows all the same.
class PlainIndex : public Cache {
 protected:
  PlainIndex() : Cache({.core_metadata = false}) {}
};

TEST_F(PlainIndex, ASecondRunWithinTenMinutesMakesNoRequest) {
  ASSERT_EQ(advise().exit_code, 0);
  const std::string first = lock();
  EXPECT_GT(server_.count(), 60U);
  server_.forget_requests();
  ASSERT_EQ(advise().exit_code, 0);
  EXPECT_EQ(server_.count(), 0U);
  EXPECT_EQ(lock(), first);
}

}  // namespace
}  // namespace plugin::test
