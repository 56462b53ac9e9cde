// The dependency graph of a lock as an SVG picture: what the application asks for on the left, what
// that needs to the right of it.
#pragma once

#include <string>

#include "resolver/lock/lock.h"

namespace plugin {

std::string dependency_graph(const resolver::lock::Lock& lock);

}  // namespace plugin
