// From an interpreter and a platform to tags and marker variables. Unaware of files.
#include "rpmenv/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "rpmenv/text.h"

namespace rpmenv {
namespace {

struct Python {
  pep::Version version;  // with all three numbers
  int major = 0;
  int minor = 0;
  std::string abi;
};

// "3.12", "3.12.4", "3.13t", "3.14.0rc1".
std::optional<Python> python_of(std::string text) {
  bool free_threaded = false;
  if (!text.empty() && text.back() == 't') {
    free_threaded = true;
    text.pop_back();
  }
  if (text.empty() || text.front() < '2' || text.front() > '9') return std::nullopt;
  auto version = pep::Version::parse(text);
  if (!version || version->epoch() != 0 || version->release_size() < 2 || version->has_local()) {
    return std::nullopt;
  }
  if (version->release_size() == 2) {
    version = pep::Version::parse(version->base_str() + ".0" +
                                  version->str().substr(version->base_str().size()));
    if (!version) return std::nullopt;
  }
  if (version->release(0) > 9 || version->release(1) > 999) return std::nullopt;
  Python python{.version = *version,
                .major = static_cast<int>(version->release(0)),
                .minor = static_cast<int>(version->release(1)),
                .abi = {}};
  python.abi = fmt::format("cp{}{}", python.major, python.minor);
  if (free_threaded) python.abi += "t";
  // PEP 3149: until 3.7 the ordinary build was the one "with pymalloc"; Python 2 on Linux used wide
  // unicode.
  if (python.major == 2) python.abi += "mu";
  if (python.major == 3 && python.minor < 8) python.abi += "m";
  return python;
}

// The machine of a platform tag, and the libc that it promises; nullopt if it is no Linux tag.
struct Platform {
  std::string machine;
  Libc libc;
};

std::optional<Platform> platform_of(std::string_view tag) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kLegacy = {
      {{"manylinux2014_", "2.17"}, {"manylinux2010_", "2.12"}, {"manylinux1_", "2.5"}}};
  for (const auto& [prefix, version] : kLegacy) {
    if (!tag.starts_with(prefix)) continue;
    return Platform{std::string(tag.substr(prefix.size())),
                    {LibcFamily::kGlibc, std::string(version)}};
  }
  if (tag.starts_with("linux_")) return Platform{std::string(tag.substr(6)), {}};
  const bool glibc = tag.starts_with("manylinux_");
  if (!glibc && !tag.starts_with("musllinux_")) return std::nullopt;
  const auto rest = tag.substr(10);
  const auto first = rest.find('_');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = rest.find('_', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto major = whole_number(rest.substr(0, first));
  const auto minor = whole_number(rest.substr(first + 1, second - first - 1));
  if (!major || !minor || *major > 99 || *minor > 999) return std::nullopt;
  return Platform{
      std::string(rest.substr(second + 1)),
      {glibc ? LibcFamily::kGlibc : LibcFamily::kMusl, fmt::format("{}.{}", *major, *minor)}};
}

bool is_machine(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Target assemble(const Python& python, std::vector<std::string> platforms, std::string machine) {
  Target target;
  target.python = python.version;
  target.abi = python.abi;
  target.tags = pep::cpython_tags(python.major, python.minor, python.abi, platforms);
  target.platforms = std::move(platforms);
  target.environment.platform_machine = std::move(machine);
  target.environment.python_full_version = python.version.str();
  target.environment.implementation_version = python.version.str();
  target.environment.python_version = fmt::format("{}.{}", python.major, python.minor);
  return target;
}

pep::Error bad_version(const std::string& text) {
  return pep::error(
      pep::Fault::kUsage,
      fmt::format("\"{}\" is no Python version; say for example 3.12 or 3.12.4", text));
}

pep::Error bad_platform(const std::string& text) {
  return pep::error(
      pep::Fault::kUsage,
      fmt::format("\"{}\" is no platform tag of Linux; say for example manylinux_2_28_x86_64",
                  text));
}

bool has_prefix_version(std::string_view version, std::string_view prefix) {
  return version.starts_with(prefix) &&
         (version.size() == prefix.size() || version[prefix.size()] == '.');
}

std::string names_of(const std::vector<Interpreter>& pythons) {
  std::string text;
  for (const auto& python : pythons) {
    text += (text.empty() ? "" : ", ") + python.path + " (" + python.version + ")";
  }
  return text;
}

bool is_named(const Interpreter& python, std::string_view which) {
  while (which.starts_with('/')) which.remove_prefix(1);
  return python.path == which || std::ranges::find(python.links, which) != python.links.end();
}

pep::Result<const Interpreter*> choose(const Facts& facts, const std::string& which) {
  const Interpreter* chosen = nullptr;
  for (const auto& python : facts.pythons) {
    const bool fits =
        which.empty() ? python.is_default
        : which.find('/') != which.npos
            ? is_named(python, which)
            : python.implementation == "cpython" && has_prefix_version(python.version, which);
    if (fits && (chosen == nullptr || python.is_default)) chosen = &python;
  }
  if (chosen != nullptr) return chosen;
  if (facts.pythons.empty()) {
    return pep::error(
        pep::Fault::kEnvironment,
        fmt::format("there is no Python in \"{}\"; install one in the image, or declare the target "
                    "with --python-version and --platform",
                    facts.root));
  }
  if (which.empty()) {
    return pep::error(pep::Fault::kEnvironment,
                      fmt::format("\"{}\" has no python3 on its PATH; choose one with --python: {}",
                                  facts.root, names_of(facts.pythons)));
  }
  return pep::error(pep::Fault::kEnvironment,
                    fmt::format("there is no Python {} in \"{}\"; there is: {}", which, facts.root,
                                names_of(facts.pythons)));
}

}  // namespace

std::vector<std::string> platforms_of(const Libc& libc, const std::string& architecture) {
  std::string_view rest = libc.version;
  const auto dot = rest.find('.');
  const auto major = leading_version(rest.substr(0, dot));
  const auto minor =
      dot == std::string_view::npos
          ? std::string_view("0")
          : rest.substr(dot + 1, rest.find_first_not_of("0123456789", dot + 1) - dot - 1);
  if (libc.family == LibcFamily::kNone || major.empty() || minor.empty()) {
    return {"linux_" + architecture};
  }
  return pep::expand_platform(
      fmt::format("{}_{}_{}_{}", libc.family == LibcFamily::kGlibc ? "manylinux" : "musllinux",
                  major, minor, architecture));
}

pep::Result<Target> declared_target(const std::string& python, const std::string& platform) {
  const auto parsed = python_of(python);
  if (!parsed) return bad_version(python);
  auto known = platform_of(platform);
  if (!known || !is_machine(known->machine)) return bad_platform(platform);
  auto target = assemble(*parsed, pep::expand_platform(platform), std::move(known->machine));
  target.libc = std::move(known->libc);
  return target;
}

pep::Result<Target> target_of(const Facts& facts, const std::string& which,
                              const std::optional<std::string>& python_version,
                              const std::optional<std::string>& platform) {
  const Interpreter* interpreter = nullptr;
  if (!python_version || !which.empty() || !facts.pythons.empty()) {
    const auto chosen = choose(facts, which);
    if (!chosen && (!python_version || !which.empty())) return chosen.error();
    if (chosen) interpreter = *chosen;
  }
  if (interpreter != nullptr && interpreter->implementation != "cpython") {
    return pep::error(
        pep::Fault::kEnvironment,
        fmt::format("\"{}\" in \"{}\" is no CPython, and only for that wheels are chosen",
                    interpreter->path, facts.root));
  }
  const auto python =
      python_of(python_version.value_or(interpreter != nullptr ? interpreter->version : ""));
  if (!python) {
    if (python_version) return bad_version(*python_version);
    return pep::error(
        pep::Fault::kEnvironment,
        fmt::format(
            "the version of \"{}\" in \"{}\" cannot be told; declare it with --python-version",
            interpreter->path, facts.root));
  }
  Python chosen = *python;
  if (interpreter != nullptr && !interpreter->abi.empty() &&
      has_prefix_version(interpreter->version, fmt::format("{}.{}", chosen.major, chosen.minor))) {
    chosen.abi = interpreter->abi;
  }
  std::string machine = facts.architecture;
  Libc libc = facts.libc;
  auto platforms = interpreter != nullptr && !interpreter->platforms.empty()
                       ? interpreter->platforms
                       : platforms_of(facts.libc, facts.architecture);
  if (platform) {
    auto known = platform_of(*platform);
    if (!known || !is_machine(known->machine)) return bad_platform(*platform);
    platforms = pep::expand_platform(*platform);
    machine = std::move(known->machine);
    libc = std::move(known->libc);
  }
  if (machine.empty()) {
    return pep::error(
        pep::Fault::kEnvironment,
        fmt::format(
            "the architecture of \"{}\" cannot be told (no ELF file of a libc or an interpreter "
            "was found); declare it with --platform",
            facts.root));
  }
  auto target = assemble(chosen, std::move(platforms), std::move(machine));
  target.libc = std::move(libc);
  target.root = facts.root;
  if (interpreter != nullptr) {
    target.implementation = interpreter->implementation;
    target.interpreter = interpreter->path;
  }
  return target;
}

}  // namespace rpmenv
