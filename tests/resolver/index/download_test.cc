// Whole files: verified, resumed, never half there.
#include <filesystem>

#include "resolver/index/digest.h"
#include "tests/resolver/index/fixture.h"

namespace resolver::index {
namespace {

using ::testing::HasSubstr;

const support::Release kRelease{.name = "a",
                                .contents = {{"a/data.txt", std::string(100'000, 'x') + "end"}}};

std::size_t files_in(const support::TempDirectory& directory) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(directory.path()), {}));
}

TEST(Download, WritesTheVerifiedFile) {
  support::LoopbackServer server;
  server.add(kRelease);
  const support::TempDirectory directory;
  auto client = open_client(server);
  const File file = must_page(*client, "a")->file(0);
  const auto done = client->download(std::string(file.url), file.sha256, directory / "a.whl");
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(support::read_file(directory / "a.whl"), support::make_wheel(kRelease));
  EXPECT_EQ(files_in(directory), 1u);
}

TEST(Download, OfAnotherHashLeavesNothing) {
  support::LoopbackServer server;
  server.add(kRelease);
  server.fail("/files/a-1.0-py3-none-any.whl", {.flip = true});
  const support::TempDirectory directory;
  auto client = open_client(server);
  const File file = must_page(*client, "a")->file(0);
  const auto done = client->download(std::string(file.url), file.sha256, directory / "a.whl");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, pep::Fault::kIntegrity);
  EXPECT_EQ(files_in(directory), 0u);
}

TEST(Download, GoesOnWhereItBrokeOff) {
  support::LoopbackServer server;
  server.add({.name = "a", .tags = {}});
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += std::to_string(i);
  server.add_file("a-1.0-py3-none-any.whl", bytes);
  server.fail("/files/a-1.0-py3-none-any.whl", {.times = 1, .truncate_after = 200'000});
  const support::TempDirectory directory;
  auto client = open_client(server);
  const auto done = client->download(server.root() + "/files/a-1.0-py3-none-any.whl",
                                     sha256_of(bytes), directory / "a");
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(support::read_file(directory / "a"), bytes);
  EXPECT_THAT(server.requests().back().headers.at("range"), HasSubstr("bytes=200000-"));
}

TEST(Download, SaysThatTheDirectoryIsMissing) {
  support::LoopbackServer server;
  auto client = open_client(server);
  const auto done = client->download(server.root() + "/files/a", {}, "/nonexistent/a");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, pep::Fault::kIo);
}

TEST(Download, OfAMissingFileIsNotFound) {
  support::LoopbackServer server;
  const support::TempDirectory directory;
  auto client = open_client(server);
  const auto done = client->download(server.root() + "/files/a", {}, directory / "a");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, pep::Fault::kNotFound);
  EXPECT_EQ(files_in(directory), 0u);
}

}  // namespace
}  // namespace resolver::index
