// The way through an image: what runs (Python, libc, libraries), what is installed, who owns it,
// what pip is told.
#include "rpmenv/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "rpmenv/accelerators.h"
#include "rpmenv/distributions.h"
#include "rpmenv/elf.h"
#include "rpmenv/hardware.h"
#include "rpmenv/libc.h"
#include "rpmenv/loader.h"
#include "rpmenv/os_release.h"
#include "rpmenv/owners.h"
#include "rpmenv/packages.h"
#include "rpmenv/pip_configuration.h"
#include "rpmenv/python.h"
#include "rpmenv/target.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxProgram = 512u << 20;

void append(std::vector<std::string>& to, std::vector<std::string> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

const FoundPython* default_python(const PythonScan& scan) {
  for (const auto& found : scan.pythons) {
    if (found.interpreter.is_default) return &found;
  }
  return scan.pythons.empty() ? nullptr : &scan.pythons.front();
}

// RPATH of the interpreters: where they find a libpython of their own.
void add_run_paths(const Root& root, const PythonScan& scan,
                   std::vector<std::string>& directories) {
  for (const auto& found : scan.pythons) {
    for (std::string path : found.run_paths) {
      for (const std::string_view origin : {"${ORIGIN}", "$ORIGIN"}) {
        if (path.starts_with(origin))
          path = std::string(directory_of(found.interpreter.path)) + path.substr(origin.size());
      }
      const auto real = root.real_path(path);
      if (!real || !root.is_directory(*real)) continue;
      if (std::ranges::find(directories, *real) == directories.end()) directories.push_back(*real);
    }
  }
}

// Of an image without Python or libc: what its shell or its first library is made for.
std::string other_architecture(const Root& root, const Facts& facts) {
  for (const char* path : {"usr/bin/sh", "bin/sh", "bin/busybox", "usr/bin/env"}) {
    const auto file = root.read(path, kMaxProgram);
    const auto elf = file ? read_elf((*file)->view()) : file.error();
    if (elf) return elf->machine;
  }
  return facts.libraries.empty() ? std::string() : facts.libraries.front().machine;
}

class Inspection {
 public:
  Inspection(const Root& root, const InspectOptions& options)
      : root_(root), options_(options), owners_(root) {}

  pep::Result<Facts> run() {
    facts_.root = root_.describe();
    if (const auto entries = root_.list(""); !entries) {
      return entries.error();
    } else if (entries->empty()) {
      return pep::error(pep::Fault::kNotFound,
                        fmt::format("the image \"{}\" is empty", facts_.root));
    }
    facts_.os = read_os_release(root_, facts_.warnings);
    append(facts_.warnings, root_.warnings());
    scan_ = find_pythons(root_, search_path());
    append(facts_.warnings, std::move(scan_.warnings));
    read_libraries();
    read_distributions();
    if (options_.packages) read_all_packages();
    settle_libc();
    settle_pythons();
    read_pip();
    if (options_.accelerators) facts_.accelerators = find_accelerators(root_, facts_);
    if (options_.hardware) facts_.hardware = host_hardware();
    std::ranges::sort(facts_.warnings);
    facts_.warnings.erase(std::ranges::unique(facts_.warnings).begin(), facts_.warnings.end());
    return std::move(facts_);
  }

 private:
  // Of the options, else of the image's own configuration.
  std::vector<std::string> search_path() const {
    if (!options_.search_path.empty()) return options_.search_path;
    std::vector<std::string> places;
    for (const std::string_view variable : root_.environment()) {
      if (!variable.starts_with("PATH=")) continue;
      for (auto rest = variable.substr(5); !rest.empty();) {
        const auto end = rest.find(':');
        if (end != 0) places.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      }
    }
    return places;
  }

  void read_libraries() {
    directories_ = loader_directories(root_);
    add_run_paths(root_, scan_, directories_);
    const FoundPython* python = default_python(scan_);
    libc_ = find_libc(root_, directories_, python != nullptr ? python->loader : "",
                      python != nullptr ? python->machine : "");
    facts_.libc = libc_.libc;
    if (options_.libraries) {
      auto scan =
          scan_libraries(root_, directories_, site_packages(), options_.modules, options_.symbols);
      facts_.libraries = std::move(scan.libraries);
      append(facts_.warnings, std::move(scan.warnings));
    }
    facts_.architecture = python != nullptr ? python->machine : "";
    if (facts_.architecture.empty()) facts_.architecture = libc_.machine;
    if (facts_.architecture.empty()) facts_.architecture = other_architecture(root_, facts_);
  }

  std::vector<std::string> site_packages() const {
    std::vector<std::string> places;
    for (const auto& found : scan_.pythons) {
      for (const auto& place : found.interpreter.site_packages) {
        if (std::ranges::find(places, place) == places.end()) places.push_back(place);
      }
    }
    std::ranges::sort(places);
    return places;
  }

  void read_distributions() {
    if (!options_.distributions) return;
    distributions_ = find_distributions(root_, site_packages(), facts_.warnings);
  }

  void read_all_packages() {
    if (options_.owners) want_owners();
    auto packages = read_packages(root_, owners_);
    facts_.databases = std::move(packages.databases);
    facts_.packages = std::move(packages.packages);
    append(facts_.warnings, std::move(packages.warnings));
    if (facts_.databases.empty()) {
      facts_.warnings.emplace_back("the image has no package database");
    }
    for (auto& library : facts_.libraries) {
      library.owner = owners_.of(library.path, library.links);
    }
  }

  void want_owners() {
    for (const auto& library : facts_.libraries) want(library.path, library.links);
    for (const auto& found : scan_.pythons) {
      want(found.interpreter.path, found.interpreter.links);
      if (!found.base.empty()) owners_.want(found.base);
    }
    for (const auto& found : distributions_)
      want(found.record, {std::string(directory_of(found.record))});
    if (!libc_.path.empty())
      want(libc_.path, {std::string(directory_of(libc_.path)) + "/libc.so.6"});
  }

  void want(const std::string& path, const std::vector<std::string>& others) {
    owners_.want(path);
    for (const auto& other : others) owners_.want(other);
  }

  const Package* package(const std::optional<std::string>& owner) {
    if (!owner) return nullptr;
    if (by_owner_.empty()) {
      for (const auto& one : facts_.packages) by_owner_.emplace(one.owner_id(), &one);
    }
    const auto found = by_owner_.find(*owner);
    return found == by_owner_.end() ? nullptr : found->second;
  }

  // Where owners were not asked for: the package of an interpreter by the names that distributions
  // give it.
  const Package* likely_package(const std::string& minor) const {
    for (const auto& name :
         {"python" + minor + "-minimal", "python" + minor, std::string("python3")}) {
      const auto found = std::ranges::lower_bound(facts_.packages, name, {}, &Package::name);
      if (found == facts_.packages.end() || found->name != name) continue;
      if (found->version.starts_with(minor + ".")) return &*found;
    }
    return nullptr;
  }

  // What the library says of itself counts; its package can only confirm it, or stand in for it.
  void settle_libc() {
    if (libc_.path.empty()) return;
    const auto owner =
        owners_.of(libc_.path, {std::string(directory_of(libc_.path)) + "/libc.so.6"});
    const Package* one = package(owner);
    if (one == nullptr || facts_.libc.family != LibcFamily::kGlibc) return;
    const std::string said(leading_version(one->version));
    if (facts_.libc.version.empty()) {
      facts_.libc.version = said;
    } else if (said != facts_.libc.version && !said.starts_with(facts_.libc.version + ".")) {
      facts_.warnings.push_back(fmt::format("{} is glibc {}, but the package that owns it is {}",
                                            libc_.path, facts_.libc.version, *owner));
    }
  }

  void settle_pythons() {
    for (auto& found : scan_.pythons) {
      auto& python = found.interpreter;
      python.owner = owners_.of(python.path, python.links);
      const auto base_owner =
          !python.owner && !found.base.empty() ? owners_.of(found.base) : python.owner;
      const Package* one = package(base_owner);
      if (one == nullptr && !options_.owners) one = likely_package(python.version);
      python.version =
          python_version(root_, found, one != nullptr ? one->version : "", directories_);
      const std::string& machine = found.machine.empty() ? facts_.architecture : found.machine;
      python.platforms = platforms_of(facts_.libc, machine);
      facts_.pythons.push_back(std::move(python));
    }
    if (facts_.pythons.empty()) facts_.warnings.emplace_back("the image has no Python");
    for (auto& found : distributions_) {
      auto& distribution = found.distribution;
      distribution.owner = owners_.of(found.record, {std::string(directory_of(found.record))});
      facts_.distributions.push_back(std::move(distribution));
    }
  }

  void read_pip() {
    const Interpreter* python = nullptr;
    for (const auto& one : facts_.pythons) {
      if (python == nullptr || one.is_default) python = &one;
    }
    facts_.pip = read_pip_configuration(root_, python, facts_.warnings);
    if (python == nullptr || facts_.pip.index_url) return;
    if (auto index = default_index_of_pip(root_, *python)) facts_.pip.default_index_url = *index;
  }

  const Root& root_;
  const InspectOptions& options_;
  Facts facts_;
  PythonScan scan_;
  std::vector<std::string> directories_;
  FoundLibc libc_;
  std::vector<FoundDistribution> distributions_;
  Owners owners_;
  std::unordered_map<std::string, const Package*> by_owner_;
};

}  // namespace

pep::Result<Facts> inspect(const Root& root, const InspectOptions& options) {
  return Inspection(root, options).run();
}

}  // namespace rpmenv
