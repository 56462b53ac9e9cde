// Who installs a lock: the image's own pip, or its uv. Knows nothing of locks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pep/result.h"

namespace plugin {

struct Installer {
  std::vector<std::string> command;  // up to and with "install"
  std::string python;                // the interpreter that it installs for
};

// `python` may be empty: python3 on PATH. A virtual environment that is not there is made, without
// a pip of its own where that of `python` can install into others. environment if there is neither
// pip nor uv.
pep::Result<Installer> find_installer(const std::string& python,
                                      const std::optional<std::string>& venv);

}  // namespace plugin
