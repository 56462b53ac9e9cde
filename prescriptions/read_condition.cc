// The `should_include` block.
#include <utility>

#include "prescriptions/location.h"
#include "prescriptions/read_parts.h"

namespace prescriptions {
namespace {

// A non-empty list, or {not: a non-empty list}; `read` takes one item.
template <class T, class Read>
std::optional<Choice<T>> read_any_choice(const Field& field, Read read) {
  Choice<T> choice;
  const auto take = [&](const Field& list) {
    for (const std::vector<Field> items = list.list(1); const Field& item : items) {
      if (auto value = read(item)) choice.values.push_back(std::move(*value));
    }
  };
  if (!field.is_map()) {
    take(field);
    return choice;
  }
  choice.negated = true;
  FieldMap map(field);
  if (const auto list = map.required("not")) take(*list);
  map.refuse_others();
  return choice;
}

// The same for elements that may be null.
template <class T, class Read>
std::optional<Choice<std::optional<T>>> read_nullable_choice(const Field& field, Read read) {
  return read_any_choice<std::optional<T>>(
      field, [&](const Field& item) -> std::optional<std::optional<T>> {
        if (item.is_null()) return std::optional<std::optional<T>>(std::in_place, std::nullopt);
        auto value = read(item);
        if (!value) return std::nullopt;
        return std::optional<std::optional<T>>(std::in_place, std::move(value));
      });
}

std::optional<Choice<std::optional<std::string>>> read_nullable_strings(const Field& field) {
  return read_nullable_choice<std::string>(field, [](const Field& item) { return item.string(); });
}

std::optional<Choice<std::optional<std::int64_t>>> read_nullable_numbers(const Field& field) {
  return read_nullable_choice<std::int64_t>(field,
                                            [](const Field& item) { return item.integer(); });
}

void take_string(FieldMap& map, std::string_view key, std::optional<std::string>& into) {
  if (const auto field = map.optional(key)) into = field->string();
}

std::vector<OperatingSystem> read_operating_systems(const Field& field) {
  std::vector<OperatingSystem> systems;
  for (const std::vector<Field> items = field.list(0); const Field& item : items) {
    FieldMap map(item);
    OperatingSystem system;
    take_string(map, "name", system.name);
    take_string(map, "version", system.version);
    map.refuse_others();
    systems.push_back(std::move(system));
  }
  return systems;
}

std::vector<HardwareDemand> read_hardware(const Field& field) {
  std::vector<HardwareDemand> demands;
  for (const std::vector<Field> items = field.list(1); const Field& item : items) {
    FieldMap map(item);
    HardwareDemand demand;
    if (const auto families = map.optional("cpu_families"))
      demand.cpu_families = read_nullable_numbers(*families);
    if (const auto models = map.optional("cpu_models"))
      demand.cpu_models = read_nullable_numbers(*models);
    if (const auto gpus = map.optional("gpu_models"))
      demand.gpu_models = read_nullable_strings(*gpus);
    if (const auto flags = map.optional("cpu_flags")) {
      demand.cpu_flags =
          read_any_choice<CpuFlag>(*flags, [](const Field& flag) -> std::optional<CpuFlag> {
            const auto word = flag.one_of({"avx2", "avx512"});
            if (!word) return std::nullopt;
            return static_cast<CpuFlag>(*word);
          });
    }
    map.refuse_others();
    demands.push_back(std::move(demand));
  }
  return demands;
}

std::optional<RpmDemand> read_rpm(const Field& field) {
  FieldMap map(field);
  RpmDemand demand;
  if (const auto name = map.required("package_name"))
    demand.package_name = name->string().value_or("");
  take_string(map, "arch", demand.arch);
  take_string(map, "epoch", demand.epoch);
  take_string(map, "package_identifier", demand.package_identifier);
  take_string(map, "package_version", demand.package_version);
  take_string(map, "release", demand.release);
  if (const auto src = map.optional("src")) demand.src = src->boolean();
  map.refuse_others();
  return demand;
}

std::optional<PythonPackageDemand> read_python_package(const Field& field) {
  FieldMap map(field);
  PythonPackageDemand demand;
  if (const auto name = map.required("name")) demand.name = read_name(*name).value_or("");
  if (const auto version = map.optional("version")) {
    if (auto range = read_range(*version)) demand.version = std::move(*range);
  }
  if (const auto location = map.optional("location"); location && !location->is_null()) {
    demand.location = location->string();
    if (demand.location && !is_location_expression(*demand.location)) {
      location->warning("bad_expression", "this is no regular expression; no location matches it");
    }
  }
  map.refuse_others();
  return demand;
}

void take_version(FieldMap& map, std::string_view key, std::optional<VersionDemand>& into) {
  const auto field = map.optional(key);
  if (!field) return;
  if (field->is_null()) {
    into = VersionDemand{.none = true, .range = {}};
  } else if (auto range = read_range(*field)) {
    into = VersionDemand{.none = false, .range = std::move(*range)};
  }
}

RuntimeEnvironments read_runtime_environments(const Field& field) {
  FieldMap map(field);
  RuntimeEnvironments demands;
  if (const auto systems = map.optional("operating_systems"))
    demands.operating_systems = read_operating_systems(*systems);
  if (const auto hardware = map.optional("hardware")) demands.hardware = read_hardware(*hardware);
  take_version(map, "python_version", demands.python_version);
  take_version(map, "cuda_version", demands.cuda_version);
  take_version(map, "cudnn_version", demands.cudnn_version);
  take_version(map, "mkl_version", demands.mkl_version);
  take_version(map, "openblas_version", demands.openblas_version);
  take_version(map, "openmpi_version", demands.openmpi_version);
  if (const auto platforms = map.optional("platforms"))
    demands.platforms = read_nullable_strings(*platforms);
  if (const auto images = map.optional("base_images"))
    demands.base_images = read_nullable_strings(*images);
  if (const auto abi = map.optional("abi")) {
    demands.abi =
        read_any_choice<std::string>(*abi, [](const Field& symbol) { return symbol.string(); });
  }
  if (const auto rpms = map.optional("rpm_packages"))
    demands.rpm_packages = read_any_choice<RpmDemand>(*rpms, read_rpm);
  if (const auto packages = map.optional("python_packages")) {
    demands.python_packages = read_any_choice<PythonPackageDemand>(*packages, read_python_package);
  }
  map.refuse_others();
  return demands;
}

void read_labels(const Field& field, ShouldInclude& into) {
  FieldMap map(field);
  for (const auto& [key, value] : map.all()) {
    if (auto text = value.string()) into.labels.emplace_back(key, std::move(*text));
  }
}

void read_library_usage(const Field& field, ShouldInclude& into) {
  FieldMap map(field);
  for (const auto& [key, value] : map.all())
    into.library_usage.emplace_back(key, read_strings(value, 1));
}

void read_dependencies(const Field& field, ShouldInclude& into) {
  FieldMap map(field);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (const auto names = map.optional(plural_name_of(static_cast<Kind>(kind)))) {
      into.dependencies[kind] = read_strings(*names, 1);
    }
  }
  map.refuse_others();
}

void take_bool(FieldMap& map, std::string_view key, bool& into) {
  if (const auto field = map.optional(key)) into = field->boolean().value_or(into);
}

}  // namespace

ShouldInclude read_should_include(const Field& field) {
  FieldMap map(field);
  ShouldInclude result;
  if (const auto times = map.optional("times")) {
    const auto count = times->integer();
    if (count && (*count < 0 || *count > 1)) times->error("bad_value", "times must be 0 or 1");
    result.enabled = count.value_or(1) != 0;
  }
  take_bool(map, "adviser_pipeline", result.adviser_pipeline);
  take_bool(map, "dependency_monkey_pipeline", result.dependency_monkey_pipeline);
  if (const auto types = map.optional("recommendation_types")) {
    result.recommendation_types = read_any_choice<RecommendationType>(
        *types, [](const Field& type) -> std::optional<RecommendationType> {
          const auto word = type.one_of({"latest", "stable", "testing", "performance", "security"});
          if (!word) return std::nullopt;
          return static_cast<RecommendationType>(*word);
        });
  }
  if (const auto types = map.optional("decision_types")) {
    result.decision_types =
        read_any_choice<DecisionType>(*types, [](const Field& type) -> std::optional<DecisionType> {
          const auto word = type.one_of({"all", "random"});
          if (!word) return std::nullopt;
          return static_cast<DecisionType>(*word);
        });
  }
  if (const auto authenticated = map.optional("authenticated"))
    result.authenticated = authenticated->boolean();
  if (const auto labels = map.optional("labels")) read_labels(*labels, result);
  if (const auto usage = map.optional("library_usage")) read_library_usage(*usage, result);
  if (const auto environments = map.optional("runtime_environments")) {
    result.runtime_environments = read_runtime_environments(*environments);
  }
  if (const auto dependencies = map.optional("dependencies"))
    read_dependencies(*dependencies, result);
  map.refuse_others();
  return result;
}

}  // namespace prescriptions
