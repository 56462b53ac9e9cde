// The line that installs a library in an image, by the package manager that the image has. Asks
// what the image itself knows: no repository.
#pragma once

#include <string>
#include <string_view>

#include "rpmenv/root.h"

namespace rpmenv {

// "dnf install -y"; empty if the image has no program that installs RPMs.
std::string rpm_installer(const Root& root);

// "dnf install -y 'libGL.so.1()(64bit)'", "apt-get install -y libgl1"; a sentence where no line is
// known.
std::string installation_line(const Root& root, std::string_view library,
                              std::string_view capability);

}  // namespace rpmenv
