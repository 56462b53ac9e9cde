// Where interpreters and virtual environments are put, by distributions, people and the tools that
// make them. Says where to look, not what is there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rpmenv/root.h"

namespace rpmenv {

std::string joined(std::string_view directory, std::string_view name);

// What lies in a directory and may be a directory itself; sorted.
std::vector<std::string> children(const Root& root, const std::string& directory);

// Directories that may hold interpreters.
std::vector<std::string> program_directories(const Root& root);

// Directories that may be virtual environments.
std::vector<std::string> environment_places(const Root& root);

}  // namespace rpmenv
