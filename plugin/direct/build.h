// Has the metadata of a project built by the target's own Python (PEP 517), for users who allow it
// with --allow-build: code of the project runs then. In a private directory and an environment of
// its own, with a time limit; nothing of the target is changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "resolver/index/client.h"

namespace plugin::direct {

struct BuildSettings {
  std::string python;   // the target's interpreter, an absolute path
  std::string version;  // "cpython 3.11.2": what is built is remembered for it
  double seconds = 600;
};

class Builder {
 public:
  // Build requirements come from the client's indexes.
  Builder(BuildSettings settings, const resolver::index::ClientOptions& options)
      : settings_(std::move(settings)), options_(options) {}

  // METADATA of the project in `directory`, which may be written to. not_found with the reason if
  // it cannot be built. `shown` names the project in errors.
  pep::Result<std::string> metadata_of(const std::string& directory, const std::string& shown);
  const BuildSettings& settings() const { return settings_; }

 private:
  class Workplace;
  BuildSettings settings_;
  const resolver::index::ClientOptions& options_;
};

}  // namespace plugin::direct
