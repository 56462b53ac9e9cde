// Dependency groups (PEP 735): the [dependency-groups] table of a pyproject.toml, read by someone
// else.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pep/requirement.h"

namespace pep {

struct IncludeGroup {
  std::string name;  // as written
};
// What stands in a group's list: a requirement as text, or {include-group = "name"}.
using GroupItem = std::variant<std::string, IncludeGroup>;
using Groups = std::map<std::string, std::vector<GroupItem>>;  // by the group's name as written

// The requirements of one group with those of the groups it includes, in the order written; repeats
// are kept. not_found if there is no such group; config if two names are the same in normal form, a
// group includes itself, a requirement does not parse (the error's place has the column), or the
// includes multiply beyond reason.
Result<std::vector<Requirement>> resolve_group(const Groups& groups, std::string_view name);

}  // namespace pep
