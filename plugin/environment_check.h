// Holds what a project's configuration declares of its environment against the image.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
#include "plugin/options.h"
#include "prescriptions/situation.h"

namespace plugin {

// What an image is in the words of a configuration, whatever was declared of it. Of `target` the
// root and its interpreter count.
pep::Result<prescriptions::Situation> situation_of_image(const TargetOptions& target);

struct EnvironmentCheck {
  std::vector<std::string> errors;  // what the image is not
  std::vector<std::string> warnings;
};

// `target` was read by read_configuration; without an entry there is nothing to hold.
pep::Result<EnvironmentCheck> check_environment(const TargetOptions& target);

// All errors in one, of kEnvironment; done if there are none.
pep::Status refuse_mismatch(const TargetOptions& target, const EnvironmentCheck& check);

}  // namespace plugin
