// What is known of a unit without holding it against anything: which packages it names, how many
// rules it makes, what its rules can do.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "prescriptions/unit.h"

namespace prescriptions {

// How many rules a unit makes; each alternative of a `match` list is one, except for wraps.
std::uint32_t rule_count_of(const Unit& unit);
// Calls `use(name)` for each package that the unit is looked up by, some maybe twice; an empty name
// where it is for any package.
void for_each_name(const Unit& unit, const std::function<void(std::string_view)>& use);
bool can_score(const Unit& unit);
bool edits_packages(const Unit& unit);  // adds, skips or replaces them

}  // namespace prescriptions
