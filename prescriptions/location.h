// Regular expressions over install paths. Private to match.cc: <regex> is slow to compile.
#pragma once

#include <string>

namespace prescriptions {

// Whether the whole of `location` matches; an expression that is none matches nothing.
bool matches_location(const std::string& expression, const std::string& location);
bool is_location_expression(const std::string& expression);

}  // namespace prescriptions
