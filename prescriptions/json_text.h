// Text as a JSON string.
#pragma once

#include <string>
#include <string_view>

namespace prescriptions {

void append_json(std::string& out,
                 std::string_view text);  // quoted; bytes that are not UTF-8 become U+FFFD

}  // namespace prescriptions
