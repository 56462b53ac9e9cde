// The --environment and --library-usage files.
#include <algorithm>
#include <utility>

#include "pep/name.h"
#include "prescriptions/declared.h"
#include "prescriptions/environment_map.h"
#include "prescriptions/operating_system.h"
#include "prescriptions/situation.h"

namespace prescriptions {
namespace {

// A version or another text; a number is taken as it is spelled, so that 3.10 stays 3.10.
std::optional<std::string> text_of(const Field& field) {
  if (field.is_scalar(ScalarType::kInt) || field.is_scalar(ScalarType::kFloat))
    return std::string(field.text());
  return field.string();
}

std::string take_text(FieldMap& map, std::string_view key, std::string otherwise) {
  const auto field = map.optional(key);
  if (!field || field->is_null()) return otherwise;
  return text_of(*field).value_or(std::move(otherwise));
}

// Null says that there is none; an absent key says nothing.
void take_nullable(FieldMap& map, std::string_view key, std::optional<std::string>& into) {
  const auto field = map.optional(key);
  if (!field) return;
  into = field->is_null() ? std::nullopt : text_of(*field);
}

void take_operating_system(FieldMap& map, Situation& situation) {
  const auto field = map.optional("operating_system");
  if (!field || field->is_null()) return;
  FieldMap system(*field);
  std::string name = take_text(system, "name", situation.operating_system);
  std::string version = take_text(system, "version", situation.operating_system_version);
  system.refuse_others();
  set_operating_system(situation, std::move(name), std::move(version));
}

void take_number(FieldMap& map, std::string_view key, std::optional<std::int64_t>& into) {
  const auto field = map.optional(key);
  if (!field) return;
  into = field->is_null() ? std::nullopt : field->integer();
}

void take_hardware(FieldMap& map, Situation& situation) {
  const auto field = map.optional("hardware");
  if (!field || field->is_null()) return;
  FieldMap hardware(*field);
  if (hardware.has("cpu_family") || hardware.has("cpu_model"))
    situation.cpu_flags.reset();  // of another CPU
  take_number(hardware, "cpu_family", situation.cpu_family);
  take_number(hardware, "cpu_model", situation.cpu_model);
  if (const auto gpu = hardware.optional("gpu_model")) {
    situation.gpu_models.clear();
    if (!gpu->is_null()) {
      if (auto model = text_of(*gpu)) situation.gpu_models.push_back(std::move(*model));
    }
  }
  hardware.refuse_others();
}

void take_labels(FieldMap& map, Situation& situation) {
  const auto field = map.optional("labels");
  if (!field || field->is_null()) return;
  FieldMap labels(*field);
  for (const auto& [key, value] : labels.all()) {
    if (auto text = text_of(value)) situation.labels[key] = std::move(*text);
  }
}

PackageRecord read_record(const Field& field) {
  FieldMap map(field);
  PackageRecord record;
  if (const auto name = map.required("package_name"))
    record.package_name = name->string().value_or("");
  record.epoch = take_text(map, "epoch", "0");
  record.package_version = take_text(map, "package_version", "");
  record.release = take_text(map, "release", "");
  record.arch = take_text(map, "arch", "");
  record.package_identifier = take_text(map, "package_identifier", "");
  if (const auto src = map.optional("src")) record.src = src->boolean().value_or(false);
  map.refuse_others();
  return record;
}

PythonPackageRecord read_python_record(const Field& field) {
  FieldMap map(field);
  PythonPackageRecord record;
  if (const auto name = map.required("package_name"))
    record.name = pep::Name::of(name->string().value_or("")).str();
  record.version = take_text(map, "package_version", "");
  record.location = take_text(map, "location", "");
  map.refuse_others();
  return record;
}

void take_image(FieldMap& map, Situation& situation) {
  if (const auto field = map.optional("rpm_packages"); field && !field->is_null()) {
    std::vector<PackageRecord> records;
    for (const std::vector<Field> items = field->list(0); const Field& item : items)
      records.push_back(read_record(item));
    situation.packages = std::move(records);
    situation.rpm_names = true;
  }
  if (const auto field = map.optional("python_packages"); field && !field->is_null()) {
    std::vector<PythonPackageRecord> records;
    for (const std::vector<Field> items = field->list(0); const Field& item : items) {
      records.push_back(read_python_record(item));
    }
    situation.python_packages = std::move(records);
  }
  if (const auto field = map.optional("symbols"); field && !field->is_null()) {
    std::vector<std::string> symbols = read_strings(*field, 0);
    std::ranges::sort(symbols);
    situation.symbols = std::move(symbols);
  }
}

DeclaredEnvironment read_all(FieldMap& map, Situation& situation) {
  DeclaredEnvironment declared;
  declared.name = take_text(map, "name", "");
  take_operating_system(map, situation);
  take_hardware(map, situation);
  take_nullable(map, "python_version", declared.python_version);
  if (declared.python_version) situation.python_version = *declared.python_version;
  take_nullable(map, "cuda_version", situation.cuda_version);
  take_nullable(map, "cudnn_version", situation.cudnn_version);
  take_nullable(map, "mkl_version", situation.mkl_version);
  take_nullable(map, "openblas_version", situation.openblas_version);
  take_nullable(map, "openmpi_version", situation.openmpi_version);
  take_nullable(map, "platform", situation.platform);
  take_nullable(map, "base_image", situation.base_image);
  take_labels(map, situation);
  if (const auto type = map.optional("recommendation_type"); type && !type->is_null()) {
    declared.recommendation_type = recommendation_type_of(type->text());
    if (!declared.recommendation_type)
      type->one_of({"latest", "stable", "testing", "performance", "security"});
  }
  take_image(map, situation);
  map.refuse_others();
  return declared;
}

}  // namespace

DeclaredEnvironment read_environment_map(FieldMap& map, Situation& situation) {
  return read_all(map, situation);
}

pep::Result<DeclaredEnvironment> read_environment_text(const std::string& text,
                                                       const std::string& path,
                                                       Situation& situation) {
  DeclaredEnvironment declared;
  Situation changed = situation;
  const pep::Status status = read_declared_text(text, path, [&](const Field& root) {
    FieldMap map(root);
    if (map.valid()) declared = read_all(map, changed);
  });
  if (!status) return status.error();
  situation = std::move(changed);
  return declared;
}

pep::Result<DeclaredEnvironment> read_environment(const std::string& path, Situation& situation) {
  DeclaredEnvironment declared;
  Situation changed = situation;
  const pep::Status status = read_declared(path, [&](const Field& root) {
    FieldMap map(root);
    if (map.valid()) declared = read_all(map, changed);
  });
  if (!status) return status.error();
  situation = std::move(changed);
  return declared;
}

pep::Status read_library_usage(const std::string& path, Situation& situation) {
  std::map<std::string, std::vector<std::string>> usage;
  const pep::Status status = read_declared(path, [&](const Field& root) {
    FieldMap map(root);
    for (const auto& [library, symbols] : map.all()) usage[library] = read_strings(symbols, 0);
  });
  if (status) situation.library_usage = std::move(usage);
  return status;
}

}  // namespace prescriptions
