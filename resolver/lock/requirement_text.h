// One requirement as it may stand in a file: PEP 508, a URL, a path or a version control URL.
#pragma once

#include <string_view>

#include "resolver/lock/requirements.h"

namespace resolver::lock {

// Fills requirement and origin. The place of an error is a column in `text`, from 1.
pep::Result<RootRequirement> parse_requirement_text(std::string_view text);

bool is_version_control(std::string_view url);  // "git+https://…"

// Whether `file` is meant relative to a directory: neither absolute nor a URL.
bool is_relative(std::string_view file);

}  // namespace resolver::lock
