#include "plugin/configuration.h"

#include <fmt/format.h>

#include <filesystem>

#include "prescriptions/configuration_file.h"
#include "resolver/lock/manifest.h"

namespace plugin {

namespace {

namespace fs = std::filesystem;

std::string below(const std::string& directory, const std::string& name) {
  return directory == "." ? name : directory + "/" + name;
}

bool is_file(const std::string& path) {
  std::error_code unknown;
  return fs::is_regular_file(path, unknown);
}

// The manifest of the format that the configuration names; empty if there is none of it.
std::string manifest_of(const std::string& format, const std::string& directory) {
  std::vector<const char*> names;
  if (format.starts_with("pipenv")) names = {"Pipfile"};
  if (format.starts_with("pip") && !format.starts_with("pipenv"))
    names = {"requirements.in", "requirements.txt"};
  for (const char* name : names) {
    if (std::string path = below(directory, name); is_file(path)) return path;
  }
  return {};
}

// As Thoth's client names it; empty: what everybody else gets.
std::string lock_of(const std::string& manifest) {
  const std::string name = fs::path(manifest).filename();
  const std::string directory = fs::path(manifest).parent_path();
  const std::string place = directory.empty() ? "." : directory;
  if (name == "Pipfile") return below(place, "Pipfile.lock");
  return name == "requirements.in" ? below(place, "requirements.txt") : std::string();
}

}  // namespace

pep::Result<Configured> read_configuration(TargetOptions& target) {
  Configured configured;
  if (target.no_config || (!target.config && !is_file(kConfigurationName))) {
    if (target.runtime_environment.empty()) return configured;
    return pep::error(pep::Fault::kConfig,
                      "--runtime-environment names an entry of the project's configuration, and "
                      "there is no .thoth.yaml here; write one with `seshat config`");
  }
  const std::string path = target.config.value_or(kConfigurationName);
  auto file = prescriptions::read_configuration_file(path);
  if (!file) return std::move(file).error();
  configured.warnings = file->warnings;
  auto kept = std::make_shared<prescriptions::ConfigurationFile>(*std::move(file));
  auto entry = prescriptions::runtime_environment(*kept, target.runtime_environment);
  if (!entry) return std::move(entry).error();
  target.configuration = kept;
  target.declared = *entry;
  const auto note = [&](const char* name, const std::string& value) {
    configured.settings.push_back({name, value, path});
  };
  note("config", path);
  if (kept->recommendation_type) note("recommendation-type", *kept->recommendation_type);
  if (*entry == nullptr) return configured;
  const prescriptions::RuntimeEnvironment& one = **entry;
  note("runtime-environment", one.name.empty() ? "-" : one.name);
  if (one.recommendation_type) note("recommendation-type", *one.recommendation_type);
  if (target.environment) return configured;  // stands for the entry
  if (one.python_version && target.python.empty() && !target.python_version) {
    target.python = *one.python_version;
    note("python", *one.python_version);
  }
  if (one.base_image) note("base-image", *one.base_image);
  return configured;
}

std::string manifest_directory(const TargetOptions& target) {
  if (target.configuration == nullptr || target.declared == nullptr) return ".";
  const auto& overlays = target.configuration->overlays_dir;
  if (!overlays || target.declared->name.empty()) return ".";
  const fs::path path = fs::path(*overlays) / target.declared->name;
  std::error_code unknown;
  return fs::is_directory(path, unknown) ? path.lexically_normal().string() : std::string(".");
}

pep::Result<Configured> apply_configuration(AdviseOptions& options) {
  auto configured = read_configuration(options.target);
  if (!configured || options.target.configuration == nullptr) return configured;
  const prescriptions::ConfigurationFile& file = *options.target.configuration;
  if (!options.sources.empty() || !options.with.empty()) return configured;
  const std::string directory = manifest_directory(options.target);
  std::string manifest;
  if (file.requirements_format) manifest = manifest_of(*file.requirements_format, directory);
  if (manifest.empty() && directory != ".") {
    auto found = resolver::lock::find_manifest(directory);
    if (!found) return std::move(found).error();
    manifest = *std::move(found);
  }
  if (manifest.empty()) return configured;
  options.sources = {manifest};
  configured->settings.push_back({"SRC", manifest, file.path});
  if (!options.outputs.empty() || !file.requirements_format) return configured;
  if (std::string lock = lock_of(manifest); !lock.empty()) {
    configured->settings.push_back({"output", lock, file.path});
    options.outputs = {std::move(lock)};
  }
  return configured;
}

}  // namespace plugin
