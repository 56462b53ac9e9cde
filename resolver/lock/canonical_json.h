// Documents as Python's json.dumps writes them, with sorted keys and ASCII only: what other tools
// hash or compare.
#pragma once

#include <string>

#include "resolver/lock/document.h"

namespace resolver::lock {

void append_json_string(std::string& out, std::string_view text);

// separators=(",", ":").
void append_compact_json(std::string& out, const Value& value);
// indent=4; `depth` is how deep the value stands.
void append_indented_json(std::string& out, const Value& value, int depth);

}  // namespace resolver::lock
