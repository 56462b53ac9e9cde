// When a unit takes part in a run at all: the `should_include` block of a prescription as plain
// structs. Knows neither the YAML it came from nor the situation it is held against (match.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "prescriptions/version_range.h"

namespace prescriptions {

enum class RecommendationType : std::uint8_t {
  kLatest,
  kStable,
  kTesting,
  kPerformance,
  kSecurity
};
enum class DecisionType : std::uint8_t { kAll, kRandom };
enum class CpuFlag : std::uint8_t { kAvx2, kAvx512 };
// The six lists of a document, in the order in which they run.
enum class Kind : std::uint8_t { kBoot, kPseudonym, kSieve, kStep, kStride, kWrap };
inline constexpr std::size_t kKinds = 6;

// A list, or {not: list}.
template <class T>
struct Choice {
  bool negated = false;
  std::vector<T> values;
  bool operator==(const Choice&) const = default;
};

// A version specifier, or null: "there must be none".
struct VersionDemand {
  bool none = false;
  VersionRange range;
};

struct OperatingSystem {
  std::optional<std::string> name;
  std::optional<std::string> version;
  bool operator==(const OperatingSystem&) const = default;
};

// An element that is null means "not provided".
struct HardwareDemand {
  std::optional<Choice<std::optional<std::int64_t>>> cpu_families;
  std::optional<Choice<std::optional<std::int64_t>>> cpu_models;
  std::optional<Choice<CpuFlag>> cpu_flags;
  std::optional<Choice<std::optional<std::string>>> gpu_models;
};

struct RpmDemand {
  std::string package_name;
  std::optional<std::string> arch, epoch, package_identifier, package_version, release;
  std::optional<bool> src;
};

struct PythonPackageDemand {
  std::string name;
  VersionRange version;
  std::optional<std::string> location;  // a regular expression for the whole path
};

struct RuntimeEnvironments {
  std::optional<std::vector<OperatingSystem>> operating_systems;  // one of them
  std::vector<HardwareDemand> hardware;                           // one of them
  std::optional<VersionDemand> python_version, cuda_version, cudnn_version, mkl_version,
      openblas_version, openmpi_version;
  std::optional<Choice<std::optional<std::string>>> platforms;
  std::optional<Choice<std::optional<std::string>>> base_images;
  std::optional<Choice<std::string>> abi;
  std::optional<Choice<RpmDemand>> rpm_packages;
  std::optional<Choice<PythonPackageDemand>> python_packages;
};

struct ShouldInclude {
  bool enabled = true;  // `times`
  bool adviser_pipeline = false;
  bool dependency_monkey_pipeline = false;
  std::optional<bool> authenticated;
  std::optional<Choice<RecommendationType>> recommendation_types;
  std::optional<Choice<DecisionType>> decision_types;
  std::vector<std::pair<std::string, std::string>> labels;                      // any one of them
  std::vector<std::pair<std::string, std::vector<std::string>>> library_usage;  // all of them
  RuntimeEnvironments runtime_environments;
  std::array<std::vector<std::string>, kKinds>
      dependencies;  // names of units, by kind; all of them
  bool has_dependencies() const {
    for (const auto& names : dependencies) {
      if (!names.empty()) return true;
    }
    return false;
  }
};

const char* name_of(RecommendationType type);
const char* name_of(DecisionType type);
const char* name_of(CpuFlag flag);
const char* name_of(Kind kind);         // "boot"
const char* plural_name_of(Kind kind);  // "boots", the key of its list

}  // namespace prescriptions
