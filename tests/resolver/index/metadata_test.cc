// The ladder from metadata files to sdists, and what is not believed.
#include "tests/resolver/index/fixture.h"

namespace resolver::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string random_text(std::size_t size) {
  std::string text;
  unsigned state = 1;
  while (text.size() < size) {
    state = state * 1103515245 + 12345;
    text += static_cast<char>('!' + (state >> 16) % 90);
  }
  return text;
}

const pep::Metadata* must_metadata(Client& client, const char* name, std::uint32_t file = 0) {
  const Page* page = must_page(client, name);
  if (page == nullptr) return nullptr;
  auto metadata = client.metadata(*page, file);
  EXPECT_TRUE(metadata) << (metadata ? "" : metadata.error().what);
  return metadata ? *metadata : nullptr;
}

pep::Error metadata_error(Client& client, const char* name) {
  const Page* page = must_page(client, name);
  if (page == nullptr) return {};
  auto metadata = client.metadata(*page, 0);
  EXPECT_FALSE(metadata);
  return metadata ? pep::Error{} : metadata.error();
}

TEST(Metadata, ComesFromTheWheelsEndWithoutAMetadataFile) {
  support::LoopbackServer server({.core_metadata = false});
  server.add({.name = "a",
              .needs = {"b>=1", "c; extra == 'x'"},
              .extras = {"x"},
              .contents = {{"a/data.bin", random_text(200'000)}}});
  auto client = open_client(server);
  const auto* metadata = must_metadata(*client, "a");
  ASSERT_NE(metadata, nullptr);
  EXPECT_EQ(metadata->requires_dist.size(), 2u);
  EXPECT_EQ(server.count("/files/"), 1u);
  EXPECT_EQ(server.requests().back().status, 206);
  EXPECT_LT(client->statistics().bytes, 40'000u);
}

TEST(Metadata, ComesByMoreRangesWhenTheDirectoryIsLong) {
  support::LoopbackServer server({.core_metadata = false});
  support::Release release{.name = "a", .needs = {"b>=1"}};
  for (int i = 0; i < 1500; ++i)
    release.contents["a/module_" + std::to_string(i) + ".py"] = "x" + std::to_string(i);
  release.contents["a/zzz.bin"] = random_text(300'000);
  server.add(release);
  auto client = open_client(server);
  ASSERT_NE(must_metadata(*client, "a"), nullptr);
  EXPECT_EQ(server.count("/files/"), 2u);
}

TEST(Metadata, ComesByAMemberRangeWhenItIsFarFromTheEnd) {
  support::LoopbackServer server({.core_metadata = false});
  const std::string text = "Metadata-Version: 2.1\nName: a\nVersion: 1.0\nRequires-Dist: b\n";
  server.add_file("a-1.0-py3-none-any.whl",
                  support::make_archive("zip", {{"a-1.0.dist-info/METADATA", text},
                                                {"a/big.bin", random_text(300'000)}}));
  auto client = open_client(server);
  ASSERT_NE(must_metadata(*client, "a"), nullptr);
  EXPECT_EQ(server.count("/files/"), 2u);
  EXPECT_LT(client->statistics().bytes, 60'000u);
}

TEST(Metadata, ComesFromTheWholeWheelWithoutRanges) {
  support::LoopbackServer server({.core_metadata = false, .ranges = false});
  server.add({.name = "a", .needs = {"b>=1"}, .contents = {{"a/data.bin", random_text(200'000)}}});
  server.add({.name = "c", .needs = {"b>=1"}});
  auto client = open_client(server);
  ASSERT_NE(must_metadata(*client, "a"), nullptr);
  EXPECT_EQ(server.count("/files/a"), 2u);
  ASSERT_NE(must_metadata(*client, "c"), nullptr);
  EXPECT_EQ(server.count("/files/c"), 1u) << "the server's way is remembered";
}

TEST(Metadata, FallsBackWhenThePromisedFileIsMissing) {
  support::LoopbackServer server;
  server.add({.name = "a", .needs = {"b>=1"}});
  server.fail("/files/a-1.0-py3-none-any.whl.metadata", {.status = 404});
  auto client = open_client(server);
  ASSERT_NE(must_metadata(*client, "a"), nullptr);
}

TEST(Metadata, OfAnSdistMustBeStatic) {
  support::LoopbackServer server;
  server.add({.name = "a", .needs = {"b>=1"}, .tags = {}, .sdist = true});
  server.add({.name = "old", .tags = {}, .sdist = true, .metadata_version = "2.1"});
  server.add({.name = "dyn", .tags = {}, .sdist = true, .dynamic = {"Requires-Dist"}});
  server.add({.name = "dynother", .tags = {}, .sdist = true, .dynamic = {"License"}});
  auto client = open_client(server);
  ASSERT_NE(must_metadata(*client, "a"), nullptr);
  EXPECT_THAT(needs(*must_metadata(*client, "a")), ElementsAre("b>=1"));
  EXPECT_NE(must_metadata(*client, "dynother"), nullptr);
  pep::Error error = metadata_error(*client, "old");
  EXPECT_EQ(error.fault, pep::Fault::kNotFound);
  EXPECT_THAT(error.what, HasSubstr("older than 2.2"));
  error = metadata_error(*client, "dyn");
  EXPECT_EQ(error.fault, pep::Fault::kNotFound);
  EXPECT_THAT(error.what, HasSubstr("Requires-Dist is known only once it is built"));
}

TEST(Metadata, OfAnotherProjectIsNotBelieved) {
  support::LoopbackServer server;
  server.add({.name = "a", .metadata = "Metadata-Version: 2.1\nName: b\nVersion: 1.0\n"});
  auto client = open_client(server);
  const pep::Error error = metadata_error(*client, "a");
  EXPECT_EQ(error.fault, pep::Fault::kMalformed);
  EXPECT_THAT(error.what, HasSubstr("a-1.0-py3-none-any.whl are those of another project, b"));
}

TEST(Metadata, OfAnotherVersionIsNotBelieved) {
  support::LoopbackServer server;
  server.add({.name = "a", .metadata = "Metadata-Version: 2.1\nName: a\nVersion: 1.1\n"});
  auto client = open_client(server);
  const pep::Error error = metadata_error(*client, "a");
  EXPECT_EQ(error.fault, pep::Fault::kMalformed);
  EXPECT_THAT(error.what, HasSubstr("another version, 1.1"));
}

TEST(Metadata, WithAnInvalidRequirementIsMalformed) {
  support::LoopbackServer server;
  server.add({.name = "a", .needs = {"b >=!"}});
  auto client = open_client(server);
  EXPECT_EQ(metadata_error(*client, "a").fault, pep::Fault::kMalformed);
}

TEST(Metadata, OfAnotherHashIsAnIntegrityFault) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  server.set_hash("a-1.0-py3-none-any.whl.metadata", std::string(64, '0'));
  auto client = open_client(server);
  const pep::Error error = metadata_error(*client, "a");
  EXPECT_EQ(error.fault, pep::Fault::kIntegrity);
  EXPECT_THAT(error.what, HasSubstr("does not match its hash"));
}

TEST(Metadata, OfAnSdistOfAnotherHashIsAnIntegrityFault) {
  support::LoopbackServer server;
  server.add({.name = "a", .tags = {}, .sdist = true});
  server.set_hash("a-1.0.tar.gz", std::string(64, '0'));
  auto client = open_client(server);
  EXPECT_EQ(metadata_error(*client, "a").fault, pep::Fault::kIntegrity);
}

TEST(Metadata, OfAWheelThatIsNoZipIsMalformed) {
  support::LoopbackServer server({.core_metadata = false});
  server.add({.name = "a"});
  server.fail("/files/a-1.0-py3-none-any.whl", {.body = "this is no wheel"});
  auto client = open_client(server);
  const pep::Error error = metadata_error(*client, "a");
  EXPECT_EQ(error.fault, pep::Fault::kMalformed);
  EXPECT_THAT(error.what, HasSubstr("a-1.0-py3-none-any.whl: the wheel is no zip archive"));
}

TEST(Metadata, ThatTheServerFailsToGiveIsUnreachable) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  server.fail("/files/a-1.0-py3-none-any.whl.metadata", {.status = 500});
  auto client = open_client(ClientOptions{.index_urls = {server.url()}, .retries = 1});
  EXPECT_EQ(metadata_error(*client, "a").fault, pep::Fault::kUnreachable);
}

}  // namespace
}  // namespace resolver::index
