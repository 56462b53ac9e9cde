// The options that a line of a requirements file may have, and their values. Knows nothing of what
// they do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resolver/lock/logical_line.h"

namespace resolver::lock {

enum class Flag {
  kRequirement,
  kConstraint,
  kEditable,
  kIndexUrl,
  kExtraIndexUrl,
  kFindLinks,
  kNoIndex,
  kPre,
  kOnlyBinary,
  kNoBinary,
  kPreferBinary,
  kRequireHashes,
  kTrustedHost,
  kHash,
  kWithoutEffect,
};

struct Option {
  std::string_view name;
  char letter;  // 0: none
  Flag flag;
  bool takes_value;
};

struct Given {
  const Option* option = nullptr;
  std::string value;
  std::size_t offset = 0;  // of the value, or of the option if it has none
};

// The options of `line` from offset `start` on. Malformed, with the place, for one that is not
// known, lacks its value or has one too many.
pep::Result<std::vector<Given>> given_options(const SourceText& source, const LogicalLine& line,
                                              std::size_t start);

}  // namespace resolver::lock
