// The store's file: what is put comes back, whatever happens to the process or to the bytes.
#include "resolver/index/store.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "resolver/index/checksum.h"
#include "tests/resolver/index/fixture.h"
#include "tests/resolver/index/store_fixture.h"

namespace resolver::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Store, GivesBackWhatWasPut) {
  const support::TempDirectory directory;
  {
    auto store = Store::open(directory.path(), kNoLimit);
    for (int i = 0; i < 300; ++i) {
      put(*store, i);
      if (i % 7 == 0) store->flush();
    }
  }
  auto store = Store::open(directory.path(), kNoLimit);
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(holds(*store, i));
  EXPECT_FALSE(store->find(RecordType::kMetadata, "another"));
  EXPECT_FALSE(store->find(RecordType::kPage, key(1)));
  EXPECT_THAT(store->warnings(), IsEmpty());
}

TEST(Store, GivesTheNewestOfAKey) {
  const support::TempDirectory directory;
  for (const char* text : {"one", "two", "three"}) {
    Store::open(directory.path(), kNoLimit)->put(RecordType::kPage, "k", {text}, 5);
  }
  EXPECT_EQ(text_of(Store::open(directory.path(), kNoLimit)->find(RecordType::kPage, "k")),
            "three");
}

TEST(Store, RemembersFreshnessInPlace) {
  const support::TempDirectory directory;
  Store::open(directory.path(), kNoLimit)->put(RecordType::kPage, "k", {"text"}, 5);
  const auto size = std::filesystem::file_size(path_of(directory));
  {
    auto store = Store::open(directory.path(), kNoLimit);
    store->touch(*store->find(RecordType::kPage, "k"), 77);
  }
  EXPECT_EQ(Store::open(directory.path(), kNoLimit)->find(RecordType::kPage, "k")->expires, 77);
  EXPECT_EQ(std::filesystem::file_size(path_of(directory)), size);
}

TEST(Store, KeepsFewIndexBlocks) {
  const support::TempDirectory directory;
  auto store = Store::open(directory.path(), kNoLimit);
  for (int i = 0; i < 500; ++i) {
    put(*store, i);
    store->flush();
  }
  // 500 commits of one record; blocks taken in each time would make the file quadratic.
  std::uint64_t records = 0;
  for (int i = 0; i < 500; ++i) records += payload(i).size() + 80;
  EXPECT_LT(std::filesystem::file_size(path_of(directory)), records + 500 * 350);
  ASSERT_TRUE(store->reload());
  for (int i = 0; i < 500; ++i) EXPECT_TRUE(holds(*store, i));
}

TEST(Store, IgnoresATornTail) {
  const support::TempDirectory directory;
  {
    auto store = Store::open(directory.path(), kNoLimit);
    for (int i = 0; i < 10; ++i) put(*store, i);
  }
  std::string bytes = support::read_file(path_of(directory));
  directory.write(store_layout::kFileName, bytes + "half a record that was never committed");
  {
    auto store = Store::open(directory.path(), kNoLimit);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(holds(*store, i));
    put(*store, 10);
  }
  auto store = Store::open(directory.path(), kNoLimit);
  for (int i = 0; i < 11; ++i) EXPECT_TRUE(holds(*store, i));
  EXPECT_THAT(store->warnings(), IsEmpty());
}

TEST(Store, NeverGivesDamagedBytes) {
  const support::TempDirectory directory;
  {
    auto store = Store::open(directory.path(), kNoLimit);
    for (int i = 0; i < 10; ++i) put(*store, i);
  }
  const std::string bytes = support::read_file(path_of(directory));
  for (std::size_t at = 0; at < bytes.size(); at += 13) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    directory.write(store_layout::kFileName, damaged);
    auto store = Store::open(directory.path(), kNoLimit);
    int missing = 0;
    for (int i = 0; i < 10; ++i) {
      const auto record = store->find(RecordType::kMetadata, key(i));
      if (record) {
        ASSERT_EQ(text_of(record), payload(i)) << "flipped at " << at;
      } else {
        ++missing;
      }
    }
    ASSERT_EQ(store->warnings().size(), missing > 0 ? 1u : store->warnings().size())
        << "flipped at " << at;
    // Whatever was lost can be put again.
    for (int i = 0; i < 10; ++i) put(*store, i);
    store.reset();
    store = Store::open(directory.path(), kNoLimit);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(holds(*store, i)) << "flipped at " << at;
  }
}

TEST(Store, SurvivesTruncationAnywhere) {
  const support::TempDirectory directory;
  {
    auto store = Store::open(directory.path(), kNoLimit);
    for (int i = 0; i < 10; ++i) {
      put(*store, i);
      store->flush();
    }
  }
  const std::string bytes = support::read_file(path_of(directory));
  for (std::size_t size = 0; size < bytes.size(); size += 97) {
    directory.write(store_layout::kFileName, bytes.substr(0, size));
    auto store = Store::open(directory.path(), kNoLimit);
    put(*store, 3);
    store.reset();
    ASSERT_TRUE(holds(*Store::open(directory.path(), kNoLimit), 3)) << "cut at " << size;
  }
}

TEST(Store, IsMadeAnewWhenItIsOfAnotherKind) {
  const support::TempDirectory directory;
  directory.write(store_layout::kFileName, std::string(5000, 'x'));
  auto store = Store::open(directory.path(), kNoLimit);
  EXPECT_THAT(store->warnings(), ElementsAre(HasSubstr("was damaged")));
  put(*store, 1);
  store.reset();
  EXPECT_TRUE(holds(*Store::open(directory.path(), kNoLimit), 1));
}

TEST(Store, GoesOnWithoutADirectory) {
  const support::TempDirectory directory;
  directory.write("file", "");
  auto store = Store::open(directory / "file/below", kNoLimit);
  EXPECT_EQ(store->warnings().size(), 1u);
  put(*store, 1);
  store->flush();
  EXPECT_FALSE(store->find(RecordType::kMetadata, key(1)));
  EXPECT_EQ(store->warnings().size(), 1u);
}

TEST(Store, GoesOnWhenTheDiskIsFull) {
  const support::TempDirectory directory;
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto store = Store::open(directory.path(), kNoLimit);
    put(*store, 1);
    store->flush();
    const rlimit limit{.rlim_cur = 20'000, .rlim_max = 20'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    store->put(RecordType::kMetadata, "large", {std::string(50'000, 'x')}, 0);
    store->flush();
    put(*store, 2);
    store->flush();
    ::_exit(store->warnings().size() == 1 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  auto store = Store::open(directory.path(), kNoLimit);
  EXPECT_TRUE(holds(*store, 1));
  EXPECT_FALSE(store->find(RecordType::kMetadata, "large"));
  EXPECT_THAT(store->warnings(), IsEmpty());
}

// A child that commits records until it is killed.
pid_t start_writer(const std::string& directory, int first) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  for (int i = first; i < first + 100'000; ++i) {
    auto store = Store::open(directory, kNoLimit);
    for (int k = 0; k < 20; ++k) {
      put(*store, i++);
      if (k % 3 == 0) store->flush();
    }
  }
  ::_exit(0);
}

TEST(Store, OpensAfterEveryKill) {
  const support::TempDirectory directory;
  put(*Store::open(directory.path(), kNoLimit), 0);
  unsigned state = 7;
  for (int round = 0; round < 100; ++round) {
    const pid_t child = start_writer(directory.path(), round * 50);
    state = state * 1103515245 + 12345;
    ::usleep(500 + (state >> 16) % 5000);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    auto store = Store::open(directory.path(), kNoLimit);
    ASSERT_THAT(store->warnings(), IsEmpty()) << "round " << round;
    for (int i = 0; i < round * 50; i += 11) {
      const auto record = store->find(RecordType::kMetadata, key(i));
      ASSERT_EQ(record ? text_of(record) : payload(i), payload(i));
    }
    ASSERT_THAT(store->warnings(), IsEmpty());
  }
  // What was committed before a kill stays.
  EXPECT_TRUE(holds(*Store::open(directory.path(), kNoLimit), 0));
}

TEST(Store, TakesEightWritersAtOnce) {
  const support::TempDirectory directory;
  std::vector<pid_t> children;
  for (int writer = 0; writer < 8; ++writer) {
    const pid_t child = ::fork();
    if (child == 0) {
      auto store = Store::open(directory.path(), kNoLimit);
      for (int i = 0; i < 100; ++i) {
        put(*store, writer * 1000 + i);
        if (i % 5 == 0) store->flush();
      }
      store.reset();
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  auto store = Store::open(directory.path(), kNoLimit);
  for (int writer = 0; writer < 8; ++writer) {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(holds(*store, writer * 1000 + i));
  }
  EXPECT_THAT(store->warnings(), IsEmpty());
}

TEST(Store, SeesWhatOthersCommitted) {
  const support::TempDirectory directory;
  auto reader = Store::open(directory.path(), kNoLimit);
  auto writer = Store::open(directory.path(), kNoLimit);
  put(*writer, 1);
  writer->flush();
  EXPECT_FALSE(reader->find(RecordType::kMetadata, key(1)));
  EXPECT_TRUE(reader->reload());
  EXPECT_TRUE(holds(*reader, 1));
}

TEST(Checksum, NoticesEveryFlippedBit) {
  const std::string bytes(203, 'q');
  const std::uint64_t sum = checksum(bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(checksum(flipped), sum);
  }
}

}  // namespace
}  // namespace resolver::index
