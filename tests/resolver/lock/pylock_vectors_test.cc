// The rows of pypa/packaging's pylock tests, read from ../shared.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <regex>

#include "resolver/lock/readers.h"
#include "tests/support/temp_directory.h"

namespace resolver::lock {
namespace {

const std::string kVectors = SESHAT_SOURCE_DIR "/../shared/data/vectors/";

class PylockVectors : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(kVectors + "test_pylock.json");
    if (!file) {
      std::cout << "skipped: " << kVectors << "test_pylock.json is not there\n";
      GTEST_SKIP();
    }
    tests_ = nlohmann::json::parse(file)["tests"];
  }
  const nlohmann::json& rows(const char* function) const { return tests_[function][0]; }

 private:
  nlohmann::json tests_;
};

TEST_F(PylockVectors, FileNames) {
  for (const auto& row : rows("test_pylock_file_name")) {
    EXPECT_EQ(is_pylock_filename(row["file_name"].get<std::string>()), row["valid"].get<bool>())
        << row;
  }
}

TEST_F(PylockVectors, Versions) {
  const auto reads = [](const nlohmann::json& row) {
    return read_pylock(
               "lock-version = '" + row["version"].get<std::string>() + "'\npackages = []\n", "p")
        .has_value();
  };
  for (const auto& row : rows("test_pylock_version")) EXPECT_TRUE(reads(row)) << row;
  for (const auto& row : rows("test_pylock_unsupported_version")) EXPECT_FALSE(reads(row)) << row;
}

std::string toml_of(const nlohmann::json& value) {
  if (value.is_string()) return "'" + value.get<std::string>() + "'";
  if (!value.is_object()) return value.dump();
  std::string text = "{";
  for (const auto& [key, child] : value.items())
    text += (text.size() > 1 ? ", " : "") + key + " = " + toml_of(child);
  return text + "}";
}

std::string file_lock(const std::string& kind, const std::string& keys) {
  return "lock-version = '1.0'\n[[packages]]\nname = 'example'\nversion = '1.0'\n[" + kind + "]\n" +
         keys;
}

TEST_F(PylockVectors, Hashes) {
  for (const auto& row : rows("test_hash_validation")) {
    const std::string keys =
        "name = 'a-1.tar.gz'\nurl = 'https://h.example/a'\nhashes = " + toml_of(row["hashes"]) +
        "\n";
    EXPECT_FALSE(read_pylock(file_lock("packages.sdist", keys), "p")) << row;
  }
}

TEST_F(PylockVectors, FileNamesOfArtifacts) {
  const std::regex field("(name|url|path)='([^']*)'");
  for (const auto& row : rows("test_dist_filename")) {
    const std::string printed = row["dist"];
    std::string keys = "hashes = {md5 = 'x'}\n";
    for (std::sregex_iterator at(printed.begin(), printed.end(), field), end; at != end; ++at) {
      std::string value = (*at)[2];
      value = std::regex_replace(value, std::regex(R"(\\\\)"), "\\");  // printed by Python's repr
      keys += (*at)[1].str() + " = '" + value + "'\n";
    }
    const bool wheel = printed.starts_with("PackageWheel");
    const auto lock =
        read_pylock(file_lock(wheel ? "[packages.wheels]" : "packages.sdist", keys), "p");
    ASSERT_TRUE(lock) << lock.error().what << keys;
    EXPECT_EQ(lock->packages[0].artifacts[0].filename, row["expected_filename"]) << row;
  }
}

TEST_F(PylockVectors, TheExampleOfTheSpecification) {
  const auto lock =
      read_pylock(support::read_file(kVectors + "pylock.spec-example.toml"), "pylock.toml");
  ASSERT_TRUE(lock) << lock.error().what;
  ASSERT_EQ(lock->packages.size(), 3U);
  EXPECT_EQ(lock->packages[1].dependencies.at(0).str(), "attrs");
  EXPECT_EQ(lock->packages[2].artifacts.size(), 2U);
  EXPECT_EQ(lock->packages[0].artifacts.at(0).size, 63152U);
  EXPECT_EQ(lock->packages[0].artifacts[0].upload_time, 1737804610);
}

}  // namespace
}  // namespace resolver::lock
