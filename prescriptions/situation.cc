// Facts about an image in the words that rules use.
#include "prescriptions/situation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fmt/format.h"
#include "pep/name.h"
#include "prescriptions/operating_system.h"

namespace prescriptions {
namespace {

std::optional<std::string> version_of(const std::optional<rpmenv::Accelerator>& accelerator) {
  if (!accelerator) return std::nullopt;
  return accelerator->version;
}

// Rules speak of CUDA and cuDNN by major and minor version: "==11.2" means 11.2.152 too.
std::optional<std::string> minor_version_of(const std::optional<rpmenv::Accelerator>& accelerator) {
  if (!accelerator) return std::nullopt;
  const std::string& version = accelerator->version;
  const std::size_t dot = version.find('.');
  return dot == std::string::npos ? version : version.substr(0, version.find('.', dot + 1));
}

PackageRecord record_of(const rpmenv::Package& package) {
  PackageRecord record;
  record.package_name = package.name;
  record.epoch = std::to_string(package.epoch.value_or(0));
  record.package_version = package.version;
  record.release = package.release.value_or("");
  record.arch = package.arch;
  record.package_identifier = package.owner_id();
  return record;
}

// A damaged database says what is there, but not what is missing; for rules it is not known.
void take_packages(const rpmenv::Facts& facts, Situation& situation) {
  const auto is_whole = [](const rpmenv::Database& database) {
    return database.used && database.status == rpmenv::DatabaseStatus::kOk;
  };
  const auto is_damaged = [](const rpmenv::Database& database) {
    return database.used && database.status != rpmenv::DatabaseStatus::kOk &&
           database.status != rpmenv::DatabaseStatus::kMissing;
  };
  if (std::ranges::any_of(facts.databases, is_damaged)) return;
  if (facts.packages.empty() && std::ranges::none_of(facts.databases, is_whole)) return;
  std::vector<PackageRecord> records;
  records.reserve(facts.packages.size());
  situation.rpm_names = false;
  for (const rpmenv::Package& package : facts.packages) {
    situation.rpm_names = situation.rpm_names || package.kind == "rpm";
    records.push_back(record_of(package));
  }
  const auto is_rpm = [&](const rpmenv::Database& database) {
    return is_whole(database) && database.kind == "rpm";
  };
  situation.rpm_names = situation.rpm_names || std::ranges::any_of(facts.databases, is_rpm);
  std::ranges::stable_sort(records, {}, &PackageRecord::package_name);
  situation.packages = std::move(records);
}

void take_distributions(const rpmenv::Facts& facts, Situation& situation) {
  std::vector<PythonPackageRecord> records;
  records.reserve(facts.distributions.size());
  for (const rpmenv::Distribution& distribution : facts.distributions) {
    records.push_back({pep::Name::of(distribution.name).str(), distribution.version,
                       "/" + distribution.location});
  }
  std::ranges::stable_sort(records, {}, &PythonPackageRecord::name);
  situation.python_packages = std::move(records);
}

void take_symbols(const rpmenv::Facts& facts, Situation& situation) {
  std::vector<std::string> symbols;
  for (const rpmenv::Library& library : facts.libraries) {
    symbols.insert(symbols.end(), library.defines.begin(), library.defines.end());
  }
  std::ranges::sort(symbols);
  const auto rest = std::ranges::unique(symbols);
  symbols.erase(rest.begin(), rest.end());
  situation.symbols = std::move(symbols);
}

}  // namespace

void set_operating_system(Situation& situation, std::string name, std::string version) {
  if (name == "ubi") name = "rhel";
  // Rules are written for a major version of RHEL: its minor ones keep their ABI.
  if (name == "rhel") version = version.substr(0, version.find('.'));
  situation.operating_system = std::move(name);
  situation.operating_system_version = std::move(version);
}

Situation situation_of(const rpmenv::Target& target, const rpmenv::Facts* facts) {
  Situation situation;
  situation.python_version =
      fmt::format("{}.{}", target.python.release(0), target.python.release(1));
  if (!target.environment.platform_machine.empty())
    situation.platform = "linux-" + target.environment.platform_machine;
  if (facts == nullptr) return situation;
  set_operating_system(situation, facts->os.id, facts->os.version_id);
  if (!situation.platform && !facts->architecture.empty())
    situation.platform = "linux-" + facts->architecture;
  situation.cuda_version = minor_version_of(facts->accelerators.cuda);
  situation.cudnn_version = minor_version_of(facts->accelerators.cudnn);
  situation.mkl_version = version_of(facts->accelerators.mkl);
  situation.openblas_version = version_of(facts->accelerators.openblas);
  situation.openmpi_version = version_of(facts->accelerators.openmpi);
  situation.cpu_family = facts->hardware.cpu.family;
  situation.cpu_model = facts->hardware.cpu.model;
  if (!facts->hardware.cpu.flags.empty()) situation.cpu_flags = facts->hardware.cpu.flags;
  situation.gpu_models = facts->hardware.gpus;
  take_packages(*facts, situation);
  take_distributions(*facts, situation);
  take_symbols(*facts, situation);
  return situation;
}

std::optional<RecommendationType> recommendation_type_of(std::string_view name) {
  constexpr std::array kAll = {RecommendationType::kLatest, RecommendationType::kStable,
                               RecommendationType::kTesting, RecommendationType::kPerformance,
                               RecommendationType::kSecurity};
  for (const RecommendationType type : kAll) {
    if (name == name_of(type)) return type;
  }
  return std::nullopt;
}

}  // namespace prescriptions
