// What `should_include` asks for: the image and the request, in Thoth's words. Each fact can be
// present, absent, or not known; a unit that asks for what is not known stays out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pep/result.h"
#include "pep/version.h"
#include "prescriptions/condition.h"
#include "rpmenv/facts.h"
#include "rpmenv/target.h"

namespace prescriptions {

struct PackageRecord {
  std::string package_name;
  std::string epoch;  // "0" where the package has none
  std::string package_version;
  std::string release;
  std::string arch;
  std::string package_identifier;
  bool src = false;
};

struct PythonPackageRecord {
  std::string name;  // normal form
  std::string version;
  std::string location;
};

struct Situation {
  // The image. An empty operating system name is "not known".
  std::string operating_system;
  std::string operating_system_version;
  std::string python_version;  // "3.9"
  std::optional<std::string> cuda_version, cudnn_version, mkl_version, openblas_version,
      openmpi_version;                    // none: absent
  std::optional<std::string> platform;    // linux-x86_64
  std::optional<std::string> base_image;  // none: no image is named
  std::optional<std::int64_t> cpu_family, cpu_model;
  std::optional<std::vector<std::string>>
      cpu_flags;                        // as the kernel spells them; none: told by family and model
  std::vector<std::string> gpu_models;  // empty: no GPU

  // What the base image holds; none: not known. In an image without an RPM database `packages` are
  // those of dpkg or apk under their own names, and `rpm_names` is false: a package that is there
  // is there, but the absence of an RPM's name proves nothing, save for the few programs that every
  // distribution packs under one name (git, gcc …).
  std::optional<std::vector<PackageRecord>> packages;
  bool rpm_names = true;
  std::optional<std::vector<PythonPackageRecord>> python_packages;
  std::optional<std::vector<std::string>> symbols;  // sorted

  // The request.
  std::map<std::string, std::string> labels;
  std::optional<std::map<std::string, std::vector<std::string>>> library_usage;
  RecommendationType recommendation_type = RecommendationType::kStable;
  bool authenticated = false;
  std::optional<DecisionType> decision_type;  // of the dependency monkey; none: advise
};

// `facts` is null for a declared target.
Situation situation_of(const rpmenv::Target& target, const rpmenv::Facts* facts);

// The `--environment` file (cli.md section 8). A key that is absent leaves the situation as it was.
struct DeclaredEnvironment {
  std::string name;
  std::optional<std::string> python_version;
  std::optional<RecommendationType> recommendation_type;
};
// Changes `situation`; what else concerns the caller is returned. Unknown keys and wrong types:
// kConfig, with a place.
pep::Result<DeclaredEnvironment> read_environment(const std::string& path, Situation& situation);
// The same from text; `path` is what a person is told.
pep::Result<DeclaredEnvironment> read_environment_text(const std::string& text,
                                                       const std::string& path,
                                                       Situation& situation);
// The `--library-usage` file: {"tempfile": ["tempfile.mktemp"]}.
pep::Status read_library_usage(const std::string& path, Situation& situation);

std::optional<RecommendationType> recommendation_type_of(std::string_view name);

}  // namespace prescriptions
