// Reads install_requires and extras_require of a setup.cfg. Values that setuptools would take from
// files or modules
// ("file:", "attr:") are refused with the reason.
#pragma once

#include "resolver/lock/manifest.h"

namespace resolver::lock {

pep::Result<Requirements> read_setup_cfg(const std::string& path, const Selection& selection);
pep::Result<Requirements> read_setup_cfg_text(std::string_view text, const std::string& name,
                                              const Selection& selection);

}  // namespace resolver::lock
