// What `.thoth.yaml` says, for whoever did not say otherwise: the environment that a lock is made
// for, its manifest and the lock's name.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
#include "plugin/options.h"

namespace plugin {

inline constexpr const char* kConfigurationName = ".thoth.yaml";

struct Configured {
  std::vector<Setting> settings;
  std::vector<std::string> warnings;
};

// Reads the configuration into `target`, and takes from it which Python is meant; nothing where
// there is no such file.
pep::Result<Configured> read_configuration(TargetOptions& target);

// The same, and what concerns the manifest: directory of the environment's overlay, format.
pep::Result<Configured> apply_configuration(AdviseOptions& options);

// Where the files of the chosen environment are: its overlay, or the current directory (".").
std::string manifest_directory(const TargetOptions& target);

}  // namespace plugin
