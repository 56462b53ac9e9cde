// Which processors have the vector instructions that rules ask for. Private to match.cc.
#pragma once

#include "prescriptions/situation.h"

namespace prescriptions {

// Whether the CPU has the flag; nothing if that is not known.
std::optional<bool> has_flag(const Situation& situation, CpuFlag flag);

}  // namespace prescriptions
