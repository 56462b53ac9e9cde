// Names that resemble an unknown one, for "did you mean".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugin {

// Nearest first, at most `most`; empty if none is near. Swapped letters count as one edit.
std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& known,
                                    std::size_t most = 3);

}  // namespace plugin
