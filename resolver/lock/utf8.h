// Well-formed UTF-8, as readers check it and writers need it.
#pragma once

#include <string_view>

namespace resolver::lock {

// Length in bytes of the well-formed sequence at `at`, 0 if there is none. No overlong forms, no
// surrogates.
std::size_t utf8_length(std::string_view text, std::size_t at);

}  // namespace resolver::lock
