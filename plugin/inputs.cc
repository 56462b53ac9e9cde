#include "plugin/inputs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <set>
#include <sstream>

#include "plugin/lock_output.h"
#include "resolver/index/digest.h"
#include "resolver/index/url.h"
#include "resolver/lock/manifest.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/requirements_file.h"

namespace plugin {

namespace {

namespace lock = resolver::lock;
namespace pipeline = resolver::pipeline;

std::string origin_of(const pep::Place& place) {
  return place.line > 0 && !place.file.starts_with("--")
             ? fmt::format("{}:{}", place.file, place.line)
             : place.file;
}

pep::Result<pipeline::NameSet> name_set(const std::vector<std::string>& words, const char* option) {
  pipeline::NameSet set;
  std::vector<std::string> names;
  for (const std::string& word : words) {
    std::istringstream list(word);
    for (std::string name; std::getline(list, name, ',');) names.push_back(name);
  }
  for (const std::string& word : names) {
    if (word == ":all:") {
      set.all = true;
    } else if (word == ":none:") {
      set = {};
    } else if (auto name = pep::Name::parse(word); name) {
      set.names.push_back(*name);
    } else {
      return pep::error(pep::Fault::kUsage,
                        fmt::format("{} {}: not a package name, nor :all:", option, word));
    }
  }
  std::sort(set.names.begin(), set.names.end());
  return set;
}

pipeline::Prerelease prerelease_of(const std::string& word) {
  if (word == "allow") return pipeline::Prerelease::kAllow;
  if (word == "disallow") return pipeline::Prerelease::kDisallow;
  if (word == "if-necessary") return pipeline::Prerelease::kIfNecessary;
  if (word == "explicit") return pipeline::Prerelease::kExplicit;
  return pipeline::Prerelease::kIfNecessaryOrExplicit;
}

pipeline::Resolution resolution_of(const std::string& word) {
  if (word == "lowest") return pipeline::Resolution::kLowest;
  if (word == "lowest-direct") return pipeline::Resolution::kLowestDirect;
  return pipeline::Resolution::kHighest;
}

std::vector<std::string> both(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

pep::Status set_policy(const AdviseOptions& options, Inputs& inputs) {
  auto& policy = inputs.question.policy;
  const lock::FileOptions& file = inputs.read.options;
  policy.prerelease = prerelease_of(options.prerelease);
  if (file.pre && options.prerelease == "if-necessary-or-explicit")
    policy.prerelease = pipeline::Prerelease::kAllow;
  policy.resolution = resolution_of(options.resolution);
  policy.allow_yanked = options.allow_yanked;
  auto only = name_set(both(file.only_binary, options.only_binary), "--only-binary");
  if (!only) return std::move(only).error();
  policy.only_binary = std::move(*only);
  auto without = name_set(both(file.no_binary, options.no_binary), "--no-binary");
  if (!without) return std::move(without).error();
  policy.no_binary = std::move(*without);
  if (options.exclude_newer) {
    policy.exclude_newer = parse_time(*options.exclude_newer);
    if (!policy.exclude_newer) {
      return pep::error(
          pep::Fault::kUsage,
          fmt::format("--exclude-newer {}: not a date (2024-08-08) nor an RFC 3339 time "
                      "(2024-08-08T12:00:00Z)",
                      *options.exclude_newer));
    }
  }
  return pep::Done{};
}

// A Pipfile.lock carries the hash of the Pipfile that it was made from.
pep::Status take_pipfile(const AdviseOptions& options, Inputs& inputs) {
  if (!writes_pipfile_lock(options)) return pep::Done{};
  for (const lock::FileRead& file : inputs.read.files_read) {
    if (lock::manifest_kind(file.path) == lock::ManifestKind::kPipfile) inputs.pipfile = file;
  }
  if (inputs.pipfile) return pep::Done{};
  return pep::error(pep::Fault::kUsage,
                    "a Pipfile.lock is made from a Pipfile, whose hash it has; name one, or "
                    "another format with --output");
}

// Where the lock goes when no --output says so: beside the manifest.
std::vector<std::string> outputs_of(const AdviseOptions& options, const Inputs& inputs) {
  if (!options.outputs.empty()) return options.outputs;
  if (inputs.manifests.empty() || inputs.manifests[0] == "-") return {"pylock.toml"};
  // A lock that is resolved again is verified: nothing new has to be written.
  if (std::all_of(inputs.manifests.begin(), inputs.manifests.end(), [](const std::string& path) {
        return lock::manifest_kind(path) == lock::ManifestKind::kLock;
      })) {
    return {};
  }
  return {(std::filesystem::path(inputs.manifests[0]).parent_path() / "pylock.toml").string()};
}

// Versions of an existing output file are preferred, unless they are to be upgraded.
pep::Status read_preferences(const AdviseOptions& options, Inputs& inputs) {
  std::set<std::string> upgraded;
  for (const std::string& name : options.upgrade_packages)
    upgraded.insert(pep::Name::of(name).str());
  for (const std::string& path : inputs.outputs) {
    if (path == "-" || access(path.c_str(), R_OK) != 0) continue;
    auto old = lock::read_lock(path);
    if (!old) {
      if (options.upgrade) continue;
      inputs.read.warnings.push_back(fmt::format(
          "{} cannot be read as a lock and gives no preferences: {}", path, old.error().what));
      continue;
    }
    for (const lock::Package& package : old->packages) {
      if (package.origin) continue;
      inputs.earlier[package.name] = package.version;
      if (!options.upgrade && !upgraded.contains(package.name.str()))
        inputs.question.preferences[package.name] = package.version;
    }
    break;
  }
  return pep::Done{};
}

pep::Status read_files(const AdviseOptions& options, Inputs& inputs) {
  lock::Selection selection{.extras = options.extras,
                            .all_extras = options.all_extras,
                            .groups = options.groups,
                            .develop = options.develop};
  // Pipenv locks what is for development with the rest; its hash is over both.
  if (writes_pipfile_lock(options)) {
    selection.develop = true;
    selection.all_categories = true;
  }
  inputs.manifests = options.sources;
  if (inputs.manifests.empty() && options.with.empty()) {
    auto found = lock::find_manifest(".");
    if (!found) return std::move(found).error();
    inputs.manifests.push_back(*found);
  }
  for (const std::string& path : inputs.manifests) {
    auto read = lock::read_manifest(path, selection);
    if (!read) return std::move(read).error();
    lock::append(inputs.read, std::move(*read));
  }
  for (const std::string& text : options.with) {
    auto read = lock::read_requirements_text(text, "--with");
    if (!read) return std::move(read).error();
    lock::append(inputs.read, std::move(*read));
  }
  for (const std::string& path : options.constraints) {
    auto read = lock::read_constraints(path);
    if (!read) return std::move(read).error();
    lock::append(inputs.read, std::move(*read));
  }
  return pep::Done{};
}

// "--hash=sha256:…" of a requirement: only files with one of them are candidates.
pep::Result<std::vector<std::string>> digests_of(const lock::RootRequirement& one,
                                                 const Inputs& inputs) {
  std::vector<std::string> digests;
  // What a URL gives is held against them when it is read.
  const bool in_url = one.requirement.url.find("sha256=") != std::string::npos;
  if (one.origin != lock::Origin::kIndex && (!one.hashes.empty() || in_url)) return digests;
  if (one.hashes.empty() && !inputs.read.options.require_hashes) return digests;
  for (const std::string& hash : one.hashes) {
    if (hash.starts_with("sha256:")) digests.push_back(hash.substr(7));
  }
  if (digests.empty()) {
    pep::Error error =
        pep::error(pep::Fault::kConfig,
                   "a requirement needs --hash=sha256:… where hashes are required, and "
                   "SHA-256 is the only digest that indexes give of every file");
    error.place = one.place;
    error.excerpt = one.excerpt;
    return error;
  }
  return digests;
}

// A Pipfile's sources are its indexes, in their order; a package may name the one that it is of.
void take_sources(Inputs& inputs) {
  lock::FileOptions& options = inputs.read.options;
  for (const lock::NamedIndex& source : inputs.read.named_indexes) {
    if (!options.index_url) {
      options.index_url = source.url;
    } else if (*options.index_url != source.url) {
      options.extra_index_urls.push_back(source.url);
    }
    const std::string_view host = resolver::index::host_of(source.url);
    if (!source.verify_ssl && !host.empty()) options.trusted_hosts.emplace_back(host);
  }
  for (const lock::RootRequirement& one : inputs.read.requirements) {
    const auto& sources = inputs.read.named_indexes;
    const auto named = std::find_if(sources.begin(), sources.end(), [&](const auto& source) {
      return !one.index.empty() && source.name == one.index;
    });
    if (named != sources.end()) options.only_index.emplace_back(one.requirement.name, named->url);
  }
}

pep::Status fill_question(const AdviseOptions& options, Inputs& inputs) {
  for (lock::RootRequirement& one : inputs.read.requirements) {
    auto digests = digests_of(one, inputs);
    if (!digests) return std::move(digests).error();
    inputs.question.requirements.push_back({.requirement = one.requirement,
                                            .origin = origin_of(one.place),
                                            .develop = one.develop,
                                            .number = inputs.question.requirements.size(),
                                            .hashes = std::move(*digests)});
  }
  for (lock::RootRequirement& one : inputs.read.constraints) {
    inputs.question.constraints.push_back({.requirement = one.requirement,
                                           .origin = origin_of(one.place),
                                           .number = inputs.question.constraints.size()});
  }
  for (const std::string& path : options.overrides) {
    auto read = lock::read_requirements(path);
    if (!read) return std::move(read).error();
    for (lock::RootRequirement& one : read->requirements) {
      inputs.question.overrides.push_back(one.requirement);
      inputs.overrides.push_back(std::move(one));
    }
    for (lock::FileRead& file : read->files_read) inputs.read.files_read.push_back(std::move(file));
  }
  take_sources(inputs);
  return pep::Done{};
}

// timegm() makes 2 March of 31 February; no clock shows that.
bool is_in_calendar(const std::tm& time) {
  std::tm copy = time;
  const std::time_t seconds = timegm(&copy);
  return seconds != -1 && copy.tm_mday == time.tm_mday && copy.tm_mon == time.tm_mon;
}

// What --check would hold nothing against, or not as it says.
pep::Status refuse_empty_check(const AdviseOptions& options, const Inputs& inputs) {
  if (!options.check) return pep::Done{};
  if (options.check_wheels || options.check_only) {
    return pep::error(pep::Fault::kUsage,
                      std::string(options.check_only ? "--check-only" : "--check-wheels") +
                          " resolves and cannot be combined with --check");
  }
  if (inputs.outputs.empty())
    return pep::error(pep::Fault::kUsage, "--check needs -o to name the lock");
  return pep::Done{};
}

}  // namespace

std::optional<std::int64_t> parse_time(const std::string& text) {
  std::tm time{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%d", &time);
  if (rest == nullptr || rest - text.c_str() != 10 || !is_in_calendar(time)) return std::nullopt;
  if (*rest == '\0') return timegm(&time) + 24 * 60 * 60;
  if (*rest != 'T' && *rest != 't' && *rest != ' ') return std::nullopt;
  rest = strptime(rest + 1, "%H:%M:%S", &time);
  if (rest == nullptr || time.tm_sec > 60) return std::nullopt;
  if (*rest == '.') {
    ++rest;
    if (*rest < '0' || *rest > '9') return std::nullopt;
    while (*rest >= '0' && *rest <= '9') ++rest;
  }
  const std::int64_t seconds = timegm(&time);
  if ((*rest == 'Z' || *rest == 'z') && rest[1] == '\0') return seconds;
  int hours = 0;
  int minutes = 0;
  char sign = 0;
  int length = 0;
  if (std::sscanf(rest, "%c%2d:%2d%n", &sign, &hours, &minutes, &length) != 3 ||
      rest[length] != '\0' || (sign != '+' && sign != '-') || hours < 0 || hours > 23 ||
      minutes < 0 || minutes > 59) {
    return std::nullopt;
  }
  const int offset = hours * 3600 + minutes * 60;
  return sign == '+' ? seconds - offset : seconds + offset;
}

pep::Result<Inputs> read_inputs(const AdviseOptions& options) {
  Inputs inputs;
  if (auto done = read_files(options, inputs); !done) return std::move(done).error();
  if (auto done = fill_question(options, inputs); !done) return std::move(done).error();
  if (auto done = set_policy(options, inputs); !done) return std::move(done).error();
  for (const lock::FileRead& file : inputs.read.files_read) {
    inputs.digests.push_back(
        {.path = file.path,
         .digest = "sha256:" + resolver::index::hex(resolver::index::sha256_of(file.text))});
  }
  inputs.outputs = outputs_of(options, inputs);
  if (auto done = refuse_empty_check(options, inputs); !done) return std::move(done).error();
  if (auto done = take_pipfile(options, inputs); !done) return std::move(done).error();
  for (const std::string& output : inputs.outputs) {
    for (const lock::FileRead& file : inputs.read.files_read) {
      std::error_code unknown;
      if (output != "-" && std::filesystem::equivalent(output, file.path, unknown)) {
        return pep::error(
            pep::Fault::kUsage,
            fmt::format("--output {} would replace an input; name another file", output));
      }
    }
  }
  if (auto done = read_preferences(options, inputs); !done) return std::move(done).error();
  return inputs;
}

void hold_hashes(resolver::pipeline::Question& question, const rpmenv::Target& target) {
  for (const resolver::pipeline::RootRequirement& root : question.requirements) {
    const pep::Requirement& requirement = root.requirement;
    if (root.hashes.empty()) continue;
    if (requirement.marker && !requirement.marker->holds(target.environment)) continue;
    auto [place, fresh] = question.policy.hashes.try_emplace(requirement.name, root.hashes);
    if (fresh) continue;
    std::erase_if(place->second, [&](const std::string& digest) {
      return std::find(root.hashes.begin(), root.hashes.end(), digest) == root.hashes.end();
    });
  }
}

pep::Status check_requires_python(const Inputs& inputs, const rpmenv::Target& target) {
  if (inputs.read.requires_python.empty()) return pep::Done{};
  auto specifiers = pep::SpecifierSet::parse(inputs.read.requires_python);
  if (!specifiers) return std::move(specifiers).error();
  if (specifiers->contains(target.python)) return pep::Done{};
  return pep::error(pep::Fault::kEnvironment,
                    fmt::format("the application requires Python {}; the target has {}",
                                inputs.read.requires_python, target.python.str()));
}

}  // namespace plugin
