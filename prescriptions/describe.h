// Units in sentences, for people: when they take part and what they do. Knows no situation.
#pragma once

#include <string>
#include <vector>

#include "prescriptions/unit.h"

namespace prescriptions {

std::string describe(
    const PackagePattern& pattern);  // "pillow ==8.3.0 from any index but https://…"
// One line for each thing that should_include asks for; empty if it asks for nothing.
std::vector<std::string> conditions_of(const ShouldInclude& should_include);
// One line for each effect, each beginning with when it comes about.
std::vector<std::string> effects_of(const Body& body);

}  // namespace prescriptions
