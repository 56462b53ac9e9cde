// The order of fields in a compiled record: one description, with which a Writer writes and a
// Reader reads. Private to compile.cc and compiled.cc. A change here is a new kFormat (compiled.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "prescriptions/unit.h"

namespace prescriptions::codec {

// A codec has number(std::uint64_t&), text(std::string&), range(VersionRange&),
// version(pep::Version&) and count(std::size_t&), which for a Reader is bounded.

template <class C>
void code(C& c, bool& value) {
  std::uint64_t number = value ? 1 : 0;
  c.number(number);
  value = number != 0;
}
template <class C>
void code(C& c, std::int64_t& value) {
  auto number = static_cast<std::uint64_t>(value);
  c.number(number);
  value = static_cast<std::int64_t>(number);
}
template <class C>
void code(C& c, int& value) {
  auto wide = static_cast<std::int64_t>(value);
  code(c, wide);
  value = static_cast<int>(wide);
}
template <class C>
void code(C& c, double& value) {
  static_assert(sizeof(double) == sizeof(std::uint64_t));
  std::uint64_t number = 0;
  __builtin_memcpy(&number, &value, sizeof number);
  c.number(number);
  __builtin_memcpy(&value, &number, sizeof number);
}
// An enumeration: `last` is its greatest value.
template <class C, class T>
void code_enum(C& c, T& value, T last) {
  auto number = static_cast<std::uint64_t>(value);
  c.number(number);
  if (number > static_cast<std::uint64_t>(last)) {
    c.fail();
    number = 0;
  }
  value = static_cast<T>(number);
}
template <class C>
void code(C& c, Severity& value) {
  code_enum(c, value, Severity::kError);
}
template <class C>
void code(C& c, RecommendationType& value) {
  code_enum(c, value, RecommendationType::kSecurity);
}
template <class C>
void code(C& c, DecisionType& value) {
  code_enum(c, value, DecisionType::kRandom);
}
template <class C>
void code(C& c, CpuFlag& value) {
  code_enum(c, value, CpuFlag::kAvx512);
}
template <class C>
void code(C& c, std::string& value) {
  c.text(value);
}
template <class C>
void code(C& c, VersionRange& value) {
  c.range(value);
}
template <class C>
void code(C& c, pep::Version& value) {
  c.version(value);
}

// Templates that find each other by the codec's own namespace.
template <class C, class A, class B>
void code(C& c, std::pair<A, B>& value);
template <class C, class T>
void code(C& c, std::optional<T>& value);
template <class C, class T>
void code(C& c, std::vector<T>& value);
template <class C, class T>
void code(C& c, Choice<T>& value);

template <class C, class... Ts>
void all(C& c, Ts&... values) {
  (code(c, values), ...);
}

template <class C>
void code(C& c, OperatingSystem& v) {
  all(c, v.name, v.version);
}
template <class C>
void code(C& c, HardwareDemand& v) {
  all(c, v.cpu_families, v.cpu_models, v.cpu_flags, v.gpu_models);
}
template <class C>
void code(C& c, RpmDemand& v) {
  all(c, v.package_name, v.arch, v.epoch, v.package_identifier, v.package_version, v.release,
      v.src);
}
template <class C>
void code(C& c, PythonPackageDemand& v) {
  all(c, v.name, v.version, v.location);
}
template <class C>
void code(C& c, VersionDemand& v) {
  all(c, v.none, v.range);
}
template <class C>
void code(C& c, RuntimeEnvironments& v) {
  all(c, v.operating_systems, v.hardware, v.python_version, v.cuda_version, v.cudnn_version,
      v.mkl_version, v.openblas_version, v.openmpi_version, v.platforms, v.base_images, v.abi,
      v.rpm_packages, v.python_packages);
}
template <class C>
void code(C& c, ShouldInclude& v) {
  all(c, v.enabled, v.adviser_pipeline, v.dependency_monkey_pipeline, v.authenticated,
      v.recommendation_types, v.decision_types, v.labels, v.library_usage, v.runtime_environments);
  for (std::vector<std::string>& names : v.dependencies) code(c, names);
}

template <class C>
void code(C& c, Entry& v) {
  all(c, v.type, v.message, v.link, v.package_name, v.advisory, v.cve_id, v.cve_name,
      v.version_range);
}
template <class C>
void code(C& c, Log& v) {
  all(c, v.type, v.message);
}
template <class C>
void code(C& c, Notices& v) {
  all(c, v.stack_info, v.justification, v.log);
}
template <class C>
void code(C& c, IndexPattern& v) {
  all(c, v.negated, v.url);
}
template <class C>
void code(C& c, PackagePattern& v) {
  all(c, v.name, v.version, v.index_url, v.develop);
}
template <class C>
void code(C& c, PackageChoice& v) {
  all(c, v.name, v.locked_version, v.index_url, v.develop);
}
template <class C>
void code(C& c, Ending& v) {
  all(c, v.not_acceptable, v.eager_stop_pipeline);
}
template <class C>
void code(C& c, StepMatch& v) {
  all(c, v.package_version, v.resolved_dependencies, v.package_version_from,
      v.package_version_from_allow_other);
}
template <class C>
void code(C& c, Boot& v) {
  all(c, v.match, v.notices, v.ending);
}
template <class C>
void code(C& c, Pseudonym& v) {
  all(c, v.match, v.yield_matched_version, v.yield, v.notices);
}
template <class C>
void code(C& c, Sieve& v) {
  all(c, v.match, v.notices);
}
template <class C>
void code(C& c, SkipPackageSieve& v) {
  all(c, v.match, v.notices);
}
template <class C>
void code(C& c, Step& v) {
  all(c, v.match, v.score, v.multi_package_resolution, v.notices, v.ending);
}
template <class C>
void code(C& c, SkipPackageStep& v) {
  all(c, v.match, v.multi_package_resolution, v.notices);
}
template <class C>
void code(C& c, AddPackageStep& v) {
  all(c, v.match, v.package_version, v.multi_package_resolution, v.notices);
}
template <class C>
void code(C& c, GroupStep& v) {
  all(c, v.match, v.score, v.notices, v.ending);
}
template <class C>
void code(C& c, Stride& v) {
  all(c, v.match, v.notices, v.ending);
}
template <class C>
void code(C& c, Wrap& v) {
  all(c, v.match, v.notices, v.advised_manifest_changes);
}
template <class C>
void code(C& c, ReleaseNotesWrap& v) {
  all(c, v.match, v.organization, v.repository, v.tag_version_prefix);
}

template <class C, class A, class B>
void code(C& c, std::pair<A, B>& value) {
  all(c, value.first, value.second);
}
template <class C, class T>
void code(C& c, std::optional<T>& value) {
  bool given = value.has_value();
  code(c, given);
  if (!given) {
    value.reset();
    return;
  }
  if (!value) value.emplace();
  code(c, *value);
}
template <class C, class T>
void code(C& c, std::vector<T>& value) {
  std::size_t size = value.size();
  c.count(size);
  if constexpr (C::kReads) {
    value.clear();
    for (std::size_t i = 0; i < size && c.good(); ++i) code(c, value.emplace_back());
  } else {
    for (T& item : value) code(c, item);
  }
}
template <class C, class T>
void code(C& c, Choice<T>& value) {
  all(c, value.negated, value.values);
}

}  // namespace prescriptions::codec
