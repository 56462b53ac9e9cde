// After an installation: whether every extension module finds its libraries and symbol versions in
// this image, and whether what is installed is what was locked. Nothing is loaded or run.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pep/result.h"
#include "rpmenv/facts.h"
#include "rpmenv/root.h"
#include "rpmenv/solv_pool.h"
#include "rpmenv/wheel_libraries.h"

namespace rpmenv {

struct MissingLibrary {
  std::string distribution;            // empty if no distribution's RECORD names the module
  std::string module;                  // path relative to the root
  std::string library;                 // DT_NEEDED
  std::optional<std::string> version;  // the node that is missing of a library that is there
  std::string capability;              // in RPM's spelling
  std::string remedy;                  // a line to paste, or a sentence
  std::string provider;  // the distribution of what is planned that has the library, without
                         // `version`; empty: the image has it, or nobody
};

struct Mismatch {
  std::string name, locked;
  std::optional<std::string> installed;  // nullopt: not at all
};

// What to install so that an RPM image has the libraries that are missing, from rpm-md
// repositories.
struct Healing {
  std::string line;  // to paste: "dnf install -y mesa-libGL"; empty if nothing can be installed
  SolvPool::Installation packages;
};

struct Verification {
  std::vector<MissingLibrary> missing;  // sorted by module, library, version
  std::vector<Mismatch> mismatched;     // sorted by name
  std::size_t modules = 0;              // that were looked at
  std::optional<Healing> healing;       // if repositories were asked
  std::vector<std::string> notes;       // such as on a repository that could not be asked
  bool ok() const { return missing.empty() && mismatched.empty(); }
};

// `facts` must have been read with InspectOptions::modules. `python` is the interpreter whose
// packages are looked at; null: all. `locked` are names and versions, of which those that are
// installed elsewhere or not at all are mismatches; an empty version is any.
Verification verify(const Root& root, const Facts& facts, const Interpreter* python,
                    std::span<const std::pair<std::string, std::string>> locked = {});

// Before an installation: the same of wheels as if they were installed for `python` (null: the
// image's default), with all of them there at once. `modules` counts their shared objects; `facts`
// need no modules.
// kImported: only what an import loads, extension modules and what they need in turn, so that a
// plugin that is bundled and never asked for rules nothing out.
enum class WheelScope { kAll, kImported };
Verification verify_wheels(const Root& root, const Facts& facts, const Interpreter* python,
                           const std::vector<WheelLibraries>& wheels,
                           WheelScope scope = WheelScope::kAll);

// Where wheels would be installed: the first directory of packages of `python`, or of the image's
// default interpreter.
std::string site_of(const Facts& facts, const Interpreter* python);

// Asks rpm-md repositories (directories with a repodata/repomd.xml) for the libraries that are
// missing. An error is of a repository that cannot be read.
pep::Status find_healing(const Root& root, const Facts& facts,
                         std::span<const std::string> repositories, Verification& verification);

std::string verification_json(
    const Verification& verification);  // schema seshat.verify/1, ends with a newline

}  // namespace rpmenv
