// A version as PEP 440 defines it. Nearly every version fits a packed 64-bit key, whose integer
// order is the order of versions; the others (an epoch, a local part, very large numbers) are
// compared part by part. Immutable, 16 bytes; copying a packed version copies two words. Safe to
// share between threads.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pep/result.h"

namespace pep {

struct Fields;

class Version {
 public:
  Version() noexcept : key_(kKeyOfZero), rest_{.shape = {1, 0}} {}  // "0"
  Version(const Version& other) noexcept : key_(other.key_), rest_(other.rest_) {
    if (key_ == 0) retain();
  }
  Version(Version&& other) noexcept : Version() { swap(other); }
  Version& operator=(const Version& other) noexcept {
    Version copy(other);
    swap(copy);
    return *this;
  }
  Version& operator=(Version&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Version() {
    if (key_ == 0) release_parts();
  }
  void swap(Version& other) noexcept {
    std::swap(key_, other.key_);
    std::swap(rest_, other.rest_);
  }

  // Malformed if `text` is not a PEP 440 version; leading "v", spaces, alternative spellings are
  // accepted. No part may exceed 64 bits.
  static Result<Version> parse(std::string_view text);
  // The same without composing an error; common versions are read without allocating.
  static std::optional<Version> try_parse(std::string_view text);
  // A version that was parsed before, from what a store kept: its key() and its str(). `text` is
  // parsed only if `key` is 0; the result is then "0" should it not be a version.
  static Version from_store(std::uint64_t key, std::string_view text);
  // The same from key() (not 0) and release_size(), which together are all that a packed version
  // holds.
  static Version from_key(std::uint64_t key, std::size_t release_size);

  std::string str() const;         // the normal form, e.g. "1!2.0rc1.post2.dev3+local.1"
  std::string public_str() const;  // without the local part
  std::string base_str() const;    // epoch and release only
  std::string local() const;       // normalised, empty without one

  bool is_prerelease() const { return flag(kPrerelease); }  // a, b, rc or dev
  bool is_postrelease() const { return flag(kPostrelease); }
  bool is_devrelease() const { return flag(kDevrelease); }
  bool has_local() const { return flag(kLocal); }
  std::uint64_t epoch() const;
  std::uint64_t release(std::size_t part) const;  // 0 beyond the parts that are written
  std::size_t release_size() const;               // parts that are written: 3 for "1.2.0"

  // The packed key; 0 when this version needs the exact path. Keys order as versions do.
  // Versions that compare equal ("1.0", "1.0.0") have equal keys.
  std::uint64_t key() const { return key_; }

  friend std::strong_ordering operator<=>(const Version& a, const Version& b) {
    return a.key_ != 0 && b.key_ != 0 ? a.key_ <=> b.key_ : compare_exactly(a, b);
  }
  friend bool operator==(const Version& a, const Version& b) { return (a <=> b) == 0; }
  std::size_t hash() const;  // equal versions hash alike

  // The parts, spelled out (version_fields.h, internal to this room). Views in `fields` live as
  // long as the version.
  void read(Fields& fields) const;

 private:
  struct Parts;
  enum Flag : std::uint32_t { kPrerelease = 1, kPostrelease = 2, kDevrelease = 4, kLocal = 8 };
  struct Shape {
    std::uint32_t release_size;
    std::uint32_t flags;
  };
  union Rest {
    Shape shape;         // if key_ != 0
    const Parts* parts;  // else
  };

  static constexpr std::uint64_t kKeyOfZero = std::uint64_t{5}
                                              << 54;  // what Fields::pack makes of "0"

  Version(std::uint64_t key, const Fields& fields);
  static std::uint32_t flags_of(const Fields& fields);
  static std::strong_ordering compare_exactly(const Version& a, const Version& b);
  bool flag(Flag wanted) const {
    return ((key_ != 0 ? rest_.shape.flags : exact_flags()) & wanted) != 0;
  }
  std::uint32_t exact_flags() const;
  void retain() const noexcept;
  void release_parts() const noexcept;

  std::uint64_t key_;
  Rest rest_;
};

}  // namespace pep

template <>
struct std::hash<pep::Version> {
  std::size_t operator()(const pep::Version& version) const { return version.hash(); }
};
