// A version as PEP 440 defines it. Nine of ten versions fit a packed 64-bit key, whose integer order is the
// order of versions; the others are compared part by part. Immutable; cheap to copy when packed.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pep/result.h"

namespace pep {

class Version {
 public:
  Version();  // "0"
  // Malformed if `text` is not a PEP 440 version; leading "v", spaces, alternative spellings are accepted.
  static Result<Version> parse(std::string_view text);

  std::string str() const;          // the normal form, e.g. "1!2.0rc1.post2.dev3+local.1"
  std::string public_str() const;   // without the local part
  std::string base_str() const;     // epoch and release only

  bool is_prerelease() const;  // a, b, rc or dev
  bool is_postrelease() const;
  bool is_devrelease() const;
  bool has_local() const;
  std::uint64_t epoch() const;
  std::uint64_t release(std::size_t part) const;  // 0 beyond the parts that are written
  std::size_t release_size() const;               // parts that are written: 3 for "1.2.0"

  // The packed key; 0 when this version needs the exact path. Keys order as versions do.
  // Versions that compare equal ("1.0", "1.0.0") have equal keys.
  std::uint64_t key() const;

  friend std::strong_ordering operator<=>(const Version& a, const Version& b);
  friend bool operator==(const Version& a, const Version& b);
  std::size_t hash() const;  // equal versions hash alike

 private:
  struct Parts;
  // The owner of this file decides on the fields.
  std::shared_ptr<const Parts> parts_;
};

}  // namespace pep

template <>
struct std::hash<pep::Version> {
  std::size_t operator()(const pep::Version& version) const { return version.hash(); }
};
