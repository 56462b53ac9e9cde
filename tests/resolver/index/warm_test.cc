// Second runs: what the store spares, and when it is asked again.
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "resolver/index/store.h"
#include "tests/resolver/index/fixture.h"

namespace resolver::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class WarmRun : public ::testing::Test {
 protected:
  // One run: the page and metadata of "a", and a name that does not exist. Returns the requests it
  // took.
  std::uint64_t run(ClientOptions options = {}) {
    options.index_urls = {server_->url()};
    options.cache_dir = directory_.path();
    auto client = open_client(std::move(options));
    const Page* page = must_page(*client, "a");
    if (page == nullptr) return 999;
    seen_versions_ = versions(*page);
    const auto metadata = client->metadata(*page, 0);
    EXPECT_TRUE(metadata) << (metadata ? "" : metadata.error().what);
    EXPECT_EQ(must_page(*client, "nothing"), nullptr);
    warnings_ = client->warnings();
    return client->statistics().requests;
  }
  void serve(support::ServerOptions options) {
    server_ = std::make_unique<support::LoopbackServer>(options);
    server_->add(
        {.name = "a", .version = "1.0", .needs = {"b>=1", "c; extra == 'x'"}, .extras = {"x"}});
  }

  support::TempDirectory directory_;
  std::unique_ptr<support::LoopbackServer> server_;
  std::vector<std::string> seen_versions_;
  std::vector<std::string> warnings_;
};

TEST_F(WarmRun, AsksNothingWithinTenMinutesWithoutValidators) {
  serve({.core_metadata = false});
  EXPECT_EQ(run(), 3u);
  EXPECT_EQ(run(), 0u);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(WarmRun, AsksAgainWhenPagesAreStale) {
  serve({});
  EXPECT_EQ(run({.fresh_for = 0}), 3u);
  server_->add({.name = "a", .version = "2.0"});
  EXPECT_EQ(run(), 2u) << "metadata do not grow old";
  EXPECT_THAT(seen_versions_, ElementsAre("1.0", "2.0"));
}

TEST_F(WarmRun, TrustsMaxAge) {
  serve({.etag = true, .max_age = 600});
  EXPECT_EQ(run({.fresh_for = 0}), 3u);
  EXPECT_EQ(run({.fresh_for = 0}), 1u) << "only the missing name, which has no max-age";
}

TEST_F(WarmRun, RevalidatesByEtag) {
  serve({.etag = true, .max_age = 0});
  run();
  server_->forget_requests();
  EXPECT_EQ(run(), 1u);
  EXPECT_EQ(server_->requests().front().status, 304);
  server_->add({.name = "a", .version = "2.0"});
  EXPECT_EQ(run(), 1u);
  EXPECT_THAT(seen_versions_, ElementsAre("1.0", "2.0"));
}

TEST_F(WarmRun, RefreshAsksAllPages) {
  serve({});
  run();
  EXPECT_EQ(run({.refresh = true}), 2u);
}

TEST_F(WarmRun, OfflineUsesWhatIsThereHoweverOld) {
  serve({});
  run({.fresh_for = 0});
  server_->forget_requests();
  EXPECT_EQ(run({.offline = true}), 0u);
  EXPECT_EQ(server_->count(), 0u);
}

TEST_F(WarmRun, HealsADamagedStore) {
  serve({});
  run();
  const std::string path = directory_ / store_layout::kFileName;
  const std::string bytes = support::read_file(path);
  for (std::size_t at = 5; at < bytes.size(); at += 41) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    directory_.write(store_layout::kFileName, damaged);
    run();
    ASSERT_LE(warnings_.size(), 1u) << "flipped at " << at;
    ASSERT_THAT(seen_versions_, ElementsAre("1.0"));
    ASSERT_EQ(run(), 0u) << "flipped at " << at;
    ASSERT_THAT(warnings_, IsEmpty()) << "flipped at " << at;
  }
}

TEST_F(WarmRun, WorksWithoutAWritableCache) {
  serve({});
  directory_.write("file", "");
  auto client = open_client(
      ClientOptions{.index_urls = {server_->url()}, .cache_dir = directory_ / "file/cache"});
  EXPECT_NE(must_page(*client, "a"), nullptr);
  EXPECT_THAT(client->warnings(), ElementsAre(HasSubstr("going on without it")));
}

TEST_F(WarmRun, KeepsThePagesOfEachUserApart) {
  server_ = std::make_unique<support::LoopbackServer>(support::ServerOptions{.user = "me:secret"});
  server_->add({.name = "a"});
  const std::string port = std::to_string(server_->port());
  const auto page_for = [&](const std::string& user) {
    auto client = open_client(
        ClientOptions{.index_urls = {"http://" + user + "127.0.0.1:" + port + "/simple/"},
                      .cache_dir = directory_.path()});
    const auto page = client->page(pep::Name::of("a"));
    return page && *page != nullptr;
  };
  EXPECT_TRUE(page_for("me:secret@"));
  EXPECT_FALSE(page_for(""));
  EXPECT_THAT(support::read_file(directory_ / store_layout::kFileName),
              ::testing::Not(HasSubstr("secret")));
}

TEST(SharedStore, SparesEightProcessesTheSameRequests) {
  constexpr int kProjects = 20;
  const support::TempDirectory directory;
  // Forked before there are threads; each child waits to be told the URL.
  std::vector<pid_t> children;
  std::vector<int> pipes;
  for (int process = 0; process < 8; ++process) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      char url[200] = {};
      if (::read(ends[0], url, sizeof url - 1) <= 0) ::_exit(2);
      int found = 0;
      {
        auto client =
            open_client(ClientOptions{.index_urls = {url}, .cache_dir = directory.path()});
        for (int i = 0; i < kProjects; ++i)
          client->want_page(pep::Name::of("p" + std::to_string(i)));
        for (int i = 0; i < kProjects; ++i) {
          const auto page = client->page(pep::Name::of("p" + std::to_string(i)));
          if (page && *page != nullptr && (*page)->version_count() == 1) ++found;
        }
      }
      ::_exit(found == kProjects ? 0 : 1);
    }
    ::close(ends[0]);
    children.push_back(child);
    pipes.push_back(ends[1]);
  }
  support::LoopbackServer server;
  for (int i = 0; i < kProjects; ++i) {
    const std::string name = "p" + std::to_string(i);
    server.add({.name = name});
    server.fail(name, {.delay_ms = 15});
  }
  const std::string url = server.url();
  for (const int pipe : pipes) {
    EXPECT_EQ(::write(pipe, url.data(), url.size()), static_cast<ssize_t>(url.size()));
    ::close(pipe);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  for (int i = 0; i < kProjects; ++i) {
    const std::string path = "/simple/p" + std::to_string(i) + "/";
    EXPECT_GE(server.count(path), 1u);
    EXPECT_LE(server.count(path), 2u) << path;
  }
  EXPECT_LE(server.count("/simple/"), kProjects + 5u);
}

}  // namespace
}  // namespace resolver::index
