// Core metadata (PEP 241 to 794: versions 1.0 to 2.6) of one distribution, as far as a resolver
// needs it.
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
  // Empty also if the field does not parse (">=3.6.*" is common in old releases): pip ignores it
  // then, and so do we; it is in `ignored_requires_python`, for a report.
  std::optional<SpecifierSet> requires_python;
  std::string ignored_requires_python;
  std::vector<Requirement> requires_dist;
  std::vector<Name> provides_extra;
  std::vector<std::string> dynamic;  // lower-case field names (PEP 643)
  std::vector<std::string> classifiers;

  // `text` is a METADATA or PKG-INFO file; only its headers are read. Malformed if Name or Version
  // is missing, repeated or invalid, or if a Requires-Dist does not parse; the error names the
  // field and its line. An unknown metadata version is read as far as it goes, as pip does.
  static Result<Metadata> parse(std::string_view text);
};

}  // namespace pep
