// One requirement (PEP 508): "name[extra] >=1,<2 ; marker" or "name @ url ; marker".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/marker.h"
#include "pep/name.h"
#include "pep/specifier.h"

namespace pep {

struct Requirement {
  Name name;
  std::string spelled;       // the name as written
  std::vector<Name> extras;  // sorted, unique
  SpecifierSet specifiers;   // empty with a url
  std::string url;           // empty without one
  std::optional<Marker> marker;

  // Malformed with a column (from 1) and the whole text as excerpt when `text` is no requirement.
  static Result<Requirement> parse(std::string_view text);
  std::string str() const;  // canonical
};

}  // namespace pep
