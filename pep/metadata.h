// Core metadata (PEP 566, 643, 685 …) of one distribution, as far as a resolver needs it, and PEP 735 groups.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/requirement.h"

namespace pep {

struct Metadata {
  std::string metadata_version;
  Name name;
  Version version;
  std::optional<SpecifierSet> requires_python;
  std::vector<Requirement> requires_dist;
  std::vector<Name> provides_extra;
  std::vector<std::string> dynamic;      // lower-case field names (PEP 643)
  std::vector<std::string> classifiers;

  // `text` is a METADATA or PKG-INFO file. Malformed if Name or Version is missing or invalid, or a field that
  // a resolver relies on does not parse.
  static Result<Metadata> parse(std::string_view text);
};

}  // namespace pep
