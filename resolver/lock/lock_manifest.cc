#include "resolver/lock/lock_manifest.h"

#include <algorithm>
#include <filesystem>

#include "resolver/lock/direct_origin.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/source_text.h"

namespace resolver::lock {
namespace {

// By place: what is reached from a package that is asked for. A package of several versions is
// reached in all of them.
class Reach {
 public:
  explicit Reach(const std::vector<Package>& packages)
      : packages_(packages), reached_(packages.size(), false) {}

  bool contains(std::size_t place) const { return reached_[place]; }
  void add(std::size_t first) {
    std::vector<std::size_t> open{first};
    while (!open.empty()) {
      const std::size_t place = open.back();
      open.pop_back();
      if (reached_[place]) continue;
      reached_[place] = true;
      for (const pep::Name& name : packages_[place].dependencies) {
        const auto same = std::ranges::equal_range(packages_, name, {}, &Package::name);
        for (auto each = same.begin(); each != same.end(); ++each)
          open.push_back(static_cast<std::size_t>(each - packages_.begin()));
      }
    }
  }

 private:
  const std::vector<Package>& packages_;  // sorted by name
  std::vector<bool> reached_;
};

// Packages that no other one needs; of a ring that nothing leads to, its first one.
std::vector<bool> roots_of(const std::vector<Package>& packages) {
  std::vector<pep::Name> needed;
  for (const Package& package : packages)
    needed.insert(needed.end(), package.dependencies.begin(), package.dependencies.end());
  std::ranges::sort(needed);
  std::vector<bool> roots(packages.size(), false);
  Reach reach(packages);
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (std::ranges::binary_search(needed, packages[i].name)) continue;
    roots[i] = true;
    reach.add(i);
  }
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (reach.contains(i)) continue;
    roots[i] = true;
    reach.add(i);
  }
  return roots;
}

pep::Result<RootRequirement> pin(const Package& package, const std::string& path) {
  const std::string marker = package.marker.empty() ? "" : " ; " + package.marker;
  std::string extras;
  for (const pep::Name& extra : package.extras)
    extras += (extras.empty() ? "[" : ",") + extra.str();
  if (!extras.empty()) extras += "]";
  const std::string wanted = package.origin ? " @ " + direct_url(*package.origin) + marker
                                            : "==" + package.version.str() + marker;
  auto pinned = pep::Requirement::parse(package.name.str() + extras + wanted);
  if (!pinned) return std::move(pinned).error();
  RootRequirement root;
  root.requirement = std::move(*pinned);
  if (package.origin) {
    static constexpr Origin kOrigins[] = {Origin::kUrl, Origin::kPath, Origin::kVersionControl};
    root.origin = kOrigins[static_cast<std::size_t>(package.origin->kind)];
    root.editable = package.origin->editable;
  }
  root.place = {path, 0, 0};
  root.develop = package.develop;
  for (const Artifact& artifact : package.artifacts) {
    if (artifact.sha256.empty()) continue;
    root.hashes.push_back("sha256:" + artifact.sha256);
    if (!artifact.filename.empty()) root.files.push_back(artifact.filename);
  }
  if (root.files.size() != root.hashes.size()) root.files.clear();
  return root;
}

}  // namespace

pep::Result<Requirements> read_lock_as_manifest(const std::string& path,
                                                const Selection& selection) {
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  auto lock = read_lock(path);
  if (!lock) return std::move(lock).error();
  if (!selection.develop && selection.groups.empty())
    std::erase_if(lock->packages, [](const Package& package) { return package.develop; });
  Requirements found;
  found.files_read.push_back({path, std::move(*text)});
  found.requires_python = lock->requires_python;
  const bool universal = is_universal_lock(path);
  std::vector<bool> roots(lock->packages.size(), true);
  if (universal) roots = roots_of(lock->packages);
  for (std::size_t i = 0; i < lock->packages.size(); ++i) {
    auto root = pin(lock->packages[i], path);
    if (!root) return std::move(root).error();
    root->constraint = !roots[i];
    (roots[i] ? found.requirements : found.constraints).push_back(std::move(*root));
  }
  return found;
}

}  // namespace resolver::lock
