// Writes a rulebook in the form that is used in place (compiled.h).
#pragma once

#include <string>

#include "prescriptions/compiled.h"
#include "prescriptions/unit.h"

namespace prescriptions {

// The same rulebook gives the same bytes, whatever the order of its units.
std::string compile(const Rulebook& book, const InputDigest& digest = {});

}  // namespace prescriptions
