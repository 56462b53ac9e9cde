// What pip in an image is configured to use: pip.conf in its places inside the root, and the
// default index that the installed pip was built with. Of variables only those in the image's own
// configuration are read here, never those of this process. Nothing is run, no index is asked.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

// `python` may be null: then only the global files count. Does not set default_index_url.
PipConfiguration read_pip_configuration(const Root& root, const Interpreter* python,
                                        std::vector<std::string>& warnings);

// One pip.conf, over what `configuration` says already. Fault config, with a place, if it is
// malformed.
pep::Status apply_pip_conf(std::string_view text, const std::string& path,
                           PipConfiguration& configuration);

// The index that the pip of this interpreter uses when nothing is configured, read from pip's own
// sources: those installed, else those in the wheels that ensurepip or the system keeps. not_found
// if there is no pip.
pep::Result<std::string> default_index_of_pip(const Root& root, const Interpreter& python);

}  // namespace rpmenv
