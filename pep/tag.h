// Wheel tags (PEP 425, 600, 656) and the file names of wheels and sdists (PEP 427, 625).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pep/name.h"
#include "pep/version.h"

namespace pep {

struct Tag {
  std::string interpreter;  // "cp312"
  std::string abi;          // "abi3"
  std::string platform;     // "manylinux_2_17_x86_64"
  bool operator==(const Tag&) const = default;
  std::string str() const { return interpreter + "-" + abi + "-" + platform; }
};

// All tags that a target accepts, best first. Asked once per candidate file, so it answers without allocating.
class TagSet {
 public:
  TagSet() = default;
  explicit TagSet(std::vector<Tag> best_first);
  const std::vector<Tag>& tags() const { return tags_; }
  // Rank of the best tag of a wheel (0 is best); nullopt if the target can't use the wheel.
  // `triple` is the last three parts of the file name, e.g. "py2.py3-none-any" or "cp39-cp39-manylinux1_x86_64.manylinux_2_5_x86_64".
  std::optional<std::uint32_t> rank(std::string_view triple) const;

 private:
  std::vector<Tag> tags_;
  std::unordered_map<std::string, std::uint32_t> ranks_;  // the owner of this file may choose another index
};

// The platform tags that one platform accepts, best first: manylinux_2_28_x86_64 accepts 2_27 … 2_17 and the legacy
// names of those levels, then linux_x86_64. x86_64 and i686 go down to 2_5, other machines to 2_17 (PEP 600).
std::vector<std::string> expand_platform(std::string_view platform);

// All tags of a CPython `major.minor` (`abi` e.g. "cp312", "cp313t", "cp36m") on `platforms` (best first, as
// expand_platform gives them), in the order of `packaging.tags`: own ABI, abi3, none, older abi3, py3.
TagSet cpython_tags(int major, int minor, std::string_view abi, const std::vector<std::string>& platforms);

struct WheelName {
  Name name;
  Version version;
  std::string build;   // build number with its suffix, empty if none
  std::string triple;  // compressed tag triple as written
};
Result<WheelName> parse_wheel_filename(std::string_view filename);  // malformed unless valid PEP 427

struct SdistName {
  Name name;
  Version version;
};
Result<SdistName> parse_sdist_filename(std::string_view filename);  // .tar.gz or .zip

}  // namespace pep
