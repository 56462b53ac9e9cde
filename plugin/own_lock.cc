#include "plugin/own_lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "resolver/lock/manifest.h"
#include "resolver/lock/readers.h"

namespace plugin {

namespace {

namespace fs = std::filesystem;
namespace lock = resolver::lock;

std::string below(const std::string& directory, const std::string& name) {
  return directory == "." ? name : directory + "/" + name;
}

bool has_all_hashes(const std::string& path) {
  const auto read = lock::read_lock(path);
  return read && !read->packages.empty() &&
         std::all_of(read->packages.begin(), read->packages.end(),
                     [](const lock::Package& one) { return !one.artifacts.empty(); });
}

}  // namespace

pep::Result<std::string> find_own_lock(const std::string& directory) {
  std::vector<std::string> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(directory, failed)) {
    const std::string name = entry.path().filename().string();
    const std::string path = below(directory, name);
    const bool named =
        lock::is_pylock_filename(name) || name == "Pipfile.lock" || lock::is_universal_lock(name);
    if (named || (name == "requirements.txt" && has_all_hashes(path))) found.push_back(path);
  }
  std::sort(found.begin(), found.end());
  if (found.empty()) {
    return pep::error(pep::Fault::kNotFound,
                      fmt::format("{} has no lock: no pylock.toml, Pipfile.lock, poetry.lock, "
                                  "uv.lock, pdm.lock or requirements.txt with hashes",
                                  directory == "." ? "the application" : directory));
  }
  if (found.size() == 1) return found[0];
  return pep::error(pep::Fault::kConflict,
                    fmt::format("there are several locks, {} and {}; name the one that counts",
                                found[0], found[1]));
}

pep::Result<PlainInstallation> plain_installation(const std::string& directory) {
  auto own = find_own_lock(directory);
  if (own) return PlainInstallation{*own, *own, {}};
  if (own.error().fault != pep::Fault::kNotFound) return std::move(own).error();
  auto manifest = lock::find_manifest(directory);
  if (!manifest) return std::move(manifest).error();
  switch (lock::manifest_kind(*manifest)) {
    case lock::ManifestKind::kRequirements:
      return PlainInstallation{*manifest, "", {"-r", *manifest}};
    case lock::ManifestKind::kPyproject:
    case lock::ManifestKind::kSetupCfg:
      return PlainInstallation{*manifest, "", {directory}};
    default:
      return pep::error(pep::Fault::kConfig,
                        *manifest + " cannot be installed by pip alone; bring its lock along");
  }
}

}  // namespace plugin
