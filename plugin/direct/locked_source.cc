#include "plugin/direct/locked_source.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "plugin/direct/git.h"
#include "plugin/direct/process.h"
#include "resolver/index/url.h"
#include "resolver/lock/url.h"

namespace plugin::direct {
namespace {

namespace fs = std::filesystem;
namespace index = resolver::index;
namespace lock = resolver::lock;
using Kind = lock::DirectOrigin::Kind;

// The name of a repository's clone in a wheelhouse.
std::string clone_name(const lock::Package& package) {
  return package.name.str() + "-" + package.origin->commit.substr(0, 12);
}

std::string absolute(const std::string& place, const fs::path& directory) {
  if (place.empty() || lock::is_url(place) || place.starts_with('/')) return place;
  return (directory / place).lexically_normal().string();
}

}  // namespace

void find_from(lock::Lock& lock, const std::string& lock_path) {
  std::error_code unknown;
  const fs::path directory = fs::absolute(lock_path, unknown).parent_path();
  for (lock::Package& package : lock.packages) {
    for (lock::Artifact& artifact : package.artifacts)
      artifact.url = absolute(artifact.url, directory);
    if (!package.origin) continue;
    std::string& url = package.origin->url;
    url = absolute(url, directory);
    while (url.size() > 1 && url.ends_with('/')) url.pop_back();
    // "file://../x" is how a relative path of a repository was read.
    if (package.origin->kind == Kind::kRepository && url.starts_with("file://") && url[7] != '/')
      url = index::file_url(absolute(url.substr(7), directory));
  }
}

void find_in(lock::Lock& lock, const std::vector<std::string>& wheelhouses) {
  std::error_code unknown;
  for (lock::Package& package : lock.packages) {
    if (!package.origin || package.origin->kind == Kind::kDirectory) continue;
    const bool archive = package.origin->kind == Kind::kArchive;
    const std::string leaf =
        archive ? lock::url_filename(package.origin->url) : clone_name(package);
    for (const std::string& wheelhouse : wheelhouses) {
      if (lock::is_url(wheelhouse)) continue;
      const fs::path there = fs::absolute(wheelhouse, unknown) / leaf;
      if (leaf.empty() || !fs::exists(there, unknown)) continue;
      package.origin->url = archive ? there.string() : index::file_url(there.string());
      break;
    }
  }
}

bool is_tree(const lock::Package& package) {
  return package.origin && package.origin->kind != Kind::kArchive;
}

lock::Lock take_trees(lock::Lock& lock) {
  lock::Lock trees;
  for (lock::Package& package : lock.packages) {
    if (is_tree(package)) trees.packages.push_back(package);
  }
  std::erase_if(lock.packages, is_tree);
  return trees;
}

pep::Status fetch_tree(const index::ClientOptions& options, const lock::Package& package,
                       const std::string& wheelhouse) {
  if (package.origin->kind == Kind::kDirectory) {
    std::error_code unknown;
    if (fs::is_directory(package.origin->url, unknown)) return pep::Done{};
    return pep::error(pep::Fault::kConfig,
                      fmt::format("the directory {} that {} is installed from is not there",
                                  package.origin->url, package.name.str()));
  }
  std::error_code failed;
  const fs::path place = fs::absolute(wheelhouse, failed) / clone_name(package);
  auto scratch = Scratch::make();
  if (!scratch) return std::move(scratch).error();
  Git git(options, *scratch, package.origin->url);
  const bool there = fs::exists(fs::symlink_status(place, failed));
  if (there && git.holds(package.origin->commit, place.string())) return pep::Done{};
  if (options.offline && !package.origin->url.starts_with("file:")) {
    return pep::error(
        pep::Fault::kUnreachable,
        there ? fmt::format("{} is not what is locked, and {} cannot be cloned anew: --offline "
                            "forbids it",
                            place.string(), package.origin->url)
              : fmt::format("{} cannot be cloned: --offline forbids it", package.origin->url));
  }
  const fs::path unfinished = place.string() + fmt::format(".{}", ::getpid());
  if (auto cloned = git.clone(package.origin->commit, unfinished.string()); !cloned) {
    fs::remove_all(unfinished, failed);
    return cloned;
  }
  const fs::path replaced = unfinished.string() + ".replaced";
  if (there) fs::rename(place, replaced, failed);
  fs::rename(unfinished, place, failed);
  std::error_code ignored;
  fs::remove_all(replaced, ignored);
  if (!failed) return pep::Done{};
  fs::remove_all(unfinished, failed);
  return pep::error(pep::Fault::kIo, fmt::format("{} cannot be written", place.string()));
}

}  // namespace plugin::direct
