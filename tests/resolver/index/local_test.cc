// Indexes and find-links that are directories, and find-links pages.
#include "resolver/index/url.h"
#include "tests/resolver/index/fixture.h"

namespace resolver::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void write_wheel(const support::TempDirectory& directory, const support::Release& release,
                 const std::string& under = "") {
  directory.write(under + support::wheel_filename(release, "py3-none-any"),
                  support::make_wheel(release));
}

TEST(FindLinks, ReadsADirectoryOfWheelsAndSdists) {
  const support::TempDirectory directory;
  write_wheel(directory, {.name = "a", .version = "1.0", .needs = {"b"}});
  write_wheel(directory, {.name = "b", .version = "2.0"});
  directory.write("a-1.1.tar.gz", support::make_sdist({.name = "a", .version = "1.1"}));
  directory.write("README.txt", "hello");
  auto client = open_client(ClientOptions{.find_links = {directory.path()}});
  const Page* page = must_page(*client, "a");
  ASSERT_NE(page, nullptr);
  EXPECT_THAT(versions(*page), ElementsAre("1.0", "1.1"));
  EXPECT_EQ(page->index_url(), directory.path());
  const auto metadata = client->metadata(*page, 0);
  ASSERT_TRUE(metadata) << metadata.error().what;
  EXPECT_THAT(needs(**metadata), ElementsAre("b"));
  EXPECT_TRUE(client->metadata(*page, 1));
  EXPECT_EQ(must_page(*client, "c"), nullptr);
}

TEST(FindLinks, AddsToWhatTheIndexHas) {
  const support::TempDirectory directory;
  support::LoopbackServer server;
  write_wheel(directory, {.name = "a", .version = "1.0"});
  server.add({.name = "a", .version = "2.0"});
  auto client =
      open_client(ClientOptions{.index_urls = {server.url()}, .find_links = {directory.path()}});
  EXPECT_THAT(versions(*must_page(*client, "a")), ElementsAre("1.0", "2.0"));
}

TEST(FindLinks, ReadsAPageOfLinks) {
  support::LoopbackServer server;
  server.add({.name = "a", .version = "1.0"});
  server.add({.name = "b", .version = "1.0"});
  server.put(
      "/links.html",
      "<a href='files/a-1.0-py3-none-any.whl'>a</a><a href='files/b-1.0-py3-none-any.whl'>b</a>",
      "text/html");
  auto client = open_client(ClientOptions{.find_links = {server.root() + "/links.html"}});
  client->want_page(pep::Name::of("b"));
  const Page* page = must_page(*client, "a");
  ASSERT_NE(page, nullptr);
  EXPECT_TRUE(client->metadata(*page, 0));
  ASSERT_NE(must_page(*client, "b"), nullptr);
  EXPECT_EQ(server.count("/links.html"), 1u);
}

TEST(FindLinks, ThatAreNotThereAreAnError) {
  auto client = open_client(ClientOptions{.find_links = {"/nonexistent/links"}});
  const auto page = client->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, pep::Fault::kUnreachable);
  EXPECT_THAT(page.error().what, HasSubstr("/nonexistent/links"));
}

TEST(LocalIndex, ReadsPagesOfADirectory) {
  const support::TempDirectory directory;
  const support::Release release{.name = "a", .version = "1.0", .needs = {"b"}};
  write_wheel(directory, release, "files/");
  directory.write("simple/a/index.html", "<a href='../../files/a-1.0-py3-none-any.whl'>a</a>");
  auto client =
      open_client(ClientOptions{.index_urls = {"file://" + directory.path() + "/simple"}});
  const Page* page = must_page(*client, "a");
  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->file(0).url, file_url(directory.path()) + "/files/a-1.0-py3-none-any.whl");
  EXPECT_TRUE(client->metadata(*page, 0));
  EXPECT_EQ(must_page(*client, "b"), nullptr);
}

TEST(LocalIndex, ReadsADirectoryPerProject) {
  const support::TempDirectory directory;
  write_wheel(directory, {.name = "a", .version = "1.0"}, "a/");
  auto client = open_client(ClientOptions{.index_urls = {directory.path()}});
  EXPECT_THAT(versions(*must_page(*client, "a")), ElementsAre("1.0"));
}

TEST(LocalIndex, ThatIsNotThereIsUnreachable) {
  auto client = open_client(ClientOptions{.index_urls = {"/nonexistent/index"}});
  const auto page = client->page(pep::Name::of("a"));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, pep::Fault::kUnreachable);
}

}  // namespace
}  // namespace resolver::index
