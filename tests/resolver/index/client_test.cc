// The client against a real server on loopback: pages, metadata, and how often it asks.
#include <stdlib.h>

#include "tests/resolver/index/fixture.h"

namespace resolver::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(IndexClient, ReadsAPageAndMetadataFromJson) {
  support::LoopbackServer server;
  server.add(
      {.name = "Demo.Pkg", .version = "1.0", .needs = {"other>=2"}, .requires_python = ">=3.8"});
  server.add({.name = "Demo.Pkg", .version = "1.10"});
  server.add(
      {.name = "Demo.Pkg", .version = "1.9", .yanked = true, .yanked_reason = "broken <badly>"});
  auto client = open_client(server);
  const Page* page = must_page(*client, "demo-pkg");
  ASSERT_NE(page, nullptr);
  EXPECT_THAT(versions(*page), ElementsAre("1.0", "1.9", "1.10"));
  EXPECT_EQ(page->index_url(), server.url());
  const File file = page->file(0);
  EXPECT_EQ(file.filename, "Demo_Pkg-1.0-py3-none-any.whl");
  EXPECT_EQ(file.url, server.root() + "/files/Demo_Pkg-1.0-py3-none-any.whl");
  EXPECT_EQ(file.triple, "py3-none-any");
  EXPECT_EQ(file.requires_python, ">=3.8");
  EXPECT_EQ(file.upload_time, 1704067200);
  EXPECT_TRUE(file.has_sha256);
  EXPECT_TRUE(file.has_core_metadata);
  EXPECT_TRUE(page->file(1).yanked);
  EXPECT_EQ(page->file(1).yanked_reason, "broken <badly>");
  const auto metadata = client->metadata(*page, 0);
  ASSERT_TRUE(metadata) << metadata.error().what;
  EXPECT_THAT(needs(**metadata), ElementsAre("other>=2"));
  EXPECT_EQ(client->statistics().requests, 2u);
  EXPECT_EQ(server.count(), 2u);
}

TEST(IndexClient, ReadsAPageAndMetadataFromHtml) {
  support::LoopbackServer server({.json = false});
  server.add({.name = "a",
              .version = "2.0",
              .needs = {"b"},
              .requires_python = ">=3.8,<4",
              .yanked = true});
  auto client = open_client(server);
  const Page* page = must_page(*client, "a");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->file(0).requires_python, ">=3.8,<4");
  EXPECT_TRUE(page->file(0).yanked);
  EXPECT_TRUE(page->file(0).has_sha256);
  const auto metadata = client->metadata(*page, 0);
  ASSERT_TRUE(metadata) << metadata.error().what;
  EXPECT_EQ(server.count("/files/"), 1u);
}

TEST(IndexClient, AsksEachThingOnce) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  auto client = open_client(server);
  for (int i = 0; i < 3; ++i) {
    client->want_page(pep::Name::of("a"));
    const Page* page = must_page(*client, "a");
    client->want_metadata(*page, 0);
    ASSERT_TRUE(client->metadata(*page, 0));
  }
  EXPECT_EQ(server.count(), 2u);
}

TEST(IndexClient, HasNoPageForAnUnknownName) {
  support::LoopbackServer server;
  auto client = open_client(server);
  const auto page = client->page(pep::Name::of("nothing"));
  ASSERT_TRUE(page);
  EXPECT_EQ(*page, nullptr);
}

TEST(IndexClient, AsksTheSecondIndexOnlyForWhatTheFirstLacks) {
  support::LoopbackServer first;
  support::LoopbackServer second;
  first.add({.name = "a", .version = "1.0"});
  second.add({.name = "a", .version = "2.0"});
  second.add({.name = "b", .version = "1.0"});
  auto client = open_client(ClientOptions{.index_urls = {first.url(), second.url()}});
  EXPECT_THAT(versions(*must_page(*client, "a")), ElementsAre("1.0"));
  EXPECT_EQ(must_page(*client, "b")->index_url(), second.url());
  EXPECT_EQ(second.count(), 1u);
}

TEST(IndexClient, MergesIndexesUnderBestMatch) {
  support::LoopbackServer first;
  support::LoopbackServer second;
  first.add({.name = "a", .version = "1.0"});
  second.add({.name = "a", .version = "2.0"});
  second.add({.name = "a", .version = "1.0"});
  auto client =
      open_client(ClientOptions{.index_urls = {first.url(), second.url()}, .best_match = true});
  const Page* page = must_page(*client, "a");
  EXPECT_THAT(versions(*page), ElementsAre("1.0", "2.0"));
  EXPECT_THAT(std::string(page->file(0).url), HasSubstr(first.root()));
}

TEST(IndexClient, PrefetchesWhatAHookWants) {
  support::LoopbackServer server;
  server.add({.name = "a", .needs = {"b"}});
  server.add({.name = "b", .needs = {"c"}});
  server.add({.name = "c"});
  auto client = open_client(server);
  std::atomic<int> known = 0;
  client->set_hooks({.on_page = [&](const Page& page) { client->want_metadata(page, 0); },
                     .on_metadata =
                         [&](const Page&, std::uint32_t, const pep::Metadata& metadata) {
                           ++known;
                           for (const auto& need : metadata.requires_dist)
                             client->want_page(need.name);
                         }});
  client->want_page(pep::Name::of("a"));
  while (known < 3) std::this_thread::yield();
  EXPECT_EQ(server.count(), 6u);
  must_page(*client, "c");
  EXPECT_EQ(server.count(), 6u);
}

struct StatusCase {
  int status;
  pep::Fault fault;
  const char* text;
};

class IndexStatus : public ::testing::TestWithParam<StatusCase> {};

TEST_P(IndexStatus, IsToldInAMessageOfItsOwn) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  server.fail("a", {.status = GetParam().status});
  auto client = open_client(ClientOptions{.index_urls = {server.url()}, .retries = 1});
  const auto page = client->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, GetParam().fault);
  EXPECT_THAT(page.error().what, HasSubstr(GetParam().text));
  EXPECT_THAT(page.error().what, HasSubstr(server.url() + "a/"));
}

INSTANTIATE_TEST_SUITE_P(
    Statuses, IndexStatus,
    ::testing::Values(StatusCase{401, pep::Fault::kUnreachable, "wants credentials (401)"},
                      StatusCase{403, pep::Fault::kUnreachable, "refuses access (403)"},
                      StatusCase{429, pep::Fault::kUnreachable, "too many requests"},
                      StatusCase{500, pep::Fault::kUnreachable, "server's side (500)"},
                      StatusCase{503, pep::Fault::kUnreachable, "server's side (503)"},
                      StatusCase{418, pep::Fault::kUnreachable, "unexpected status 418"}),
    [](const auto& test) { return std::to_string(test.param.status); });

TEST(IndexClient, TriesAgainAfterAPassingFault) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  server.fail("a", {.status = 503, .times = 2});
  auto client = open_client(server);
  EXPECT_NE(must_page(*client, "a"), nullptr);
  EXPECT_EQ(server.count(), 3u);
}

TEST(IndexClient, GivesUpWhenAskedToWaitTooLong) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  server.fail("a", {.status = 429, .retry_after = "900"});
  auto client = open_client(server);
  EXPECT_FALSE(client->page(pep::Name::of("a")));
  EXPECT_EQ(server.count(), 1u);
}

TEST(IndexClient, DetectsATruncatedBody) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  server.fail("a", {.truncate_after = 20});
  auto client = open_client(ClientOptions{.index_urls = {server.url()}, .retries = 1});
  const auto page = client->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, pep::Fault::kUnreachable);
  EXPECT_THAT(page.error().what, HasSubstr("cut short"));
  EXPECT_EQ(server.count(), 2u);
}

TEST(IndexClient, SaysThatNobodyAnswers) {
  std::string url;
  {
    support::LoopbackServer server;
    url = server.url();
  }
  auto client = open_client(ClientOptions{.index_urls = {url}, .retries = 1});
  const auto page = client->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, pep::Fault::kUnreachable);
  EXPECT_THAT(page.error().what, HasSubstr("cannot be reached"));
}

TEST(IndexClient, GivesUpOnASilentServer) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  server.fail("a", {.delay_ms = 4000});
  auto client =
      Client::open(ClientOptions{.index_urls = {server.url()}, .retries = 0, .timeout = 1});
  const auto page = (*client)->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().what, HasSubstr("in time"));
}

TEST(IndexClient, RefusesAPageOfAHundredMegabytes) {
  support::LoopbackServer server;
  server.put("/simple/a/", std::string(100 << 20, ' '), "application/json");
  auto client = open_client(server);
  const auto page = client->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, pep::Fault::kMalformed);
  EXPECT_THAT(page.error().what, HasSubstr("larger than 64 MiB"));
}

TEST(IndexClient, RefusesAPageThatDecompressesToTooMuch) {
  support::LoopbackServer server({.gzip = true});
  server.put("/simple/a/", std::string(65 << 20, ' '), "application/json");
  auto client = open_client(server);
  const auto page = client->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().what, HasSubstr("larger than 64 MiB once decompressed"));
}

TEST(IndexClient, ReadsACompressedPage) {
  support::LoopbackServer server({.gzip = true});
  server.add({.name = "a"});
  auto client = open_client(server);
  EXPECT_NE(must_page(*client, "a"), nullptr);
}

struct NonsenseCase {
  const char* name;
  const char* body;
  const char* type;
};

class IndexNonsense : public ::testing::TestWithParam<NonsenseCase> {};

TEST_P(IndexNonsense, IsMalformedAndNamesTheUrl) {
  support::LoopbackServer server;
  server.put("/simple/a/", GetParam().body, GetParam().type);
  auto client = open_client(server);
  const auto page = client->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, pep::Fault::kMalformed);
  EXPECT_THAT(page.error().what, HasSubstr(server.url() + "a/"));
}

INSTANTIATE_TEST_SUITE_P(
    Pages, IndexNonsense,
    ::testing::Values(NonsenseCase{"login",
                                   "<html><form action=/login><input type=password></form></html>",
                                   "text/html"},
                      NonsenseCase{"pdf", "%PDF-1.4", "application/pdf"},
                      NonsenseCase{"empty", "", "application/json"},
                      NonsenseCase{"array", "[1,2]", "application/json"},
                      NonsenseCase{"cut", "{\"files\":[{\"filename\":\"a-1", "application/json"},
                      NonsenseCase{"nofiles", "{\"name\":\"a\"}", "application/json"},
                      NonsenseCase{"filesnolist", "{\"files\":{}}", "application/json"},
                      NonsenseCase{"api2", "{\"meta\":{\"api-version\":\"2.0\"},\"files\":[]}",
                                   "application/json"},
                      NonsenseCase{"text", "not found", "text/plain"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(IndexClient, FollowsARedirectAndResolvesLinksAgainstIt) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  server.fail("/other/a/", {.status = 302, .location = "/simple/a/"});
  auto client = open_client(ClientOptions{.index_urls = {server.root() + "/other"}});
  const Page* page = must_page(*client, "a");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->file(0).url, server.root() + "/files/a-1.0-py3-none-any.whl");
}

TEST(IndexClient, BoundsRedirects) {
  support::LoopbackServer server;
  server.fail("a", {.status = 302, .location = "/simple/a/"});
  auto client = open_client(server);
  EXPECT_FALSE(client->page(pep::Name::of("a")));
  EXPECT_LE(server.count(), 12u);
}

TEST(IndexClient, SendsCredentialsAndNeverShowsThem) {
  support::LoopbackServer server({.user = "me:s3cr@t"});
  server.add({.name = "a"});
  const std::string url =
      "http://me:s3cr%40t@127.0.0.1:" + std::to_string(server.port()) + "/simple/";
  auto client = open_client(ClientOptions{.index_urls = {url}});
  const Page* page = must_page(*client, "a");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->index_url(), server.url());
  EXPECT_TRUE(client->metadata(*page, 0));
  server.fail("b", {.status = 500});
  const auto failed = client->page(pep::Name::of("b"));
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().what, Not(HasSubstr("s3cr")));
}

TEST(IndexClient, TakesCredentialsFromNetrc) {
  const support::TempDirectory directory;
  support::LoopbackServer server({.user = "me:secret"});
  server.add({.name = "a"});
  ::setenv("NETRC",
           directory.write("netrc", "machine 127.0.0.1 login me password secret\n").c_str(), 1);
  auto client = open_client(server);
  EXPECT_NE(must_page(*client, "a"), nullptr);
  ::unsetenv("NETRC");
}

TEST(IndexClient, GoesThroughAProxy) {
  support::LoopbackServer proxy;
  proxy.put("http://pypi.example/simple/a/",
            R"({"files":[{"filename":"a-1.0.zip","url":"a-1.0.zip"}]})", "application/json");
  auto client = open_client(
      ClientOptions{.index_urls = {"http://pypi.example/simple"}, .proxy = proxy.root()});
  const Page* page = must_page(*client, "a");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->file(0).url, "http://pypi.example/simple/a/a-1.0.zip");
}

TEST(IndexClient, AnswersNothingAfterItIsClosedButCounts) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  auto client = open_client(server);
  must_page(*client, "a");
  client->close();
  EXPECT_EQ(client->statistics().requests, 1u);
  client->close();
}

TEST(IndexClient, KeepsConnections) {
  support::LoopbackServer server;
  for (int i = 0; i < 40; ++i) server.add({.name = "p" + std::to_string(i)});
  auto client = open_client(server);
  for (int i = 0; i < 40; ++i) must_page(*client, ("p" + std::to_string(i)).c_str());
  EXPECT_EQ(server.connections(), 1u);
}

TEST(IndexClient, OfflineAsksNobody) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  auto client = open_client(ClientOptions{.index_urls = {server.url()}, .offline = true});
  const auto page = client->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().what, HasSubstr("--offline"));
  EXPECT_EQ(server.connections(), 0u);
}

}  // namespace
}  // namespace resolver::index
