// "Did you mean": names that an unknown package may have been meant to have. Names that this run
// met are compared; a few usual variants are asked of the index, since no index can be listed
// cheaply.
#pragma once

#include <string>
#include <vector>

#include "pep/name.h"
#include "resolver/index/client.h"

namespace plugin {

std::vector<std::string> suggestions(const pep::Name& unknown,
                                     const std::vector<std::string>& known,
                                     resolver::index::Client& client);

}  // namespace plugin
