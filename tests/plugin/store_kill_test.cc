// Runs that are killed at random moments: the store opens after each of them, and the next lock is
// the same, byte by byte.
//
//   SESHAT_KILLS=1000 store_tests --gtest_filter='StoreKill.*'
//
// takes more of them; with SESHAT_KILL_INDEX_URL and SESHAT_KILL_REQUIREMENTS (a copy of a real
// workload) against another index than the small one that the test serves.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "tests/plugin/store_fixture.h"

namespace plugin::test {
namespace {

using std::chrono::microseconds;

class StoreKill : public StoreTest {
 protected:
  void SetUp() override {
    if (const char* url = std::getenv("SESHAT_KILL_INDEX_URL")) url_ = url;
    if (const char* path = std::getenv("SESHAT_KILL_REQUIREMENTS"))
      directory_.write("requirements.in", support::read_file(path));
  }

  std::vector<std::string> question(const std::vector<std::string>& more) const {
    std::vector<std::string> all = advise_words(url_.empty() ? server_.url() : url_, more);
    if (std::filesystem::exists(directory_ / "requirements.in")) {
      std::erase_if(all, [](const std::string& word) { return word == "--with" || word == "app"; });
      all.emplace_back("requirements.in");
    }
    return all;
  }

  Ran whole() {
    forget_lock();
    return run_program(question({}), directory_.path());
  }

  // How long something takes that is not killed.
  microseconds time_of(const std::vector<std::string>& words) {
    const auto begun = std::chrono::steady_clock::now();
    run_program(words, directory_.path());
    return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begun);
  }

  void kill_within(const std::vector<std::string>& words, microseconds longest) {
    const auto after =
        static_cast<std::int64_t>(dice_.below(static_cast<std::uint64_t>(longest.count()) + 1));
    killed_ += kill_program(words, directory_.path(), microseconds(after)).exit_code == -SIGKILL;
  }

  std::string url_;
  Dice dice_{20240808};
  int killed_ = 0;
};

TEST_F(StoreKill, OpensEveryTimeAndTheNextLockIsTheSame) {
  const microseconds cold = time_of(question({}));
  const std::string expected = lock();
  ASSERT_FALSE(expected.empty());
  const microseconds refresh = time_of(question({"--refresh"}));
  const microseconds warm = time_of(question({}));
  const std::vector<std::string> prune{"cache", "prune", "--cache-dir", "cache", "--max-size"};
  const int rounds = number_from("SESHAT_KILLS", 40);
  for (int round = 0; round < rounds; ++round) {
    switch (dice_.below(8)) {
      case 0:
        kill_within(question({}), warm);
        break;
      case 1: {
        std::vector<std::string> words = prune;
        words.push_back(std::to_string(dice_.below(2 * std::filesystem::file_size(store_path()))));
        kill_within(words, warm);
        break;
      }
      case 2:  // a limit that the run exceeds: it rewrites the store when it ends
        kill_within(question({"--refresh", "--cache-limit", "20000"}), refresh);
        break;
      case 3:
      case 4:
        kill_within(question({"--refresh"}), refresh);
        break;
      default:
        std::filesystem::remove(store_path());
        kill_within(question({}), cold);
    }
    const Ran next = whole();
    ASSERT_EQ(next.exit_code, 0) << "round " << round << ": " << next.err;
    ASSERT_EQ(next.err.find("warning: the store"), std::string::npos)
        << "round " << round << ": " << next.err;
    ASSERT_EQ(lock(), expected) << "round " << round;
  }
  EXPECT_GT(killed_, rounds / 4) << "most runs must not have ended before";
  std::printf("%d of %d runs were killed; every next lock was the same\n", killed_, rounds);
}

}  // namespace
}  // namespace plugin::test
