// Chooses the reader for a manifest by its name, and finds the one manifest of a directory.
#pragma once

#include <string>
#include <vector>

#include "resolver/lock/requirements.h"

namespace resolver::lock {

// Which optional parts of a pyproject.toml, setup.cfg or Pipfile are asked for.
struct Selection {
  std::vector<std::string> extras;
  bool all_extras = false;
  std::vector<std::string> groups;
  bool develop = false;  // --dev: a Pipfile's dev-packages, the group "dev" of a pyproject.toml
  bool all_categories = false;  // of a Pipfile
};

enum class ManifestKind { kRequirements, kPyproject, kPipfile, kSetupCfg, kLock };

// By file name only; requirements for anything that is not one of the others.
ManifestKind manifest_kind(const std::string& path);

// A lock as manifest asks for exactly the versions it has.
// A path of "-" reads standard input as a requirements file.
pep::Result<Requirements> read_manifest(const std::string& path, const Selection& selection);

// The one manifest in `directory`. kNotFound if there is none, kConflict if two contradict each
// other. A requirements.in beside the requirements.txt that was made from it is no contradiction:
// the .in file is the manifest.
pep::Result<std::string> find_manifest(const std::string& directory);

// Puts what `more` asks for after what `all` asks for; options of `more` win where only one can be.
void append(Requirements& all, Requirements more);

}  // namespace resolver::lock
