// What the tests of the store share: an application, an index for it on loopback, and runs of the
// program on one store.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {

// "advise" with a declared target, the index and the lock "pylock.toml".
std::vector<std::string> advise_words(const std::string& index_url, std::vector<std::string> more);

// Some thirty projects that need each other, with several versions; "app" needs them all.
void add_application(support::LoopbackServer& server);

class StoreTest : public testing::Test {
 protected:
  explicit StoreTest(support::ServerOptions options = {});

  // A run with the store "cache"; what is locked is in lock().
  Ran advise(std::vector<std::string> more = {});
  std::string lock() const { return support::read_file(directory_ / "pylock.toml"); }
  std::string store_path() const { return directory_ / "cache/index-v1.seshat"; }
  std::vector<std::string> words(std::vector<std::string> more = {}) const;
  void forget_lock() const;

  support::LoopbackServer server_;
  support::TempDirectory directory_;
};

std::size_t count_of(const std::string& text, const std::string& part);
// A number from the environment, for runs that take longer than a test may.
int number_from(const char* variable, int otherwise);

// Random numbers that are the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t limit);

 private:
  std::uint64_t state_;
};

}  // namespace plugin::test
