// Packing a version into 64 bits so that the order of integers is the order of versions.
//
// Every part is written with a prefix-free code that keeps order, most significant bit first:
//   number   00 + 4 bits: 0..15 | 01 + 7 bits: up to 143 | 10 + 12 bits: up to 4239 | 11 + 25 bits:
//   up to 33,558,671
//            (dates such as 20240406 fit)
//   release  number (1 number)* 0, without trailing zeros: "1.0" and "1" get the same key. A
//   further part outranks
//            any suffix, as in PEP 440.
//   suffix   3 bits: 1 dev, 2 a, 3 b, 4 rc, 5 none, 6 post (7: after all posts, a bound only), then
//   its number;
//            after a, b, rc and post 2 bits: 0 dev number, 1 none, 2 post number (3: after all
//            posts)
// No code is a prefix of another, so the zero bits that fill the word never decide.
#include <array>

#include "pep/version_fields.h"

namespace pep {

namespace {

struct NumberClass {
  std::uint64_t first;  // the least number of the class
  unsigned bits;
};
constexpr std::array<NumberClass, 4> kClasses = {{{0, 4}, {16, 7}, {144, 12}, {4240, 25}}};
constexpr std::uint64_t kNumberEnd = 4240 + (1U << 25);

enum Suffix : std::uint64_t { kDev = 1, kAlpha, kBeta, kCandidate, kFinal, kPost, kAfterPosts };
enum More : std::uint64_t { kMoreDev, kNoMore, kMorePost, kMoreAfterPosts };

class Writer {
 public:
  void put(std::uint64_t value, unsigned bits) {
    if (used_ + bits > 64) {
      used_ = kOverflow;
      return;
    }
    word_ = word_ << bits | value;
    used_ += bits;
  }
  void number(std::uint64_t value) {
    if (value < 16) return put(value, 6);
    if (value >= kNumberEnd) {
      used_ = kOverflow;
      return;
    }
    const unsigned c = value < kClasses[2].first ? 1 : value < kClasses[3].first ? 2 : 3;
    put(std::uint64_t{c} << kClasses[c].bits | (value - kClasses[c].first), kClasses[c].bits + 2);
  }
  std::uint64_t word() const { return used_ > 64 ? 0 : word_ << (64 - used_); }

 private:
  static constexpr unsigned kOverflow = 1000;
  std::uint64_t word_ = 0;
  unsigned used_ = 0;
};

class Reader {
 public:
  explicit Reader(std::uint64_t word) : word_(word) {}
  std::uint64_t get(unsigned bits) {
    const std::uint64_t value = word_ >> (64 - bits);
    word_ <<= bits;
    return value;
  }
  std::uint64_t number() {
    const NumberClass& c = kClasses[get(2)];
    return c.first + get(c.bits);
  }

 private:
  std::uint64_t word_;
};

void put_release(Writer& writer, const Fields& fields) {
  const std::size_t size = fields.trimmed_size();
  const std::uint64_t* release = fields.release();
  writer.number(release[0]);
  for (std::size_t i = 1; i < size; ++i) {
    writer.put(1, 1);
    writer.number(release[i]);
  }
  writer.put(0, 1);
}

std::uint64_t suffix_of_pre(char pre) {
  return pre == 'a' ? kAlpha : pre == 'b' ? kBeta : kCandidate;
}

void put_dev_or_end(Writer& writer, const Count& dev) {
  writer.put(dev.present ? kMoreDev : kNoMore, 2);
  if (dev.present) writer.number(dev.number);
}

}  // namespace

std::uint64_t Fields::pack() const {
  if (epoch != 0 || !local.empty()) return 0;
  Writer writer;
  put_release(writer, *this);
  if (pre == 0 && !post.present) {
    writer.put(dev.present ? kDev : kFinal, 3);
    if (dev.present) writer.number(dev.number);
    return writer.word();
  }
  if (pre != 0) {
    writer.put(suffix_of_pre(pre), 3);
    writer.number(pre_number);
    if (!post.present) {
      put_dev_or_end(writer, dev);
      return writer.word();
    }
    writer.put(kMorePost, 2);
  } else {
    writer.put(kPost, 3);
  }
  writer.number(post.number);
  put_dev_or_end(writer, dev);
  return writer.word();
}

std::uint64_t Fields::pack_after_posts() const {
  if (epoch != 0 || !local.empty()) return 0;
  Writer writer;
  put_release(writer, *this);
  if (pre == 0) {
    writer.put(kAfterPosts, 3);
  } else {
    writer.put(suffix_of_pre(pre), 3);
    writer.number(pre_number);
    writer.put(kMoreAfterPosts, 2);
  }
  return writer.word();
}

void Fields::unpack(std::uint64_t key, std::size_t written_release_size) {
  Reader reader(key);
  append(reader.number());
  while (reader.get(1) == 1) append(reader.number());
  while (release_size < written_release_size) append(0);
  const std::uint64_t suffix = reader.get(3);
  std::uint64_t more = kNoMore;
  if (suffix == kDev) {
    dev = {true, reader.number()};
  } else if (suffix == kPost) {
    post = {true, reader.number()};
    more = reader.get(2);
  } else if (suffix != kFinal) {
    pre = suffix == kAlpha ? 'a' : suffix == kBeta ? 'b' : 'r';
    pre_number = reader.number();
    more = reader.get(2);
    if (more == kMorePost) {
      post = {true, reader.number()};
      more = reader.get(2);
    }
  }
  if (more == kMoreDev) dev = {true, reader.number()};
}

}  // namespace pep
