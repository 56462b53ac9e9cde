// The store is looked after: by `seshat cache`, and by runs that end.
#include "resolver/index/store_maintenance.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>

#include "resolver/index/stored_page.h"
#include "tests/resolver/index/store_fixture.h"

namespace resolver::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Store, PruneDropsWhatIsSupersededExpiredOrTooMuch) {
  const support::TempDirectory directory;
  const std::string large(10'000, 'x');
  {
    auto store = Store::open(directory.path(), kNoLimit);
    store->put(RecordType::kPage, "p", {large}, 1);
    store->put(RecordType::kPage, "p", {large}, 2);
    for (int i = 0; i < 10; ++i) put(*store, i);
  }
  const auto size = store_size(directory.path());
  ASSERT_TRUE(size);
  EXPECT_EQ(size->pages, 1u);
  EXPECT_EQ(size->metadata, 10u);
  const auto pruned = store_prune(directory.path(), {});
  ASSERT_TRUE(pruned);
  EXPECT_EQ(pruned->bytes_before, size->bytes);
  EXPECT_LE(pruned->bytes, size->bytes - 10'000u);
  EXPECT_EQ(std::filesystem::file_size(path_of(directory)), pruned->bytes);
  EXPECT_EQ(size->superseded, size->bytes - pruned->bytes) << "and it is known beforehand";
  ASSERT_TRUE(store_prune(directory.path(), {.stale_before = std::time(nullptr) + 100}));
  EXPECT_EQ(store_size(directory.path())->pages, 0u);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(holds(*Store::open(directory.path(), kNoLimit), i));
  ASSERT_TRUE(store_prune(directory.path(), {.size_limit = 8'000}));
  EXPECT_LE(std::filesystem::file_size(path_of(directory)), 8'000u);
  EXPECT_GT(store_size(directory.path())->metadata, 0u);
}

TEST(Store, CommitsIntoTheFileThatReplacedItsOwn) {
  const support::TempDirectory directory;
  auto store = Store::open(directory.path(), kNoLimit);
  put(*store, 1);
  store->flush();
  ASSERT_TRUE(store_prune(directory.path(), {}));
  put(*store, 2);
  store.reset();
  auto again = Store::open(directory.path(), kNoLimit);
  EXPECT_TRUE(holds(*again, 1));
  EXPECT_TRUE(holds(*again, 2));
}

TEST(Store, IsBounded) {
  const support::TempDirectory directory;
  for (int i = 0; i < 100; ++i) {
    Store::open(directory.path(), 50'000)
        ->put(RecordType::kMetadata, key(i), {std::string(2'000, 'x')}, 0);
  }
  EXPECT_LE(std::filesystem::file_size(path_of(directory)), 60'000u);
}

TEST(Store, IsRewrittenWhenItIsMostlySuperseded) {
  const support::TempDirectory directory;
  const std::string large(4 << 20, 'x');
  for (int i = 0; i < 20; ++i) {
    auto store = Store::open(directory.path(), kNoLimit);
    for (int page = 0; page < 2; ++page)
      store->put(RecordType::kPage, "page " + key(page), {large, std::to_string(i)}, 0);
    put(*store, i);
  }
  // Twenty times eight MiB were written; eight are valid, and sixteen more may be superseded.
  EXPECT_LE(std::filesystem::file_size(path_of(directory)), std::uint64_t{33} << 20);
  auto store = Store::open(directory.path(), kNoLimit);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(holds(*store, i));
  EXPECT_TRUE(store->find(RecordType::kPage, "page " + key(1)));
}

TEST(Store, KeepsWhatWasOfUseLast) {
  const support::TempDirectory directory;
  for (int i = 0; i < 30; ++i) {
    put(*Store::open(directory.path(), kNoLimit), i);
    const std::int64_t confirmed = std::time(nullptr) + (i % 3 == 0 ? 1000 : 0);
    Store::open(directory.path(), kNoLimit)
        ->put(RecordType::kPage, "page " + std::to_string(i), {std::string(3'000, 'x')}, confirmed);
  }
  ASSERT_TRUE(store_prune(directory.path(), {.size_limit = 40'000}));
  auto store = Store::open(directory.path(), kNoLimit);
  for (int i = 0; i < 30; i += 3)
    EXPECT_TRUE(store->find(RecordType::kPage, "page " + std::to_string(i))) << i;
}

TEST(Store, WaitsForNoWriterForEver) {
  const support::TempDirectory directory;
  put(*Store::open(directory.path(), kNoLimit), 1);
  const int descriptor = ::open(path_of(directory).c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(descriptor, LOCK_EX), 0);
  auto store = Store::open(directory.path(), kNoLimit, std::chrono::milliseconds(20));
  EXPECT_TRUE(holds(*store, 1)) << "reading needs no lock";
  put(*store, 2);
  store->flush();
  EXPECT_THAT(store->warnings(),
              ElementsAre(HasSubstr("another process has been writing it all the time")));
  const auto pruned = store_prune(directory.path(), {.wait = std::chrono::milliseconds(20)});
  ASSERT_FALSE(pruned);
  EXPECT_THAT(pruned.error().what, HasSubstr("try again later"));
  ::close(descriptor);
}

TEST(Store, RewritingRemovesWhatKilledProcessesLeft) {
  const support::TempDirectory directory;
  put(*Store::open(directory.path(), kNoLimit), 1);
  const std::string left = directory.write(std::string(store_layout::kFileName) + ".AbCdEf", "");
  const std::string in_use = directory.write(std::string(store_layout::kFileName) + ".GhIjKl", "");
  for (const std::string& path : {left, in_use})
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  const int descriptor = ::open(in_use.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(descriptor, LOCK_EX), 0);
  ASSERT_TRUE(store_prune(directory.path(), {}));
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_TRUE(std::filesystem::exists(in_use));
  ::close(descriptor);
}

TEST(Store, HasTheModeThatTheUserWants) {
  const support::TempDirectory directory;
  const mode_t mask = ::umask(077);
  put(*Store::open(directory.path(), kNoLimit), 1);
  ::umask(mask);
  ASSERT_TRUE(store_prune(directory.path(), {}));
  struct stat status {};
  ASSERT_EQ(::stat(path_of(directory).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(Freshness, IsNotBelievedOfTheFuture) {
  const std::int64_t now = 1'000'000'000;
  const auto fresh = [&](std::int64_t stored_at, std::int64_t expires) {
    StoreRecord record;
    record.stored_at = stored_at;
    record.expires = expires;
    return is_fresh(record, now);
  };
  EXPECT_TRUE(fresh(now - 5, now + 595));
  EXPECT_TRUE(fresh(now + 5, now + 605)) << "clocks of two machines";
  EXPECT_FALSE(fresh(now - 600, now));
  EXPECT_FALSE(fresh(now + 3600, now + 4200)) << "the clock was set back since";
  EXPECT_FALSE(fresh(now - 5, now + 30 * 24 * 3600)) << "confirmed by a clock that was ahead";
}

TEST(Store, CanBeCleared) {
  const support::TempDirectory directory;
  put(*Store::open(directory.path(), kNoLimit), 1);
  ASSERT_TRUE(store_clear(directory.path()));
  ASSERT_TRUE(store_clear(directory.path()));
  EXPECT_EQ(store_size(directory.path())->bytes, 0u);
  EXPECT_FALSE(Store::open(directory.path(), kNoLimit)->find(RecordType::kMetadata, key(1)));
}

}  // namespace
}  // namespace resolver::index
