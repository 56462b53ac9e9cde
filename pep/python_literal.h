// The inside of a Python string literal, which is what PEP 508 quotes with. Internal to this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pep {

// The string that Python would make of `inside` (without its quotes); nullopt where Python refuses
// it.
std::optional<std::string> read_python_literal(std::string_view inside);

}  // namespace pep
