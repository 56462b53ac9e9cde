// `.thoth.yaml`: what a project says of the environments that it runs in. Unknown keys are
// warnings, since other programs read the file too. Knows nothing of command lines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pep/result.h"
#include "prescriptions/situation.h"

namespace prescriptions {

// One entry of `runtime_environments`.
struct RuntimeEnvironment {
  std::string name;  // empty: none is said, which one alone may
  int line = 0;      // where its text begins and ends, for who replaces it; from 1
  int end = 0;       // the first line after it
  std::optional<std::string> operating_system, operating_system_version, python_version, platform,
      base_image, recommendation_type;
};

struct ConfigurationFile {
  std::string path;
  std::string text;
  std::optional<std::string> requirements_format;  // pipenv, pip, pip-tools
  std::optional<std::string> overlays_dir;
  std::optional<std::string> recommendation_type;
  std::vector<RuntimeEnvironment> environments;
  int environments_line = 0;  // of the first entry; 0 if there is none
  bool editable = true;       // the list of environments is written in block style
  std::vector<std::string> warnings;
};

// not_found if there is no such file, kConfig with a place if it is not one.
pep::Result<ConfigurationFile> read_configuration_file(const std::string& path);
pep::Result<ConfigurationFile> read_configuration_text(std::string text, const std::string& path);

// The environment `name`, or the first one if it is empty; null if the file has none at all.
// kConfig if it has no such one.
pep::Result<const RuntimeEnvironment*> runtime_environment(const ConfigurationFile& file,
                                                           const std::string& name);

// The facts that an entry declares, as --environment does.
pep::Result<DeclaredEnvironment> declare_environment(const ConfigurationFile& file,
                                                     const RuntimeEnvironment& entry,
                                                     Situation& situation);

}  // namespace prescriptions
