// How an operating system's name and version are normalised for rules. Private to the situation's
// makers.
#pragma once

#include <string>

#include "prescriptions/situation.h"

namespace prescriptions {

// "ubi" is "rhel", and of RHEL only the major version counts.
void set_operating_system(Situation& situation, std::string name, std::string version);

}  // namespace prescriptions
