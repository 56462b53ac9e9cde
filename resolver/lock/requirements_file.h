// Reads requirements and constraint files as pip does: comments, continuation lines, -r and -c, -e,
// hashes, options,
// ${VARIABLES}. Every fault carries file, line, column and the line.
#pragma once

#include <string>
#include <string_view>

#include "resolver/lock/requirements.h"

namespace resolver::lock {

// Fault kNotFound if `path` is not there, kMalformed for a bad line, kConflict for files that
// include one another.
pep::Result<Requirements> read_requirements(const std::string& path);
// The same, every requirement being a constraint.
pep::Result<Requirements> read_constraints(const std::string& path);
// `text` stands for a file called `name` in the working directory: standard input ("-"), or a
// `--with` option.
pep::Result<Requirements> read_requirements_text(std::string_view text, const std::string& name);

}  // namespace resolver::lock
