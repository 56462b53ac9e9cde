// Checks that every lock's reader makes; see lock_entry.h.
#include "resolver/lock/lock_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "pep/marker.h"

namespace resolver::lock {

pep::Result<Package> package_of(const SourceText& source, const Value& entry, std::string_view name,
                                std::string_view version) {
  Package package;
  auto parsed_name = pep::Name::parse(name);
  if (!parsed_name) return error_at(source, entry, fmt::format("\"{}\" is no project name", name));
  package.name = std::move(*parsed_name);
  if (version.empty()) {
    return error_at(
        source, entry,
        fmt::format("{} has no version: only wheels and sdists of an index are supported yet",
                    package.name.str()));
  }
  if (version.starts_with("===")) version.remove_prefix(3);
  if (version.starts_with("==")) version.remove_prefix(2);
  auto parsed_version = pep::Version::parse(version);
  if (!parsed_version) {
    return error_at(source, entry,
                    fmt::format("{}: \"{}\" is no version", package.name.str(), version));
  }
  package.version = std::move(*parsed_version);
  return package;
}

std::string checked_sha256(std::string_view hex) {
  std::string lower(hex);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
  });
  const bool valid =
      lower.size() == 64 && lower.find_first_not_of("0123456789abcdef") == std::string::npos;
  return valid ? lower : std::string();
}

pep::Status set_hash(const SourceText& source, const Value& entry, std::string_view hash,
                     Artifact& artifact) {
  const std::size_t colon = hash.find(':');
  if (colon == std::string_view::npos)
    return error_at(source, entry, fmt::format("\"{}\" is no hash", hash));
  if (hash.substr(0, colon) != "sha256") return pep::Done{};
  artifact.sha256 = checked_sha256(hash.substr(colon + 1));
  if (!artifact.sha256.empty()) return pep::Done{};
  return error_at(source, entry, "a sha256 hash has 64 hexadecimal digits");
}

pep::Status set_marker(const SourceText& source, const Value& entry, std::string_view marker,
                       Package& package) {
  if (marker.empty()) return pep::Done{};
  if (!pep::Marker::parse(marker)) {
    return error_at(source, entry,
                    fmt::format("{}: \"{}\" is no marker", package.name.str(), marker));
  }
  package.marker = std::string(marker);
  return pep::Done{};
}

void sort_packages(Lock& lock) {
  std::ranges::stable_sort(lock.packages, [](const Package& a, const Package& b) {
    return std::tie(a.name, a.version) < std::tie(b.name, b.version);
  });
}

}  // namespace resolver::lock
