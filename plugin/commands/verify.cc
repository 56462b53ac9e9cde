#include "rpmenv/verify.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/exit_code.h"
#include "plugin/image_repositories.h"
#include "plugin/json_document.h"
#include "plugin/report/terminal_text.h"
#include "resolver/lock/readers.h"
#include "rpmenv/inspect.h"
#include "rpmenv/root.h"
#include "rpmenv/target.h"

namespace plugin {

namespace {

int fail(const pep::Error& error, const OutputOptions& output) {
  return report_failure(error, output, kLockStale);
}

using Locked = std::vector<std::pair<std::string, std::string>>;

// Whether a marker of the lock says that the package is not for this interpreter.
bool left_out(const resolver::lock::Package& package, const pep::Result<rpmenv::Target>& target) {
  if (!target || package.marker.empty()) return false;
  const auto marker = pep::Marker::parse(package.marker);
  return marker && !marker->holds(target->environment);
}

bool is_installed(const rpmenv::Facts& facts, const pep::Name& name) {
  return std::any_of(
      facts.distributions.begin(), facts.distributions.end(),
      [&](const rpmenv::Distribution& one) { return pep::Name::of(one.name) == name; });
}

// A lock for all platforms does not always say where a package is needed, and none says whether
// what is for development is wanted: such a package may be missing.
pep::Result<Locked> locked_versions(const std::string& path, const rpmenv::Facts& facts,
                                    const std::string& python) {
  Locked locked;
  if (path.empty()) return locked;
  auto lock = resolver::lock::read_lock(path);
  if (!lock) return std::move(lock).error();
  const auto target = rpmenv::target_of(facts, python, std::nullopt, std::nullopt);
  const bool universal = resolver::lock::is_universal_lock(path);
  for (const resolver::lock::Package& package : lock->packages) {
    if (left_out(package, target)) continue;
    const bool optional = universal || package.develop;
    if (optional && !is_installed(facts, package.name)) continue;
    // The lock of a source tree says no version; it must be there all the same.
    locked.emplace_back(package.name.str(), package.has_version ? package.version.str() : "");
  }
  return locked;
}

pep::Result<const rpmenv::Interpreter*> interpreter(const rpmenv::Facts& facts,
                                                    const std::string& which) {
  if (which.empty()) return static_cast<const rpmenv::Interpreter*>(nullptr);
  const std::string path = which.starts_with('/') ? which.substr(1) : which;
  for (const rpmenv::Interpreter& python : facts.pythons) {
    const bool version = python.version == which || python.version.starts_with(which + ".");
    const bool linked =
        std::find(python.links.begin(), python.links.end(), path) != python.links.end();
    if (version || python.path == path || linked) return &python;
  }
  return pep::error(pep::Fault::kEnvironment,
                    fmt::format("{} has no Python {}", facts.root, which));
}

std::string healing_text(const rpmenv::Healing& healing) {
  const auto& packages = healing.packages;
  std::string text;
  for (const std::string& capability : packages.unprovided)
    text += fmt::format("no package of the repositories provides {}\n", printable(capability));
  if (!packages.problem.empty())
    text += fmt::format("nothing can be installed: {}\n", printable(packages.problem));
  if (healing.line.empty()) return text;
  const std::string pulled =
      packages.pulled.empty() ? "" : fmt::format("  # and {} more", packages.pulled.size());
  return text +
         fmt::format("To install what is missing:\n  {}{}\n", printable(healing.line), pulled);
}

std::string summary(const rpmenv::Verification& found) {
  std::string text;
  for (const rpmenv::MissingLibrary& missing : found.missing) {
    text += fmt::format(
        "{}: {} needs {}{}\n  {}\n",
        missing.distribution.empty() ? "(no distribution)" : printable(missing.distribution),
        printable(missing.module), printable(missing.library),
        missing.version ? " with " + printable(*missing.version) : "", printable(missing.remedy));
  }
  for (const rpmenv::Mismatch& mismatch : found.mismatched) {
    text += fmt::format(
        "{}: locked {}, {}\n", printable(mismatch.name), printable(mismatch.locked),
        mismatch.installed ? "installed " + printable(*mismatch.installed) : "it is not there");
  }
  if (found.healing) text += healing_text(*found.healing);
  if (text.empty())
    text = fmt::format("{} extension modules find all their libraries\n", found.modules);
  return text;
}

// What to paste, and nothing else.
std::string lines_to_paste(const rpmenv::Verification& found) {
  if (found.healing && !found.healing->line.empty()) return found.healing->line + "\n";
  std::set<std::string> lines;
  for (const rpmenv::MissingLibrary& missing : found.missing) {
    if (!missing.version) lines.insert(printable(missing.remedy));
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// The first fault, and how many there are beside it.
std::string last_line(const rpmenv::Verification& found) {
  const std::size_t more = found.missing.size() + found.mismatched.size() - 1;
  const std::string others = more == 0 ? "" : fmt::format(" (and {} more)", more);
  if (!found.missing.empty()) {
    const rpmenv::MissingLibrary& first = found.missing.front();
    return fmt::format("{} needs {}{}, which the image does not have{}",
                       printable(first.distribution.empty() ? first.module : first.distribution),
                       printable(first.library),
                       first.version ? " with " + printable(*first.version) : "", others);
  }
  const rpmenv::Mismatch& first = found.mismatched.front();
  return fmt::format(
      "{} is locked as {}, and {}{}", printable(first.name), printable(first.locked),
      first.installed ? "installed is " + printable(*first.installed) : "it is not installed",
      others);
}

// The files in a directory; sorted.
pep::Result<std::set<std::string>> files_in(const std::string& directory) {
  std::set<std::string> names;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(directory, code))
    names.insert(entry.path().filename().string());
  if (!code) return names;
  return pep::error(
      pep::Fault::kConfig,
      fmt::format("the directory of wheels \"{}\" cannot be read: {}", directory, code.message()));
}

// Leaves those that the lock names; a package of which no file is there is a mismatch.
pep::Status hold_against_lock(const VerifyOptions& options, const rpmenv::Facts& facts,
                              std::set<std::string>& names, rpmenv::Verification& result) {
  auto lock = resolver::lock::read_lock(options.lock);
  if (!lock) return std::move(lock).error();
  const auto target = rpmenv::target_of(facts, options.python, std::nullopt, std::nullopt);
  std::set<std::string> named;
  for (const auto& package : lock->packages) {
    if (left_out(package, target) || package.artifacts.empty()) continue;
    bool there = false;
    for (const auto& artifact : package.artifacts) {
      if (!names.contains(artifact.filename)) continue;
      named.insert(artifact.filename);
      there = true;
    }
    if (!there) result.mismatched.push_back({package.name.str(), package.version.str(), {}});
  }
  names = std::move(named);
  return pep::Done{};
}

pep::Result<rpmenv::Verification> check_wheels(const VerifyOptions& options,
                                               const rpmenv::Root& root, const rpmenv::Facts& facts,
                                               const rpmenv::Interpreter* python) {
  auto names = files_in(options.wheels);
  if (!names) return std::move(names).error();
  rpmenv::Verification held;
  if (!options.lock.empty()) {
    if (auto done = hold_against_lock(options, facts, *names, held); !done)
      return std::move(done).error();
  }
  std::vector<rpmenv::WheelLibraries> wheels;
  for (const std::string& name : *names) {
    if (!name.ends_with(".whl")) continue;
    auto wheel = rpmenv::wheel_libraries((std::filesystem::path(options.wheels) / name).string(),
                                         rpmenv::site_of(facts, python));
    if (!wheel) return std::move(wheel).error();
    wheels.push_back(*std::move(wheel));
  }
  auto result = rpmenv::verify_wheels(root, facts, python, wheels);
  result.mismatched = std::move(held.mismatched);
  return result;
}

pep::Result<rpmenv::Verification> check_installed(const VerifyOptions& options,
                                                  const rpmenv::Root& root,
                                                  const rpmenv::Facts& facts,
                                                  const rpmenv::Interpreter* python) {
  auto locked = locked_versions(options.lock, facts, options.python);
  if (!locked) return std::move(locked).error();
  return rpmenv::verify(root, facts, python, *locked);
}

// What an OCI runtime tells its hooks: {"bundle": DIRECTORY}, in which config.json names the root.
pep::Result<std::string> root_of_state() {
  std::string state;
  char piece[4096];
  for (ssize_t got = 0; state.size() < (1U << 20U) && (got = read(0, piece, sizeof piece)) > 0;)
    state.append(piece, static_cast<std::size_t>(got));
  const std::string bundle = JsonDocument(state).at({"bundle"});
  if (bundle.empty()) {
    return pep::error(pep::Fault::kMalformed,
                      "standard input is no state of a container: it names no bundle");
  }
  auto text = read_text_file(bundle + "/config.json");
  if (!text) return std::move(text).error();
  const std::string root = JsonDocument(*text).at({"root", "path"});
  if (root.empty()) {
    return pep::error(pep::Fault::kMalformed, fmt::format("{}/config.json names no root", bundle));
  }
  return root.starts_with('/') ? root : bundle + "/" + root;
}

}  // namespace

namespace {

// From the repositories that are named; else from those that the image is configured for, where
// nothing that goes wrong is worth more than a note.
pep::Status look_for_remedies(const VerifyOptions& options, const rpmenv::Root& root,
                              const rpmenv::Facts& facts, rpmenv::Verification& found) {
  if (!options.repositories.empty())
    return rpmenv::find_healing(root, facts, options.repositories, found);
  const bool absent = std::ranges::any_of(
      found.missing, [](const rpmenv::MissingLibrary& one) { return !one.version; });
  if (!absent) return pep::Done{};
  const ImageRepositories image = image_repositories(root, facts, options.index);
  if (!image.note.empty()) found.notes.push_back(image.note);
  if (auto healed = rpmenv::find_healing(root, facts, image.directories, found); !healed)
    found.notes.push_back("the image's repositories are of no use: " + healed.error().what);
  return pep::Done{};
}

}  // namespace

int run_verify(const VerifyOptions& given) {
  VerifyOptions options = given;
  if (options.oci_state) {
    auto root = root_of_state();
    if (!root) return fail(root.error(), options.output);
    options.root = *std::move(root);
  }
  auto root = rpmenv::open_root(options.root);
  if (!root) return fail(root.error(), options.output);
  auto facts = rpmenv::inspect(
      **root,
      {.modules = true, .hardware = false, .owners = false, .search_path = options.search_path});
  if (!facts) return fail(facts.error(), options.output);
  auto python = interpreter(*facts, options.python);
  if (!python) return fail(python.error(), options.output);
  auto verified = options.wheels.empty() ? check_installed(options, **root, *facts, *python)
                                         : check_wheels(options, **root, *facts, *python);
  if (!verified) return fail(verified.error(), options.output);
  rpmenv::Verification& found = *verified;
  if (auto healed = look_for_remedies(options, **root, *facts, found); !healed)
    return fail(healed.error(), options.output);
  const std::string text = options.json         ? rpmenv::verification_json(found)
                           : options.check_only ? lines_to_paste(found)
                                                : summary(found);
  for (const std::string& note : found.notes) {
    if (options.output.verbosity >= 0) std::fprintf(stderr, "note: %s\n", printable(note).c_str());
  }
  if (options.json || options.output.verbosity >= 0)
    std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return fail(pep::error(pep::Fault::kIo, "standard output cannot be written"), options.output);
  }
  if (found.ok()) return kDone;
  std::fprintf(stderr, "seshat: stopped: %s [exit code %d]\n", last_line(found).c_str(),
               static_cast<int>(kVerifyFailed));
  return kVerifyFailed;
}

}  // namespace plugin
