// /etc/os-release (else /usr/lib/os-release) as data: the shell syntax is read, never run.
#pragma once

#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

// Empty fields if the image has none. What is wrong with a file that is there goes to `warnings`.
OsRelease read_os_release(const Root& root, std::vector<std::string>& warnings);

}  // namespace rpmenv
