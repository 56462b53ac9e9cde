// Writes a lock as a requirements file with hashes, in the layout that pip-compile made familiar.
#include <algorithm>
#include <set>
#include <vector>

#include "resolver/lock/direct_origin.h"
#include "resolver/lock/lock.h"
#include "resolver/lock/url.h"

namespace resolver::lock {
namespace {

// Comments hold what users named (files); a line break in a name must not become a line of the
// lock.
void append_comment(std::string& out, std::string_view text) {
  for (const char c : text)
    out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c);
  out.push_back('\n');
}

void append_via(std::string& out, const std::vector<std::string>& required_by) {
  if (required_by.empty()) return;
  if (required_by.size() == 1) {
    out += "    # via ";
    append_comment(out, required_by[0]);
    return;
  }
  out += "    # via\n";
  for (const std::string& by : required_by) {
    out += "    #   ";
    append_comment(out, by);
  }
}

void append_package(std::string& out, const Package& package, bool name_index) {
  out += package.origin ? direct_requirement(package)
                        : package.name.str() + "==" + package.version.str();
  if (!package.marker.empty()) out += " ; " + package.marker;
  std::vector<std::string_view> hashes;
  for (const Artifact& artifact : package.artifacts) {
    if (!artifact.sha256.empty()) hashes.push_back(artifact.sha256);
  }
  std::ranges::sort(hashes);
  const auto repeated = std::ranges::unique(hashes);
  hashes.erase(repeated.begin(), repeated.end());
  for (const std::string_view hash : hashes) {
    out += " \\\n    --hash=sha256:";
    out += hash;
  }
  out.push_back('\n');
  append_via(out, package.required_by);
  if (name_index && !package.index.empty()) {
    out += "    # from ";
    append_comment(out, without_credentials(package.index));
  }
}

}  // namespace

std::string write_requirements(const Lock& lock) {
  std::set<std::string_view> indexes;
  for (const Package& package : lock.packages) {
    if (!package.origin) indexes.insert(package.index);
  }
  const bool trees = std::ranges::any_of(lock.packages, [](const Package& package) {
    return package.origin && package.origin->kind != DirectOrigin::Kind::kArchive;
  });
  if (trees) {
    // pip can hold no directory and no repository against a hash, and then refuses the whole file.
    std::string out =
        "# Locked by seshat. Install it with: seshat install FILE, or pip install --no-deps -r "
        "FILE\n";
    for (const Package& package : lock.packages) append_package(out, package, indexes.size() > 1);
    return out;
  }
  std::string out =
      "# Locked by seshat. Install it with: pip install --require-hashes --no-deps -r FILE\n";
  for (const Package& package : lock.packages) append_package(out, package, indexes.size() > 1);
  return out;
}

}  // namespace resolver::lock
