// What an application brings along to be installed as it is: its own lock, else its manifest.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"

namespace plugin {

// The one lock in `directory`: pylock*.toml, Pipfile.lock, poetry.lock, uv.lock, pdm.lock, or
// requirements.txt with hashes. not_found if there is none, conflict if there are several.
pep::Result<std::string> find_own_lock(const std::string& directory);

struct PlainInstallation {
  std::string what;                    // for a person
  std::string lock;                    // empty: no lock
  std::vector<std::string> arguments;  // of pip install, without a lock
};

// What would be installed without us.
pep::Result<PlainInstallation> plain_installation(const std::string& directory);

}  // namespace plugin
