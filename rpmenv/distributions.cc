// Reads the names and versions of installed distributions. Unaware of interpreters and of package
// databases.
#include "rpmenv/distributions.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxMetadata = 64u << 20, kMaxInstaller = 4096;

// Name and Version of a METADATA file; its body, after the first empty line, is prose.
void read_fields(std::string_view text, Distribution& distribution) {
  std::string_view line;
  while (next_line(text, line) && !trimmed(line).empty()) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto key = line.substr(0, colon);
    if (key == "Name") distribution.name = trimmed(line.substr(colon + 1));
    if (key == "Version") distribution.version = trimmed(line.substr(colon + 1));
    if (!distribution.name.empty() && !distribution.version.empty()) return;
  }
}

// "pip-9.0.3" of pip-9.0.3.dist-info, "six-1.16.0" of six-1.16.0-py3.11.egg-info.
void read_directory_name(std::string_view name, Distribution& distribution) {
  name = name.substr(0, name.rfind('.'));
  const auto first = name.find('-');
  distribution.name = name.substr(0, first);
  if (first == std::string_view::npos) return;
  name.remove_prefix(first + 1);
  distribution.version = name.substr(0, name.find('-'));
}

}  // namespace

std::vector<FoundDistribution> find_distributions(const Root& root,
                                                  const std::vector<std::string>& directories,
                                                  std::vector<std::string>& warnings) {
  std::vector<FoundDistribution> found;
  for (const auto& directory : directories) {
    const auto entries = root.list(directory);
    if (!entries) {
      if (entries.error().fault != pep::Fault::kNotFound) warnings.push_back(entries.error().what);
      continue;
    }
    for (const auto& entry : *entries) {
      const bool wheel = entry.name.ends_with(".dist-info"),
                 egg_info = entry.name.ends_with(".egg-info");
      const bool egg = entry.name.ends_with(".egg") && entry.kind == Kind::kDirectory;
      // What begins with "~" is what an interrupted pip left behind.
      if ((!wheel && !egg_info && !egg) || entry.name.starts_with('~')) continue;
      FoundDistribution one;
      const std::string base = directory + "/" + entry.name;
      one.record = base + (wheel                       ? "/METADATA"
                           : egg                       ? "/EGG-INFO/PKG-INFO"
                           : entry.kind == Kind::kFile ? ""
                                                       : "/PKG-INFO");
      one.distribution.location = directory;
      const auto metadata = root.read(one.record, kMaxMetadata);
      if (metadata) {
        read_fields((*metadata)->view(), one.distribution);
      } else if (metadata.error().fault == pep::Fault::kNotFound) {
        continue;  // remains of an uninstallation
      } else {
        warnings.push_back(metadata.error().what);
      }
      if (one.distribution.name.empty() || one.distribution.version.empty())
        read_directory_name(entry.name, one.distribution);
      if (wheel) {
        if (const auto installer = root.read(base + "/INSTALLER", kMaxInstaller)) {
          one.distribution.installer = trimmed((*installer)->view());
        }
      }
      found.push_back(std::move(one));
    }
  }
  std::ranges::sort(found, [](const FoundDistribution& a, const FoundDistribution& b) {
    return std::tie(a.distribution.name, a.distribution.version, a.distribution.location) <
           std::tie(b.distribution.name, b.distribution.version, b.distribution.location);
  });
  return found;
}

}  // namespace rpmenv
