// Resolves the needs of extension modules as the loader would. Unaware of locks' formats and of
// package repositories.
#include "rpmenv/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "pep/name.h"
#include "pep/version.h"
#include "rpmenv/capabilities.h"
#include "rpmenv/inspect_json.h"
#include "rpmenv/remedy.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxRecord = 64u << 20;

bool lies_in(std::string_view path, std::string_view directory) {
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

// What `import` finds by its name: "m.so", "m.abi3.so", "m.cpython-311-x86_64-linux-gnu.so"; not
// "libqxcb.so".
bool is_extension_module(std::string_view path) {
  const std::string_view name = file_name(path);
  return name.ends_with(".so") && !name.starts_with("lib");
}

class Verifier {
 public:
  Verifier(const Root& root, const Facts& facts, const Interpreter* python)
      : root_(root), facts_(facts) {
    for (const auto& one : facts.pythons) {
      if (python != nullptr && &one != python && one.path != python->path) continue;
      sites_.insert(sites_.end(), one.site_packages.begin(), one.site_packages.end());
    }
    for (const auto& library : facts.libraries) {
      by_path_.emplace(library.path, &library);
      by_name_[file_name(library.path)].push_back(&library);
      for (const auto& link : library.links) {
        by_path_.emplace(link, &library);
        by_name_[file_name(link)].push_back(&library);
      }
    }
  }

  // What is to be installed below `site`, beside what is there already.
  void plan(const std::string& site, const std::vector<WheelLibraries>& wheels) {
    plans_ = true;
    sites_ = {site};
    for (const auto& wheel : wheels) {
      for (const auto& library : wheel.libraries) {
        planned_.push_back(&library);
        owners_[library.path] = wheel.distribution;
        by_path_[library.path] = &library;
        by_name_[file_name(library.path)].push_back(&library);
      }
    }
  }

  // Of what is planned: extension modules, and what they need of it in turn.
  void keep_what_is_imported() {
    std::vector<const Library*> kept;
    std::set<const Library*> seen;
    for (const Library* one : planned_) {
      if (is_extension_module(one->path)) kept.push_back(one);
    }
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const Library& module = *kept[i];
      if (!seen.insert(&module).second) continue;
      for (const auto& [needed, versions] : module.needs) {
        const Library* found = provider(module, sites_.front(), needed);
        if (found != nullptr && owners_.contains(found->path)) kept.push_back(found);
      }
    }
    std::erase_if(planned_, [&](const Library* one) { return !seen.contains(one); });
  }

  void run(Verification& result) {
    std::vector<const Library*> modules = planned_;
    if (!plans_) {
      for (const auto& library : facts_.libraries) modules.push_back(&library);
    }
    for (const Library* module : modules) {
      const auto site = std::ranges::find_if(
          sites_, [&](const std::string& one) { return lies_in(module->path, one); });
      if (site == sites_.end()) continue;
      ++result.modules;
      for (const auto& [library, versions] : module->needs)
        check(*module, *site, library, versions, result);
    }
    std::ranges::sort(result.missing, [](const MissingLibrary& a, const MissingLibrary& b) {
      return std::tie(a.module, a.library, a.version) < std::tie(b.module, b.library, b.version);
    });
  }

 private:
  static bool is_loadable(const Library& candidate, const Library& module) {
    return candidate.machine == module.machine && candidate.bits == module.bits;
  }

  // In the order of the loader: the module's own run path, then the loader's directories. A library
  // elsewhere in the same directory of packages counts too: packages load such ones by their path
  // before the module needs them.
  const Library* provider(const Library& module, const std::string& site,
                          const std::string& name) const {
    if (name.find('/') != std::string::npos) {
      const auto found = by_path_.find(name.starts_with('/') ? name.substr(1) : name);
      return found == by_path_.end() ? nullptr : found->second;
    }
    for (std::string directory : module.run_paths) {
      for (const std::string_view origin : {"${ORIGIN}", "$ORIGIN"}) {
        if (directory.starts_with(origin))
          directory =
              "/" + std::string(directory_of(module.path)) + directory.substr(origin.size());
      }
      const auto found = by_path_.find(real_or_planned(directory) + "/" + name);
      if (found != by_path_.end() && is_loadable(*found->second, module)) return found->second;
    }
    const auto named = by_name_.find(name);
    if (named == by_name_.end()) return nullptr;
    const Library* bundled = nullptr;
    for (const Library* candidate : named->second) {
      if (!is_loadable(*candidate, module)) continue;
      if (candidate->in_loader_path) return candidate;
      if (lies_in(candidate->path, site)) bundled = candidate;
    }
    return bundled;
  }

  void check(const Library& module, const std::string& site, const std::string& name,
             const std::vector<std::string>& versions, Verification& result) {
    const Library* found = provider(module, site, name);
    MissingLibrary missing{.distribution = {},
                           .module = module.path,
                           .library = name,
                           .version = {},
                           .capability = library_capability(name, "", module.bits),
                           .remedy = {},
                           .provider = {}};
    if (found == nullptr) {
      missing.distribution = distribution_of(module.path, site);
      missing.remedy = installation_line(root_, name, missing.capability);
      result.missing.push_back(std::move(missing));
      return;
    }
    // Of a library without versions the loader takes any symbol.
    if (found->defines.empty()) return;
    if (const auto owner = owners_.find(found->path); owner != owners_.end())
      missing.provider = owner->second;
    for (const auto& version : versions) {
      if (std::ranges::binary_search(found->defines, version)) continue;
      missing.version = version;
      missing.capability = library_capability(name, version, module.bits);
      missing.distribution = distribution_of(module.path, site);
      missing.remedy = fmt::format("take a version of it that was built for an older system; {}",
                                   instead_of(facts_, missing.capability));
      result.missing.push_back(missing);
    }
  }

  // A directory that is yet to be made has no links in it.
  std::string real_or_planned(const std::string& directory) const {
    if (auto real = root_.real_path(directory)) return *std::move(real);
    const std::string plain = std::filesystem::path("/" + directory).lexically_normal().string();
    return plain.substr(std::min(plain.find_first_not_of('/'), plain.size()));
  }

  // The distribution whose RECORD names the module.
  std::string distribution_of(const std::string& path, const std::string& site) {
    if (const auto planned = owners_.find(path); planned != owners_.end()) return planned->second;
    const auto relative = std::string_view(path).substr(site.size() + 1);
    const auto [known, fresh] = records_.try_emplace(site);
    if (fresh) {
      const auto entries = root_.list(site);
      for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
        if (entry.name.ends_with(".dist-info")) read_record(site, entry.name, known->second);
      }
    }
    const auto owner = known->second.find(relative);
    return owner == known->second.end() ? std::string() : owner->second;
  }

  // Only modules and libraries are remembered.
  void read_record(const std::string& site, const std::string& directory,
                   std::map<std::string, std::string, std::less<>>& owners) const {
    const auto record = root_.read(site + "/" + directory + "/RECORD", kMaxRecord);
    if (!record) return;
    const std::string name = directory.substr(0, directory.find('-'));
    std::string_view rest = (*record)->view(), line;
    while (next_line(rest, line)) {
      auto file = line.starts_with('"') ? line.substr(1, line.find('"', 1) - 1)
                                        : line.substr(0, line.find(','));
      if (file.find(".so") != std::string_view::npos) owners.emplace(std::string(file), name);
    }
  }

  const Root& root_;
  const Facts& facts_;
  std::vector<std::string> sites_;
  bool plans_ = false;
  std::vector<const Library*> planned_;
  std::unordered_map<std::string, std::string> owners_;  // of planned libraries
  std::unordered_map<std::string, const Library*> by_path_;
  std::map<std::string_view, std::vector<const Library*>, std::less<>> by_name_;
  std::map<std::string, std::map<std::string, std::string, std::less<>>> records_;
};

bool same_version(const std::string& a, const std::string& b) {
  const auto first = pep::Version::parse(a), second = pep::Version::parse(b);
  return first && second ? *first == *second : a == b;
}

void compare(const Facts& facts, const Interpreter* python,
             std::span<const std::pair<std::string, std::string>> locked, Verification& result) {
  std::map<std::string, std::string> installed;
  for (const auto& one : facts.distributions) {
    if (python != nullptr &&
        std::ranges::find(python->site_packages, one.location) == python->site_packages.end())
      continue;
    // The first of its directories wins, as on sys.path.
    installed.emplace(pep::Name::of(one.name).str(), one.version);
  }
  for (const auto& [name, version] : locked) {
    const auto found = installed.find(pep::Name::of(name).str());
    if (found == installed.end()) {
      result.mismatched.push_back({name, version, {}});
    } else if (!version.empty() && !same_version(found->second, version)) {
      result.mismatched.push_back({name, version, found->second});
    }
  }
  std::ranges::sort(result.mismatched, {}, &Mismatch::name);
}

std::string healing_json(const Healing& healing) {
  const auto& packages = healing.packages;
  return fmt::format(
      "{{\"line\": {}, \"packages\": {}, \"pulls\": {}, \"unprovided\": {}, \"problem\": {}}}",
      healing.line.empty() ? "null" : json_text(healing.line), json_list(packages.wanted),
      json_list(packages.pulled), json_list(packages.unprovided), json_text(packages.problem));
}

}  // namespace

Verification verify(const Root& root, const Facts& facts, const Interpreter* python,
                    std::span<const std::pair<std::string, std::string>> locked) {
  Verification result;
  Verifier(root, facts, python).run(result);
  compare(facts, python, locked, result);
  return result;
}

std::string site_of(const Facts& facts, const Interpreter* python) {
  for (const auto& one : facts.pythons) {
    if (python == nullptr && one.is_default) python = &one;
  }
  if (python == nullptr && !facts.pythons.empty()) python = &facts.pythons.front();
  return python == nullptr || python->site_packages.empty() ? "site-packages"
                                                            : python->site_packages.front();
}

Verification verify_wheels(const Root& root, const Facts& facts, const Interpreter* python,
                           const std::vector<WheelLibraries>& wheels, WheelScope scope) {
  Verification result;
  Verifier verifier(root, facts, python);
  verifier.plan(site_of(facts, python), wheels);
  if (scope == WheelScope::kImported) verifier.keep_what_is_imported();
  verifier.run(result);
  return result;
}

pep::Status find_healing(const Root& root, const Facts& facts,
                         std::span<const std::string> repositories, Verification& verification) {
  std::set<std::string> capabilities;
  for (const auto& one : verification.missing) {
    if (!one.version) capabilities.insert(one.capability);
  }
  if (repositories.empty() || capabilities.empty()) return pep::Done{};
  const std::vector<std::string> all(capabilities.begin(), capabilities.end());
  auto found = installation_of(root, facts, repositories, all);
  if (!found) return std::move(found).error();
  Healing healing{.line = {}, .packages = *std::move(found)};
  const std::string installer = rpm_installer(root);
  if (!healing.packages.wanted.empty()) {
    healing.line = installer.empty() ? "rpm -i" : installer;
    for (const std::string& name : healing.packages.wanted) healing.line += " " + name;
  }
  verification.healing = std::move(healing);
  return pep::Done{};
}

std::string verification_json(const Verification& verification) {
  const auto optional = [](const std::optional<std::string>& text) {
    return text ? json_text(*text) : std::string("null");
  };
  std::string text = fmt::format(
      "{{\n  \"schema\": \"seshat.verify/1\",\n  \"ok\": {},\n  \"missing\": [", verification.ok());
  const char* separator = "\n";
  for (const auto& one : verification.missing) {
    text += fmt::format(
        "{}    {{\"distribution\": {}, \"module\": {}, \"library\": {}, \"version\": {}, "
        "\"capability\": {}, \"remedy\": {}}}",
        separator, one.distribution.empty() ? "null" : json_text(one.distribution),
        json_text(one.module), json_text(one.library), optional(one.version),
        json_text(one.capability), json_text(one.remedy));
    separator = ",\n";
  }
  text += verification.missing.empty() ? "],\n  \"mismatched\": [" : "\n  ],\n  \"mismatched\": [";
  separator = "\n";
  for (const auto& one : verification.mismatched) {
    text += fmt::format("{}    {{\"name\": {}, \"locked\": {}, \"installed\": {}}}", separator,
                        json_text(one.name), json_text(one.locked), optional(one.installed));
    separator = ",\n";
  }
  text += verification.mismatched.empty() ? "]" : "\n  ]";
  if (verification.healing) text += ",\n  \"healing\": " + healing_json(*verification.healing);
  if (!verification.notes.empty()) text += ",\n  \"notes\": " + json_list(verification.notes);
  return text + "\n}\n";
}

}  // namespace rpmenv
