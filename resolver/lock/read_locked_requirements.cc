// Reads a requirements file in which every line pins one version: what pip-compile, uv and we
// write.
#include <fmt/format.h>

#include "resolver/lock/direct_origin.h"
#include "resolver/lock/lock_entry.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/requirements_file.h"

namespace resolver::lock {
namespace {

pep::Error unpinned(const RootRequirement& root) {
  pep::Error failure = pep::error(
      pep::Fault::kMalformed,
      fmt::format(
          "{} is not pinned to one version; a lock has name==version on every line",
          root.requirement.name.empty() ? root.requirement.url : root.requirement.name.str()));
  failure.place = root.place;
  failure.excerpt = root.excerpt;
  return failure;
}

}  // namespace

pep::Result<Lock> read_locked_requirements(std::string_view text, const std::string& name) {
  auto read = read_requirements_text(text, name);
  if (!read) return std::move(read).error();
  Lock lock;
  for (const RootRequirement& root : read->requirements) {
    if (root.origin != Origin::kIndex) {
      auto package = package_of_url(root);
      if (!package) return std::move(package).error();
      lock.packages.push_back(std::move(*package));
      continue;
    }
    const auto& specifiers = root.requirement.specifiers.specifiers();
    const bool pinned = specifiers.size() == 1 && specifiers[0].op() == pep::Operator::kEqual &&
                        !specifiers[0].wildcard();
    if (!pinned) return unpinned(root);
    Package package;
    package.name = root.requirement.name;
    package.version = specifiers[0].version();
    if (root.requirement.marker) package.marker = root.requirement.marker->str();
    package.extras = root.requirement.extras;
    for (const std::string& hash : root.hashes) {
      if (!hash.starts_with("sha256:")) continue;
      Artifact artifact;
      artifact.sha256 = hash.substr(7);
      package.artifacts.push_back(std::move(artifact));
    }
    lock.packages.push_back(std::move(package));
  }
  sort_packages(lock);
  return lock;
}

}  // namespace resolver::lock
