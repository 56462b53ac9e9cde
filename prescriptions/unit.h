// The eleven types of prescription units, every field, as plain structs. Knows neither the YAML
// they came from nor a situation. A Rulebook is filled once (read.h) and never changed afterwards,
// so that others may point into it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "prescriptions/condition.h"
#include "prescriptions/version_range.h"

namespace prescriptions {

enum class Severity : std::uint8_t { kInfo, kWarning, kError };

// One line of a report: an entry of `stack_info` or `justification`. `link` is complete (a slug has
// been expanded).
struct Entry {
  Severity type = Severity::kInfo;
  std::string message;
  std::string link;
  std::optional<std::string> package_name, advisory, cve_id, cve_name, version_range;
  bool operator==(const Entry&) const = default;
};

struct Log {
  Severity type = Severity::kInfo;
  std::string message;
};

// What a unit says, beside what it does. stack_info and log: once a run. justification: once a
// stack.
struct Notices {
  std::vector<Entry> stack_info;
  std::vector<Entry> justification;  // steps and wraps
  std::optional<Log> log;
};

struct IndexPattern {
  bool negated = false;  // {not: URL}
  std::string url;       // compared as a string
  bool operator==(const IndexPattern&) const = default;
};

// All that is given must hold of a package. Without a name (empty): any package.
struct PackagePattern {
  std::string name;  // normal form
  VersionRange version;
  std::optional<IndexPattern> index_url;
  std::optional<bool> develop;
};

// An exact version from an index: what a pseudonym gives, what step.AddPackage adds.
struct PackageChoice {
  std::string name;
  std::optional<pep::Version> locked_version;
  std::optional<std::string> index_url;
  bool develop = false;
};

// Ends of a run; at most one of the two is given.
struct Ending {
  std::optional<std::string> not_acceptable;
  std::optional<std::string> eager_stop_pipeline;
};

struct Boot {
  std::vector<std::string> match;  // direct dependencies; "" is any. Empty list: always
  Notices notices;
  Ending ending;
};

struct Pseudonym {
  std::vector<PackagePattern> match;
  bool yield_matched_version = false;
  std::optional<PackageChoice> yield;
  Notices notices;
};

struct Sieve {
  std::vector<PackagePattern> match;
  Notices notices;
};

struct SkipPackageSieve {
  std::vector<std::string> match;  // names
  Notices notices;
};

struct StepMatch {
  PackagePattern package_version;
  std::vector<PackagePattern> resolved_dependencies;
  std::vector<PackagePattern> package_version_from;
  bool package_version_from_allow_other = false;
};

struct Step {
  std::vector<StepMatch> match;
  std::optional<double> score;  // as written; clamped to [-1, 1] where it counts
  bool multi_package_resolution = false;
  Notices notices;
  Ending ending;
};

struct SkipPackageStep {
  StepMatch match;
  bool multi_package_resolution = false;
  Notices notices;
};

struct AddPackageStep {
  std::vector<StepMatch> match;
  PackageChoice package_version;
  bool multi_package_resolution = false;
  Notices notices;
};

struct GroupStep {
  std::vector<std::vector<PackagePattern>> match;  // groups of two or more
  std::optional<double> score;
  Notices notices;
  Ending ending;
};

struct Stride {
  std::vector<std::vector<PackagePattern>> match;  // each: all of them; none: always
  Notices notices;
  Ending ending;
};

struct Wrap {
  std::vector<std::vector<PackagePattern>>
      match;  // each: all of them; none: always. Empty list: always
  Notices notices;
  std::string advised_manifest_changes;  // JSON of one change set; empty if the unit has none
};

struct ReleaseNotesWrap {
  std::vector<PackagePattern> match;
  std::string organization;
  std::string repository;
  std::string tag_version_prefix;
};

using Body = std::variant<Boot, Pseudonym, Sieve, SkipPackageSieve, Step, SkipPackageStep,
                          AddPackageStep, GroupStep, Stride, Wrap, ReleaseNotesWrap>;
inline constexpr std::size_t kTypes = std::variant_size_v<Body>;

// Where a unit begins. `file` is an index into Rulebook::files.
struct Origin {
  std::uint32_t file = 0;
  int line = 0;
  int column = 0;
};

struct Unit {
  std::string name;       // as written
  std::string qualified;  // "NAMESPACE.NAME": how reports and `dependencies` call it
  std::shared_ptr<const ShouldInclude> should_include;
  Body body;
  Origin origin;
};

Kind kind_of(const Unit& unit);
const char* type_name_of(const Body& body);  // "step.Group"
const char* name_of(Severity severity);      // "WARNING"

// All units of a run in load order: by path, then in the order of a file's lists.
struct Rulebook {
  std::vector<std::string> files;
  std::vector<Unit> units;
};

}  // namespace prescriptions
