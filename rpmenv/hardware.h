// The processor and the GPUs of the machine that builds: not facts about the image, and marked so.
#pragma once

#include <string_view>

#include "rpmenv/facts.h"

namespace rpmenv {

Hardware host_hardware();
Cpu parse_cpuinfo(std::string_view text);  // the first processor of /proc/cpuinfo

}  // namespace rpmenv
