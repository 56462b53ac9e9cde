// Finds interpreters and virtual environments by the names and bytes of files. Nothing is run.
#include "rpmenv/python.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "rpmenv/elf.h"
#include "rpmenv/python_places.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxProgram = 512u << 20, kMaxText = 1 << 20;

// "python3.6m" -> {"3.6", "m"}; "python3" -> {"3", ""}; nullopt for python3-config,
// python3.11-gdb.py …
struct ProgramName {
  std::string version, flags;
  bool pypy = false;
};
std::optional<ProgramName> program_name(std::string_view name) {
  if (name.starts_with("platform-")) name.remove_prefix(9);
  const bool pypy = name.starts_with("pypy");
  if (!pypy && !name.starts_with("python")) return std::nullopt;
  name.remove_prefix(pypy ? 4 : 6);
  const auto version = leading_version(name);
  const auto flags = name.substr(version.size());
  if (flags.find_first_not_of("dmut") != std::string_view::npos ||
      (version.empty() && !flags.empty()))
    return std::nullopt;
  if (!version.empty() && version.front() == '.') return std::nullopt;
  return ProgramName{std::string(version), std::string(flags), pypy};
}

std::string prefix_of(std::string_view program) {
  return std::string(directory_of(directory_of(program)));
}

// X.Y of the only python directory below prefix/lib, for a program whose name does not say.
std::string version_from_library(const Root& root, const std::string& prefix, bool pypy) {
  std::string version;
  for (const char* library : {"lib", "lib64"}) {
    for (const auto& child : children(root, joined(prefix, library))) {
      const auto name = program_name(file_name(child));
      if (!name || name->pypy != pypy || name->version.find('.') == std::string::npos) continue;
      if (!version.empty() && version != name->version) return {};
      version = name->version;
    }
  }
  return version;
}

// Names say the ABI's letters; before 3.8 "m" was the ordinary build, before 3 "mu" (PEP 3149).
std::string abi_of(std::string_view version, std::string flags) {
  const auto dot = version.find('.');
  if (dot == std::string_view::npos) return {};
  const auto major = version.substr(0, dot), rest = version.substr(dot + 1);
  const auto minor = whole_number(rest.substr(0, rest.find('.')));
  if (!minor) return {};
  if (flags.empty() && major == "2") flags = "mu";
  if (major == "3" && *minor < 8 && flags.find('m') == std::string::npos) flags += "m";
  return fmt::format("cp{}{}{}", major, *minor, flags);
}

// "pypy310_pp73": of PyPy's own version, which is in a name of its library or nowhere; 7.3 since
// 2019.
std::string pypy_abi(std::string_view version) {
  std::string numbers(version);
  std::erase(numbers, '.');
  return numbers.empty() ? std::string() : "pypy" + numbers + "_pp73";
}

// Every directory of packages that this interpreter searches and that exists, as real paths.
void add_site_packages(const Root& root, Interpreter& python, const std::string& version,
                       std::string_view flags, bool system) {
  const bool pypy = python.implementation == "pypy";
  const std::string own =
      (pypy ? "pypy" : "python") + version + (flags.find('t') != std::string_view::npos ? "t" : "");
  std::vector<std::string> places;
  if (system && (python.prefix == "usr" || python.prefix.empty())) {
    for (const char* library : {"usr/local/lib/", "usr/local/lib64/"}) {
      places.push_back(library + own + "/site-packages");
      places.push_back(library + own + "/dist-packages");
    }
  }
  for (const char* library : {"lib", "lib64"}) {
    const std::string base = joined(python.prefix, library) + "/";
    places.push_back(base + own + "/site-packages");
    places.push_back(base + own + "/dist-packages");
    if (system && version.starts_with('3'))
      places.push_back(base + (pypy ? "pypy3" : "python3") + "/dist-packages");
  }
  for (const auto& place : places) {
    auto real = root.real_path(place);
    if (!real || !root.is_directory(*real)) continue;
    if (std::ranges::find(python.site_packages, *real) == python.site_packages.end()) {
      python.site_packages.push_back(std::move(*real));
    }
  }
}

class Search {
 public:
  Search(const Root& root, PythonScan& scan) : root_(root), scan_(scan) {}

  void add_directory(const std::string& place) {
    const auto directory = root_.real_path(place);
    if (!directory || !seen_.emplace(*directory, 0).second) return;
    if (root_.is_file(joined(directory_of(*directory), "pyvenv.cfg"))) {
      environments_.push_back(std::string(directory_of(*directory)));
      return;
    }
    const auto entries = root_.list(*directory);
    for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
      if (!program_name(entry.name)) continue;
      std::string path = joined(*directory, entry.name);
      if (entry.kind == Kind::kFile) {
        names_[path];
      } else if (entry.kind == Kind::kLink) {
        const auto real = root_.real_path(path);
        if (real && *real != path) names_[*real].push_back(std::move(path));
      }
    }
  }

  void add_environment(const std::string& place) {
    if (!root_.is_file(joined(place, "pyvenv.cfg"))) return;
    auto real = root_.real_path(place);
    if (real && std::ranges::find(environments_, *real) == environments_.end())
      environments_.push_back(std::move(*real));
  }

  void read_programs() {
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> seen;
    for (auto& [path, links] : names_) {
      const auto file = root_.read(path, kMaxProgram);
      if (!file) {
        if (file.error().fault != pep::Fault::kNotFound)
          scan_.warnings.push_back(file.error().what);
        continue;
      }
      if (!is_elf((*file)->view())) continue;  // a wrapper script
      const auto [known, fresh] =
          seen.try_emplace({(*file)->stat().device, (*file)->stat().inode}, scan_.pythons.size());
      if (!fresh) {
        auto& other = scan_.pythons[known->second].interpreter.links;
        other.push_back(path);
        other.insert(other.end(), links.begin(), links.end());
        continue;
      }
      FoundPython found;
      found.interpreter.path = path;
      found.interpreter.links = links;
      read_program((*file)->view(), path, found);
      scan_.pythons.push_back(std::move(found));
    }
    for (auto& found : scan_.pythons) name_program(found);
    std::erase_if(scan_.pythons,
                  [](const FoundPython& found) { return found.interpreter.version.empty(); });
  }

  void read_environments() {
    for (const auto& place : environments_) read_environment(place);
  }

 private:
  void read_program(std::string_view bytes, const std::string& path, FoundPython& found) {
    const auto elf = read_elf(bytes);
    if (!elf) {
      scan_.warnings.push_back(fmt::format("{}: {}", path, elf.error().what));
      return;
    }
    found.loader = elf->interpreter;
    found.machine = elf->machine;
    found.run_paths = elf->run_paths;
    for (const auto& [library, versions] : elf->needs) {
      if (library.starts_with("libpython") && library != "libpython3.so") found.library = library;
      if (library.starts_with("libpypy")) found.library = library;  // "libpypy3.10-c.so"
    }
  }

  // X.Y and the ABI from the names of the program, its links and its library.
  void name_program(FoundPython& found) {
    auto& python = found.interpreter;
    std::ranges::sort(python.links);
    python.prefix = prefix_of(python.path);
    std::vector<std::string> names = {std::string(file_name(python.path))};
    for (const auto& link : python.links) names.emplace_back(file_name(link));
    if (!found.library.empty())
      names.push_back(found.library.substr(
          3, std::min(found.library.find(".so"), found.library.find("-c.so")) - 3));
    std::string version, flags;
    bool pypy = false;
    for (const auto& text : names) {
      const auto name = program_name(text);
      pypy |= name && name->pypy;
      if (!name || name->version.find('.') == std::string::npos) continue;
      if (version.empty()) version = name->version;
      if (version == name->version && flags.empty()) flags = name->flags;
    }
    if (version.empty()) version = version_from_library(root_, python.prefix, pypy);
    if (pypy) python.implementation = "pypy";
    python.version = version;
    python.abi = pypy ? pypy_abi(version) : abi_of(version, flags);
    if (version.empty()) return;
    for (const char* library : {"lib", "lib64"}) {
      const std::string standard = joined(python.prefix, library) + "/python" + version;
      python.externally_managed =
          python.externally_managed || root_.is_file(standard + "/EXTERNALLY-MANAGED");
    }
    add_site_packages(root_, python, version, flags, true);
  }

  void read_environment(const std::string& place) {
    const auto file = root_.read(joined(place, "pyvenv.cfg"), kMaxText);
    if (!file) return;
    FoundPython found;
    bool system = false;
    std::string_view rest = (*file)->view(), line;
    while (next_line(rest, line)) {
      const auto equals = line.find('=');
      if (equals == std::string_view::npos) continue;
      const auto key = trimmed(line.substr(0, equals)), value = trimmed(line.substr(equals + 1));
      if (key == "version" || key == "version_info")
        found.declared_version = leading_python_version(value);
      if (key == "include-system-site-packages") system = value == "true" || value == "True";
    }
    auto& python = found.interpreter;
    python.prefix = place;
    const std::string own = "bin/python" + minor_of(found.declared_version);
    for (const std::string& name : {std::string("bin/python3"), std::string("bin/python"), own}) {
      const auto path = joined(place, name);
      if (!root_.is_file(path) || python.path == path) continue;
      (python.path.empty() ? python.path : python.links.emplace_back()) = path;
    }
    if (python.path.empty()) {
      scan_.warnings.push_back(fmt::format(
          "{}: the interpreter of this virtual environment is not in the image", place));
      return;
    }
    const auto real = root_.real_path(python.path);
    const auto base = std::ranges::find_if(scan_.pythons, [&](const FoundPython& other) {
      return real &&
             (other.interpreter.path == *real ||
              std::ranges::find(other.interpreter.links, *real) != other.interpreter.links.end());
    });
    std::string flags;
    if (base != scan_.pythons.end()) {
      found.loader = base->loader;
      found.machine = base->machine;
      found.library = base->library;
      found.run_paths = base->run_paths;
      found.base = base->interpreter.path;
      python.abi = base->interpreter.abi;
      python.version = base->interpreter.version;
      if (system) python.site_packages = base->interpreter.site_packages;
    } else {
      // A copy, or the link of a copy.
      const auto program = root_.read(python.path, kMaxProgram);
      if (!program || !is_elf((*program)->view())) return;
      read_program((*program)->view(), python.path, found);
      python.version = minor_of(found.declared_version);
      if (python.version.empty()) python.version = version_from_library(root_, place, false);
      python.abi = abi_of(python.version, {});
    }
    if (python.version.empty()) return;
    add_site_packages(root_, python, python.version, python.abi.ends_with('t') ? "t" : "", false);
    environments_read_.push_back(std::move(found));
  }

 public:
  void finish() {
    for (auto& found : environments_read_) scan_.pythons.push_back(std::move(found));
    std::ranges::sort(scan_.pythons, {}, [](const FoundPython& found) -> const std::string& {
      return found.interpreter.path;
    });
  }

 private:
  static std::string minor_of(std::string_view version) {
    const auto first = version.find('.');
    if (first == std::string_view::npos) return {};
    const auto end = version.find_first_not_of("0123456789", first + 1);
    return std::string(version.substr(0, end));
  }

  const Root& root_;
  PythonScan& scan_;
  std::map<std::string, int> seen_;
  std::map<std::string, std::vector<std::string>> names_;  // real path -> other names
  std::vector<std::string> environments_;
  std::vector<FoundPython> environments_read_;
};

// Without python3 on the PATH: the one interpreter that is neither the system's own, nor another's
// base, nor of an environment of conda.
void mark_only_choice(std::vector<FoundPython>& pythons) {
  FoundPython* only = nullptr;
  for (auto& found : pythons) {
    const std::string& path = found.interpreter.path;
    const bool is_base =
        std::ranges::any_of(pythons, [&](const FoundPython& other) { return other.base == path; });
    if (is_base || found.interpreter.implementation != "cpython" ||
        path.starts_with("usr/libexec/") || path.find("/envs/") != std::string::npos)
      continue;
    if (only != nullptr) return;
    only = &found;
  }
  if (only != nullptr) only->interpreter.is_default = true;
}

void mark_default(const Root& root, std::vector<std::string> search_path,
                  std::vector<FoundPython>& pythons) {
  if (search_path.empty()) {
    search_path = {"opt/app-root/bin",
                   "usr/local/sbin",
                   "usr/local/bin",
                   "usr/sbin",
                   "usr/bin",
                   "sbin",
                   "bin"};
  }
  for (auto& directory : search_path) {
    while (directory.starts_with('/')) directory.erase(0, 1);
    const std::string path = joined(directory, "python3");
    if (!root.is_file(path)) continue;
    const auto real = root.real_path(path), parent = root.real_path(directory);
    const std::string named = joined(parent ? *parent : directory, "python3");
    for (const auto& wanted : {named, real ? *real : named}) {
      for (auto& [interpreter, loader, machine, library, run_paths, version, base] : pythons) {
        const bool is_it = interpreter.path == wanted ||
                           std::ranges::find(interpreter.links, wanted) != interpreter.links.end();
        if (!is_it) continue;
        interpreter.is_default = true;
        return;
      }
    }
    return;  // what python3 names is no interpreter that we know
  }
  mark_only_choice(pythons);
}

}  // namespace

PythonScan find_pythons(const Root& root, const std::vector<std::string>& search_path) {
  PythonScan scan;
  Search search(root, scan);
  for (const auto& place : search_path)
    search.add_directory(place.substr(std::min(place.find_first_not_of('/'), place.size())));
  for (const auto& place : program_directories(root)) search.add_directory(place);
  for (const auto& place : environment_places(root)) search.add_environment(place);
  search.read_programs();
  search.read_environments();
  search.finish();
  mark_default(root, search_path, scan.pythons);
  return scan;
}

}  // namespace rpmenv
