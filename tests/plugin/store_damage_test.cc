// A store that was cut off or changed at random: the damage is noticed, said in one line at most,
// and the lock is the same. SESHAT_DAMAGES=10000 takes more cases.
#include <cstdio>

#include "tests/plugin/store_fixture.h"

namespace plugin::test {
namespace {

// Metadata that a run guesses at and does not wait for: the run before may not have known them.
constexpr std::size_t kGuesses = 3;

class StoreDamage : public StoreTest {
 protected:
  // One of the ways in which files go bad.
  std::string damaged(std::string bytes) {
    const auto somewhere = [&] { return static_cast<std::size_t>(dice_.below(bytes.size())); };
    switch (dice_.below(6)) {
      case 0:
        bytes.resize(somewhere());
        break;
      case 1:
        for (std::uint64_t bits = dice_.below(8) + 1; bits > 0; --bits)
          bytes[somewhere()] ^= static_cast<char>(1 << dice_.below(8));
        break;
      case 2:  // at its beginning, where everything else depends on it
        bytes[dice_.below(192)] ^= static_cast<char>(dice_.below(255) + 1);
        break;
      case 3: {  // a block that was never written
        const std::size_t at = somewhere() / 512 * 512;
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    std::min<std::size_t>(bytes.size() - at, 4096), '\0');
        break;
      }
      case 4: {  // a block of something else
        const std::size_t at = somewhere();
        for (std::size_t i = at; i < std::min(bytes.size(), at + 300); ++i)
          bytes[i] = static_cast<char>(dice_.below(256));
        break;
      }
      default: {  // a block in the place of another
        const std::size_t from = somewhere();
        const std::string block = bytes.substr(from, 1024);
        bytes.replace(somewhere(), block.size(), block);
      }
    }
    return bytes;
  }

  Dice dice_{42};
};

TEST_F(StoreDamage, IsNoticedAndMended) {
  ASSERT_EQ(advise().exit_code, 0);
  ASSERT_EQ(advise({"--refresh"}).exit_code, 0);
  const std::string expected = lock();
  const std::string good = support::read_file(store_path());
  ASSERT_GT(good.size(), 10'000U);
  const std::size_t all = server_.count();
  const int cases = number_from("SESHAT_DAMAGES", 200);
  int told = 0;
  int kept = 0;
  for (int number = 0; number < cases; ++number) {
    directory_.write("cache/index-v1.seshat", damaged(good));
    server_.forget_requests();
    const Ran first = advise();
    ASSERT_EQ(first.exit_code, 0) << "case " << number << ": " << first.err;
    ASSERT_EQ(lock(), expected) << "case " << number;
    ASSERT_LE(count_of(first.err, "warning:"), 1U) << "case " << number << ": " << first.err;
    if (first.err.find("was damaged") != std::string::npos) ++told;
    if (server_.count() < all / 2) ++kept;
    if (number % 4 != 0) continue;
    server_.forget_requests();
    const Ran second = advise();
    ASSERT_EQ(second.err.find("warning:"), std::string::npos) << "case " << number << second.err;
    ASSERT_LE(server_.count(), kGuesses) << "case " << number;
    ASSERT_EQ(lock(), expected) << "case " << number;
  }
  EXPECT_GT(told, cases / 3);
  EXPECT_GT(kept, cases / 4) << "what is whole is not fetched again";
  std::printf("%d stores were damaged: %d said so, %d kept most of what they had\n", cases, told,
              kept);
}

}  // namespace
}  // namespace plugin::test
