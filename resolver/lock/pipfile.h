// Reads a Pipfile: packages, dev-packages, sources, required Python.
#pragma once

#include "resolver/lock/manifest.h"

namespace resolver::lock {

pep::Result<Requirements> read_pipfile(const std::string& path, const Selection& selection);
pep::Result<Requirements> read_pipfile_text(std::string_view text, const std::string& name,
                                            const Selection& selection);

}  // namespace resolver::lock
