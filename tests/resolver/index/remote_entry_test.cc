// What a shared cache keeps is an answer only as long as it is whole, of the key that is asked, and
// fresh.
#include "resolver/index/remote_entry.h"

#include <gtest/gtest.h>

namespace resolver::index {
namespace {

FetchResponse response() {
  FetchResponse made;
  made.status = 200;
  made.body = std::string("<a>\n\n\0b", 8);
  made.url = "https://pypi.example/simple/a/";
  made.content_type = "text/html";
  made.encoding = "gzip";
  made.etag = "\"7\"";
  made.cache_control = "max-age=60";
  return made;
}

TEST(RemoteEntry, GivesBackWhatItWasMadeFrom) {
  const auto read = read_entry(entry_of(response(), "key", 100), "key", false, 99);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->status, 200);
  EXPECT_EQ(read->body, response().body);
  EXPECT_EQ(read->url, response().url);
  EXPECT_EQ(read->content_type, "text/html");
  EXPECT_EQ(read->encoding, "gzip");
  EXPECT_EQ(read->etag, "\"7\"");
  EXPECT_EQ(read->cache_control, "max-age=60");
}

TEST(RemoteEntry, AgesUnlessItIsImmutable) {
  const std::string entry = entry_of(response(), "key", 100);
  EXPECT_FALSE(read_entry(entry, "key", false, 100).has_value());
  EXPECT_TRUE(read_entry(entry, "key", true, 1000000).has_value());
}

TEST(RemoteEntry, IsNoneOfAnotherKey) {
  EXPECT_FALSE(read_entry(entry_of(response(), "key", 100), "other", false, 0).has_value());
}

TEST(RemoteEntry, ALineBreakMakesNoLineOfItsOwn) {
  FetchResponse odd = response();
  odd.content_type = "text/html\n999";
  const auto read = read_entry(entry_of(odd, "key", 100), "key", false, 0);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->content_type, "text/html 999");
}

TEST(RemoteEntry, EveryDamagedOrMissingByteIsNoticed) {
  const std::string entry = entry_of(response(), "key", 100);
  for (std::size_t at = 0; at < entry.size(); ++at) {
    std::string damaged = entry;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_FALSE(read_entry(damaged, "key", true, 0).has_value()) << at;
    EXPECT_FALSE(read_entry(entry.substr(0, at), "key", true, 0).has_value()) << at;
  }
}

}  // namespace
}  // namespace resolver::index
