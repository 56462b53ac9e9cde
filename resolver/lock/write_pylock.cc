// Writes a lock as pylock.toml (PEP 751): for one target, without time stamps, so that the same
// lock gives the same bytes.
#include <algorithm>
#include <filesystem>

#include "resolver/lock/direct_origin.h"
#include "resolver/lock/lock.h"
#include "resolver/lock/toml_text.h"
#include "resolver/lock/url.h"

namespace resolver::lock {
namespace {

void append_entry(std::string& out, std::string_view key, std::string_view value) {
  out += key;
  out += " = ";
  append_toml_string(out, value);
  out.push_back('\n');
}

// "file:///…", whose path is one of this machine.
bool is_file_url(std::string_view url) { return url.starts_with("file:///"); }

bool is_web(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

// A file:// URL, or a path, as a path that is right beside the lock.
std::string local_path(std::string_view url, std::string_view directory) {
  namespace fs = std::filesystem;
  std::string path(url);
  if (url.starts_with("file://")) {
    url.remove_prefix(7);
    path = percent_decoded(url.substr(0, url.find('#')));
  }
  if (directory.empty() || !path.starts_with('/')) return path;
  const fs::path relative = fs::path(path).lexically_relative(directory);
  return relative.empty() ? path : relative.generic_string();
}

void append_artifact(std::string& out, const Artifact& artifact, std::string_view directory) {
  append_entry(out, "name", artifact.filename);
  if (artifact.upload_time != 0) {
    out += "upload-time = ";
    append_utc(out, artifact.upload_time);
    out.push_back('\n');
  }
  if (is_url(artifact.url) && !is_file_url(artifact.url)) {
    append_entry(out, "url",
                 has_credentials(artifact.url) ? without_credentials(artifact.url) : artifact.url);
  } else {
    append_entry(out, "path",
                 local_path(artifact.url.empty() ? artifact.filename : artifact.url, directory));
  }
  if (artifact.size != 0) out += "size = " + std::to_string(artifact.size) + "\n";
  out += "hashes = { sha256 = ";
  append_toml_string(out, artifact.sha256);
  out += " }\n";
}

void append_package(std::string& out, const Package& package, std::string_view directory) {
  out += "\n[[packages]]\n";
  append_entry(out, "name", package.name.str());
  // A source tree may say another version tomorrow (PEP 751); an archive cannot.
  const bool archive = !package.origin || package.origin->kind == DirectOrigin::Kind::kArchive;
  if (archive && package.has_version) append_entry(out, "version", package.version.str());
  if (!package.marker.empty()) append_entry(out, "marker", package.marker);
  if (!package.requires_python.empty())
    append_entry(out, "requires-python", package.requires_python);
  if (!package.dependencies.empty()) {
    out += "dependencies = [\n";
    for (const pep::Name& dependency : package.dependencies)
      out += "    { name = \"" + dependency.str() + "\" },\n";
    out += "]\n";
  }
  if (is_web(package.index)) append_entry(out, "index", without_credentials(package.index));
  if (package.origin) return append_origin(out, package, directory);
  // Only one sdist can be said; the best one is the first.
  const auto sdist = std::ranges::find(package.artifacts, false, &Artifact::wheel);
  if (sdist != package.artifacts.end()) {
    out += "\n[packages.sdist]\n";
    append_artifact(out, *sdist, directory);
  }
  for (const Artifact& artifact : package.artifacts) {
    if (!artifact.wheel) continue;
    out += "\n[[packages.wheels]]\n";
    append_artifact(out, artifact, directory);
  }
}

// About what the text will take, so that it is never moved while it grows.
std::size_t expected_size(const Lock& lock) {
  std::size_t size = 1024;
  for (const Package& package : lock.packages) {
    size += 256 + package.dependencies.size() * 48;
    for (const Artifact& artifact : package.artifacts)
      size += 224 + artifact.filename.size() + artifact.url.size();
  }
  return size;
}

}  // namespace

std::string write_pylock(const Lock& lock, std::string_view directory) {
  std::string out;
  out.reserve(expected_size(lock));
  out += "lock-version = \"1.0\"\n";
  if (!lock.environments.empty()) {
    out += "environments = [\n";
    for (const std::string& marker : lock.environments) {
      out += "    ";
      append_toml_string(out, marker);
      out += ",\n";
    }
    out += "]\n";
  }
  if (!lock.requires_python.empty()) append_entry(out, "requires-python", lock.requires_python);
  append_entry(out, "created-by", "seshat");
  if (lock.packages.empty()) out += "packages = []\n";
  for (const Package& package : lock.packages) append_package(out, package, directory);
  return out;
}

}  // namespace resolver::lock
