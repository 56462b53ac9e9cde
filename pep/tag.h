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

// All tags that a target accepts, best first. Asked once per candidate file, so it answers without
// allocating.
class TagSet {
 public:
  TagSet() = default;
  explicit TagSet(std::vector<Tag> best_first);
  const std::vector<Tag>& tags() const { return tags_; }
  // Rank of the best tag of a wheel (0 is best); nullopt if the target can't use the wheel.
  // `triple` is the last three parts of the file name, e.g. "py2.py3-none-any" or
  // "cp39-cp39-manylinux1_x86_64.manylinux_2_5_x86_64".
  std::optional<std::uint32_t> rank(std::string_view triple) const;

 private:
  // Numbers the different spellings of one part of a tag; finds them whatever their case, without
  // allocating.
  class Vocabulary {
   public:
    static constexpr std::uint32_t kUnknown = UINT32_MAX;
    std::uint32_t add(const std::string& word);
    std::uint32_t find(std::string_view word) const;

   private:
    struct Word {
      std::uint64_t hash;  // of the lower-case spelling
      std::string text;
      std::uint32_t number;
    };
    std::vector<Word>::const_iterator first_not_before(std::uint64_t hash) const;

    std::vector<Word> words_;  // by hash
  };

  std::vector<Tag> tags_;
  Vocabulary interpreters_;
  Vocabulary abis_;
  Vocabulary platforms_;
  std::unordered_map<std::uint64_t, std::uint32_t> ranks_;  // by the three numbers
};

// The platform tags that one platform accepts, best first and in the order of `packaging.tags`:
// manylinux_2_28_x86_64 accepts linux_x86_64, then 2_28, 2_27 … 2_17 and the legacy names of those
// levels. x86_64 and i686 go down to 2_5, other machines to 2_17 (PEP 600). musllinux_1_2_x86_64
// accepts linux_x86_64, 1_2, 1_1, 1_0. "any" and what is of neither family accept only themselves.
std::vector<std::string> expand_platform(std::string_view platform);

// All tags of a CPython `major.minor` (`abi` e.g. "cp312", "cp313t", "cp36m") on `platforms` (best
// first, as expand_platform gives them), in the order of `packaging.tags`: own ABI, abi3, none,
// older abi3, py3. A free-threaded ABI ("t") has abi3t (PEP 803) in the place of abi3.
TagSet cpython_tags(int major, int minor, std::string_view abi,
                    const std::vector<std::string>& platforms);

struct WheelName {
  Name name;
  Version version;
  std::string build;   // build number with its suffix, empty if none
  std::string triple;  // compressed tag triple as written
};
Result<WheelName> parse_wheel_filename(
    std::string_view filename);  // malformed unless valid PEP 427

// The same without copying: for an index page, whose project is known and which has thousands of
// files. Views into `filename`; nullopt where parse_wheel_filename is malformed.
struct WheelView {
  std::string_view name;  // as written
  Version version;
  std::string_view build;
  std::string_view triple;
};
std::optional<WheelView> view_wheel_filename(std::string_view filename);

struct SdistName {
  Name name;
  Version version;
};
// .tar.gz or .zip. Splits at the last dash.
Result<SdistName> parse_sdist_filename(std::string_view filename);
// The version of an sdist of a project that is known, which old names need ("foo-1.0-beta.tar.gz"
// of "foo" is 1.0b0); nullopt if the name is another project's or has no version.
std::optional<Version> sdist_version(std::string_view filename, const Name& project);

}  // namespace pep
