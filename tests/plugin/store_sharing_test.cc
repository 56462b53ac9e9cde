// Several processes at once on one store that knows nothing yet.
#include <sys/wait.h>

#include <thread>

#include "tests/plugin/store_fixture.h"

namespace plugin::test {
namespace {

class StoreSharing : public StoreTest {
 protected:
  // Eight runs, each in a directory of its own; their locks.
  std::vector<std::string> eight_locks(const std::string& url) {
    std::vector<std::string> locks(8);
    std::vector<std::thread> runs;
    for (int i = 0; i < 8; ++i) {
      const std::string place = "run" + std::to_string(i);
      directory_.write(place + "/empty", "");
      runs.emplace_back([this, i, place, url, &locks] {
        std::vector<std::string> words = advise_words(url, {});
        words.back() = directory_ / "cache";
        const Ran ran = run_program(words, directory_ / place);
        locks[static_cast<std::size_t>(i)] =
            ran.exit_code == 0 ? support::read_file(directory_ / (place + "/pylock.toml"))
                               : ran.err;
      });
    }
    for (std::thread& run : runs) run.join();
    return locks;
  }
  // The most bodies that were sent for any one path that ends like this.
  static std::size_t most_requests(const support::LoopbackServer& server, const std::string& end) {
    std::map<std::string, std::size_t> counts;
    std::size_t most = 0;
    for (const support::SeenRequest& request : server.requests())
      if (request.status == 200 && request.path.ends_with(end))
        most = std::max(most, ++counts[request.path]);
    return most;
  }
};

TEST_F(StoreSharing, EightProcessesWriteTheSameAndFetchLittleTwice) {
  const std::vector<std::string> locks = eight_locks(server_.url());
  EXPECT_NE(locks[0].find("lock-version"), std::string::npos) << locks[0];
  for (const std::string& text : locks) EXPECT_EQ(text, locks[0]);
  EXPECT_LE(most_requests(server_, "/"), 2U);
  EXPECT_LE(most_requests(server_, ".metadata"), 2U);
}

TEST_F(StoreSharing, PagesThatHaveToBeConfirmedAreFetchedOnceToo) {
  support::LoopbackServer server({.etag = true});
  add_application(server);
  const std::vector<std::string> locks = eight_locks(server.url());
  EXPECT_NE(locks[0].find("lock-version"), std::string::npos) << locks[0];
  for (const std::string& text : locks) EXPECT_EQ(text, locks[0]);
  EXPECT_LE(most_requests(server, "/"), 2U);
}

}  // namespace
}  // namespace plugin::test
