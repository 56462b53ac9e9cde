// should_include against a situation, top to bottom; the first test that fails is the answer.
#include "prescriptions/match.h"

#include <algorithm>
#include <array>
#include <memory>

#include "fmt/format.h"
#include "prescriptions/hardware.h"
#include "prescriptions/location.h"

namespace prescriptions {
namespace {

// Collects the first failure. Words are only made when somebody reads them.
class Check {
 public:
  explicit Check(bool words) : words_(words) {}
  // Records a failure unless `holds`; true if the check goes on.
  template <class Why>
  bool require(bool holds, std::string_view condition, Why why) {
    if (holds) return true;
    answer_.yes = false;
    if (words_) {
      answer_.condition = condition;
      answer_.reason = why();
    }
    return false;
  }
  Answer take() { return std::move(answer_); }

 private:
  bool words_;
  Answer answer_;
};

template <class T>
bool is_in_any(const Choice<T>& choice, T type) {
  return (std::ranges::find(choice.values, type) != choice.values.end()) != choice.negated;
}

bool any_label(const ShouldInclude& unit, const Situation& situation) {
  return std::ranges::any_of(unit.labels, [&](const auto& label) {
    const auto found = situation.labels.find(label.first);
    return found != situation.labels.end() && found->second == label.second;
  });
}

bool uses_symbol(const std::vector<std::string>& used, std::string_view wanted) {
  if (!wanted.ends_with(".*")) return std::ranges::find(used, wanted) != used.end();
  const std::string_view prefix = wanted.substr(0, wanted.size() - 2);
  return std::ranges::any_of(used,
                             [&](const std::string& symbol) { return symbol.starts_with(prefix); });
}

bool uses_libraries(const ShouldInclude& unit, const Situation& situation) {
  if (!situation.library_usage) return false;
  return std::ranges::all_of(unit.library_usage, [&](const auto& library) {
    const auto used = situation.library_usage->find(library.first);
    return used != situation.library_usage->end() &&
           std::ranges::all_of(library.second, [&](const std::string& symbol) {
             return uses_symbol(used->second, symbol);
           });
  });
}

bool is_operating_system(const std::vector<OperatingSystem>& systems, const Situation& situation) {
  if (systems.empty()) return true;  // an empty list asks for nothing
  return std::ranges::any_of(systems, [&](const OperatingSystem& system) {
    return (!system.name || *system.name == situation.operating_system) &&
           (!system.version || *system.version == situation.operating_system_version);
  });
}

// `null` in a list stands for a value that is not provided.
template <class T>
bool is_in(const Choice<std::optional<T>>& choice, const std::optional<T>& value) {
  return (std::ranges::find(choice.values, value) != choice.values.end()) != choice.negated;
}

bool has_gpu(const Choice<std::optional<std::string>>& choice,
             const std::vector<std::string>& gpus) {
  const auto is_listed = [&](const std::optional<std::string>& gpu) {
    return std::ranges::find(choice.values, gpu) != choice.values.end();
  };
  const bool any = gpus.empty() ? is_listed(std::nullopt) : std::ranges::any_of(gpus, is_listed);
  return any != choice.negated;
}

bool has_flags(const Choice<CpuFlag>& choice, const Situation& situation) {
  return std::ranges::all_of(choice.values, [&](CpuFlag flag) {
    const auto has = has_flag(situation, flag);
    return has && *has != choice.negated;
  });
}

bool is_hardware(const HardwareDemand& demand, const Situation& situation) {
  return (!demand.cpu_families || is_in(*demand.cpu_families, situation.cpu_family)) &&
         (!demand.cpu_models || is_in(*demand.cpu_models, situation.cpu_model)) &&
         (!demand.cpu_flags || has_flags(*demand.cpu_flags, situation)) &&
         (!demand.gpu_models || has_gpu(*demand.gpu_models, situation.gpu_models));
}

bool is_version(const VersionDemand& demand, const std::optional<std::string>& value) {
  if (demand.none) return !value;
  if (demand.range.any()) return true;
  if (!value) return false;
  const auto version = pep::Version::parse(*value);
  return version && demand.range.contains(*version, Prereleases::kIfNamed);
}

struct Image {
  std::string_view name;
  std::optional<std::string_view> tag;
};

// The last colon parts the tag, unless it belongs to a registry's port.
Image split_image(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t colon = image.rfind(':');
  if (colon == std::string_view::npos || image.find('/', colon) != std::string_view::npos)
    return {image, std::nullopt};
  return {image.substr(0, colon), image.substr(colon + 1)};
}

bool is_image(const std::optional<std::string>& pattern, const std::optional<std::string>& image) {
  if (!pattern || !image) return !pattern && !image;
  const Image wanted = split_image(*pattern);
  const Image used = split_image(*image);
  if (wanted.name != used.name) return false;
  if (!wanted.tag || !used.tag) return true;
  if (wanted.tag->ends_with('*'))
    return used.tag->starts_with(wanted.tag->substr(0, wanted.tag->size() - 1));
  return *wanted.tag == *used.tag;
}

bool is_base_image(const Choice<std::optional<std::string>>& choice, const Situation& situation) {
  const bool any = std::ranges::any_of(
      choice.values, [&](const auto& pattern) { return is_image(pattern, situation.base_image); });
  return any != choice.negated;
}

bool has_symbols(const Choice<std::string>& choice, const std::vector<std::string>& symbols) {
  return std::ranges::all_of(choice.values, [&](const std::string& symbol) {
    return std::ranges::binary_search(symbols, symbol) != choice.negated;
  });
}

bool is_record(const RpmDemand& demand, const PackageRecord& record) {
  const auto equals = [](const std::optional<std::string>& wanted, const std::string& value) {
    return !wanted || *wanted == value;
  };
  return demand.package_name == record.package_name && equals(demand.arch, record.arch) &&
         equals(demand.epoch, record.epoch) &&
         equals(demand.package_identifier, record.package_identifier) &&
         equals(demand.package_version, record.package_version) &&
         equals(demand.release, record.release) && (!demand.src || *demand.src == record.src);
}

// Programs that RPM, dpkg and apk pack under one name, so that its absence means something in each
// of them.
bool has_common_name(std::string_view name) {
  constexpr std::array<std::string_view, 19> kNames = {
      "bash",  "binutils", "bzip2",   "cmake", "curl", "ffmpeg",  "gcc",
      "git",   "git-core", "git-lfs", "gzip",  "make", "openssl", "perl",
      "rsync", "tar",      "unzip",   "wget",  "zip"};
  return std::ranges::find(kNames, name) != kNames.end();
}

bool has_rpms(const Choice<RpmDemand>& choice, const Situation& situation) {
  return std::ranges::all_of(choice.values, [&](const RpmDemand& demand) {
    const bool is_there =
        std::ranges::any_of(*situation.packages,
                            [&](const PackageRecord& record) { return is_record(demand, record); });
    if (is_there) return !choice.negated;
    return choice.negated && (situation.rpm_names || has_common_name(demand.package_name));
  });
}

bool is_installed(const PythonPackageDemand& demand, const PythonPackageRecord& record) {
  if (demand.name != record.name) return false;
  if (demand.location && !matches_location(*demand.location, record.location)) return false;
  const auto version = pep::Version::parse(record.version);
  if (!version) return demand.version.any();
  return demand.version.contains(*version, Prereleases::kIfNamed);
}

bool has_python_packages(const Choice<PythonPackageDemand>& choice, const Situation& situation) {
  return std::ranges::all_of(choice.values, [&](const PythonPackageDemand& demand) {
    return std::ranges::any_of(*situation.python_packages, [&](const PythonPackageRecord& record) {
             return is_installed(demand, record);
           }) != choice.negated;
  });
}

std::string shown(const std::optional<std::string>& value, std::string_view what) {
  return value ? fmt::format("{} is {}", what, *value) : fmt::format("there is no {}", what);
}

bool check_versions(Check& check, const RuntimeEnvironments& demands, const Situation& situation) {
  struct Row {
    const std::optional<VersionDemand>& demand;
    const std::optional<std::string>& value;
    std::string_view condition;
    std::string_view what;
  };
  const std::optional<std::string> python =
      situation.python_version.empty() ? std::nullopt
                                       : std::optional<std::string>(situation.python_version);
  const std::array rows = {
      Row{demands.python_version, python, "runtime_environments.python_version", "Python"},
      Row{demands.cuda_version, situation.cuda_version, "runtime_environments.cuda_version",
          "CUDA"},
      Row{demands.openblas_version, situation.openblas_version,
          "runtime_environments.openblas_version", "OpenBLAS"},
      Row{demands.openmpi_version, situation.openmpi_version,
          "runtime_environments.openmpi_version", "Open MPI"},
      Row{demands.cudnn_version, situation.cudnn_version, "runtime_environments.cudnn_version",
          "cuDNN"},
      Row{demands.mkl_version, situation.mkl_version, "runtime_environments.mkl_version", "MKL"}};
  return std::ranges::all_of(rows, [&](const Row& row) {
    return check.require(!row.demand || is_version(*row.demand, row.value), row.condition, [&] {
      return fmt::format("{}, and {} is asked for", shown(row.value, row.what),
                         row.demand->none ? std::string("none") : row.demand->range.text());
    });
  });
}

bool check_image(Check& check, const RuntimeEnvironments& demands, const Situation& situation) {
  const auto not_known = [](std::string_view what) {
    return [what] { return fmt::format("what {} the image has is not known", what); };
  };
  const auto differs = [] {
    return std::string("the image does not have what is asked for, or has what must not be there");
  };
  if (demands.abi) {
    constexpr std::string_view kAbi = "runtime_environments.abi";
    if (!check.require(situation.symbols.has_value(), kAbi, not_known("symbols")) ||
        !check.require(has_symbols(*demands.abi, *situation.symbols), kAbi, differs)) {
      return false;
    }
  }
  if (demands.rpm_packages) {
    constexpr std::string_view kRpms = "runtime_environments.rpm_packages";
    if (!check.require(situation.packages.has_value(), kRpms, not_known("packages")) ||
        !check.require(has_rpms(*demands.rpm_packages, situation), kRpms, differs)) {
      return false;
    }
  }
  if (demands.python_packages) {
    constexpr std::string_view kPackages = "runtime_environments.python_packages";
    return check.require(situation.python_packages.has_value(), kPackages,
                         not_known("Python packages")) &&
           check.require(has_python_packages(*demands.python_packages, situation), kPackages,
                         differs);
  }
  return true;
}

bool check_environment(Check& check, const RuntimeEnvironments& demands,
                       const Situation& situation) {
  return check.require(!demands.operating_systems ||
                           is_operating_system(*demands.operating_systems, situation),
                       "runtime_environments.operating_systems",
                       [&] {
                         return situation.operating_system.empty()
                                    ? std::string("the operating system is not known")
                                    : fmt::format("the operating system is {} {}",
                                                  situation.operating_system,
                                                  situation.operating_system_version);
                       }) &&
         check.require(demands.hardware.empty() ||
                           std::ranges::any_of(demands.hardware,
                                               [&](const HardwareDemand& demand) {
                                                 return is_hardware(demand, situation);
                                               }),
                       "runtime_environments.hardware",
                       [] { return std::string("the hardware is another"); }) &&
         check_versions(check, demands, situation) &&
         check.require(!demands.platforms || is_in(*demands.platforms, situation.platform),
                       "runtime_environments.platforms",
                       [&] { return shown(situation.platform, "platform"); }) &&
         check.require(!demands.base_images || is_base_image(*demands.base_images, situation),
                       "runtime_environments.base_images",
                       [&] { return shown(situation.base_image, "base image"); }) &&
         check_image(check, demands, situation);
}

bool check_all(Check& check, const ShouldInclude& unit, const Situation& situation) {
  return check.require(unit.enabled, "times",
                       [] { return std::string("the unit is switched off: times is 0"); }) &&
         check.require(
             situation.decision_type || unit.adviser_pipeline, "adviser_pipeline",
             [] {
               return std::string("the unit is not meant for advise: adviser_pipeline is not true");
             }) &&
         check.require(
             !situation.decision_type || unit.dependency_monkey_pipeline,
             "dependency_monkey_pipeline",
             [] {
               return std::string(
                   "the unit is not meant for monkey: dependency_monkey_pipeline is not true");
             }) &&
         check.require(!situation.decision_type || !unit.decision_types ||
                           is_in_any(*unit.decision_types, *situation.decision_type),
                       "decision_types",
                       [] { return std::string("the decision type is another"); }) &&
         check.require(situation.decision_type || !unit.recommendation_types ||
                           is_in_any(*unit.recommendation_types, situation.recommendation_type),
                       "recommendation_types",
                       [&] {
                         return fmt::format("the recommendation type is {}",
                                            name_of(situation.recommendation_type));
                       }) &&
         check.require(!unit.authenticated || *unit.authenticated == situation.authenticated,
                       "authenticated",
                       [&] {
                         return fmt::format("the request is {}authenticated",
                                            situation.authenticated ? "" : "not ");
                       }) &&
         check.require(unit.labels.empty() || any_label(unit, situation), "labels",
                       [] { return std::string("the request has none of the labels"); }) &&
         check.require(unit.library_usage.empty() || uses_libraries(unit, situation),
                       "library_usage",
                       [&] {
                         return std::string(situation.library_usage
                                                ? "the application does not use all of the symbols"
                                                : "what the application uses is not known");
                       }) &&
         check_environment(check, unit.runtime_environments, situation);
}

}  // namespace

Answer includes(const ShouldInclude& should_include, const Situation& situation) {
  Check check(true);
  check_all(check, should_include, situation);
  return check.take();
}

bool is_included(const ShouldInclude& should_include, const Situation& situation) {
  Check check(false);
  return check_all(check, should_include, situation);
}

bool is_index(std::string_view wanted, std::string_view url) {
  const auto trimmed = [](std::string_view text) {
    while (text.ends_with('/')) text.remove_suffix(1);
    return text;
  };
  if (wanted.starts_with('*')) return trimmed(url).ends_with(trimmed(wanted.substr(1)));
  return trimmed(wanted) == trimmed(url);
}

bool matches(const PackagePattern& pattern, const PackageView& package, Prereleases prereleases) {
  if (!pattern.name.empty() && pattern.name != package.name) return false;
  if (pattern.index_url &&
      is_index(pattern.index_url->url, package.index_url) == pattern.index_url->negated) {
    return false;
  }
  if (pattern.develop && *pattern.develop != package.develop) return false;
  return pattern.version.contains(package.version, prereleases);
}

}  // namespace prescriptions
