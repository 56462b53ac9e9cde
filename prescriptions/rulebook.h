// Joins rulebooks that were read separately.
#pragma once

#include "prescriptions/unit.h"

namespace prescriptions {

// Puts the units of `more` after those of `book`. Before anything points into either.
void append(Rulebook& book, Rulebook more);

}  // namespace prescriptions
