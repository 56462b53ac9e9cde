// The parts of a version, spelled out: what reading a text yields, what a packed key unpacks to,
// and what the exact comparison works on. Internal to this room.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pep {

// One part of a version that may be absent: "post3", "dev0".
struct Count {
  bool present = false;
  std::uint64_t number = 0;
  auto operator<=>(const Count&) const = default;  // absent is least
};

struct Fields {
  static constexpr std::size_t kInline = 16;

  std::uint64_t epoch = 0;
  std::size_t release_size = 0;
  std::array<std::uint64_t, kInline>
      few;  // the release if it fits; left uninitialised beyond release_size
  std::vector<std::uint64_t> many;  // else
  char pre = 0;                     // 'a', 'b' or 'r' (rc); 0 without
  std::uint64_t pre_number = 0;
  Count post;
  Count dev;
  std::string_view local;

  const std::uint64_t* release() const { return many.empty() ? few.data() : many.data(); }
  std::uint64_t* release() { return many.empty() ? few.data() : many.data(); }
  void append(std::uint64_t number);
  void resize_release(std::size_t size);  // to fewer parts, at least one
  std::size_t trimmed_size() const;       // without trailing zeros, at least 1
  bool is_prerelease() const { return pre != 0 || dev.present; }

  // Reads `text` whole; false if it is no version. `local` points into `text`.
  bool scan(std::string_view text);
  // The packed key, 0 if there is none (an epoch, a local part, or numbers that don't fit).
  std::uint64_t pack() const;
  // The key that sorts just after every post-release (and development release of one) of this
  // version; 0 if none.
  std::uint64_t pack_after_posts() const;
  void unpack(std::uint64_t key, std::size_t written_release_size);
  std::string str() const;
};

std::strong_ordering compare_release(const Fields& a, const Fields& b);
std::strong_ordering compare_public(const Fields& a, const Fields& b);  // without the local parts
std::strong_ordering compare(const Fields& a, const Fields& b);

// "Abc_01-2" to "abc.1.2".
std::string normalize_local(std::string_view local);

}  // namespace pep
