#include "rpmenv/python_places.h"

#include <utility>

namespace rpmenv {
namespace {

constexpr std::size_t kMaxChildren = 512;

// The directory of programs of each directory in `place`.
void add_each(const Root& root, const std::string& place, std::vector<std::string>& places) {
  for (const auto& child : children(root, place)) places.push_back(child + "/bin");
}

}  // namespace

std::string joined(std::string_view directory, std::string_view name) {
  return directory.empty() ? std::string(name) : std::string(directory) + "/" + std::string(name);
}

std::vector<std::string> children(const Root& root, const std::string& directory) {
  std::vector<std::string> found;
  const auto entries = root.list(directory);
  for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
    if (entry.kind != Kind::kDirectory && entry.kind != Kind::kLink) continue;
    found.push_back(joined(directory, entry.name));
    if (found.size() == kMaxChildren) break;
  }
  return found;
}

// Where people put programs, and where they put virtual environments.
std::vector<std::string> program_directories(const Root& root) {
  std::vector<std::string> places = {"usr/local/bin", "usr/bin",        "bin",
                                     "usr/libexec",   "usr/local/sbin", "usr/sbin"};
  for (const auto& child : children(root, "opt")) {
    places.push_back(child + "/bin");
    for (const auto& grandchild : children(root, child)) {
      places.push_back(grandchild + "/bin");
      if (child == "opt/rh") places.push_back(grandchild + "/root/usr/bin");
    }
  }
  // Where version managers and uv put interpreters of their own, and conda its environments.
  std::vector<std::string> homes = {"root"};
  for (auto& home : children(root, "home")) homes.push_back(std::move(home));
  for (const auto& home : homes) {
    for (const char* manager : {"/.pyenv/versions", "/.local/share/uv/python",
                                "/.asdf/installs/python", "/.local/share/mise/installs/python"})
      add_each(root, home + manager, places);
    for (const char* conda :
         {"/miniconda3", "/miniforge3", "/anaconda3", "/micromamba", "/.conda"}) {
      places.push_back(home + conda + "/bin");
      add_each(root, home + conda + "/envs", places);
    }
  }
  for (const char* manager :
       {"opt/pyenv/versions", "usr/local/pyenv/versions", "pyenv/versions", "opt/uv/python",
        "usr/local/share/uv/python", "python", "opt/conda/envs", "opt/miniconda3/envs",
        "opt/miniforge3/envs", "opt/anaconda3/envs", "opt/micromamba/envs"})
    add_each(root, manager, places);
  return places;
}

std::vector<std::string> environment_places(const Root& root) {
  std::vector<std::string> places;
  for (const char* parent :
       {"", "app", "code", "opt", "root", "srv", "usr/local", "usr/src", "venvs", "usr/local/venvs",
        "workspace", "root/.virtualenvs", "root/.local/share/virtualenvs",
        "root/.cache/pypoetry/virtualenvs", "root/.local/pipx/venvs",
        "root/.local/share/pipx/venvs", "opt/pipx/venvs"}) {
    for (auto& child : children(root, parent)) places.push_back(std::move(child));
  }
  for (const char* parent : {"home", "opt", "usr/src", "srv"}) {
    for (const auto& child : children(root, parent)) {
      for (auto& grandchild : children(root, child)) places.push_back(std::move(grandchild));
    }
  }
  for (const auto& home : children(root, "home")) {
    for (const char* parent : {"/.virtualenvs", "/.local/share/virtualenvs"}) {
      for (auto& child : children(root, home + parent)) places.push_back(std::move(child));
    }
  }
  return places;
}

}  // namespace rpmenv
