#include "plugin/environment_check.h"

#include <fmt/format.h>

#include "plugin/target.h"
#include "prescriptions/configuration_file.h"

namespace plugin {

namespace {

// "9" and "9.4" are the same where one says less.
bool agrees(const std::string& declared, const std::string& found) {
  return declared == found || found.starts_with(declared + ".") ||
         declared.starts_with(found + ".");
}

struct Versions {
  const char* name;
  const std::optional<std::string>& declared;
  const std::optional<std::string>& found;
};

void compare(const Versions& versions, EnvironmentCheck& check) {
  const auto& [name, declared, found] = versions;
  if (declared && !found) {
    check.errors.push_back(
        fmt::format("{} {} is declared, and the image has none", name, *declared));
  } else if (declared && !agrees(*declared, *found)) {
    check.errors.push_back(
        fmt::format("{} {} is declared, and the image has {}", name, *declared, *found));
  } else if (!declared && found) {
    check.warnings.push_back(
        fmt::format("the image has {} {}, which is not declared", name, *found));
  }
}

}  // namespace

pep::Result<prescriptions::Situation> situation_of_image(const TargetOptions& target) {
  TargetOptions plain = target;
  plain.configuration = nullptr;
  plain.declared = nullptr;
  plain.environment.reset();
  auto read = read_target(plain);
  if (!read) return std::move(read).error();
  return prescriptions::situation_of(read->target, read->facts.get());
}

pep::Result<EnvironmentCheck> check_environment(const TargetOptions& target) {
  EnvironmentCheck check;
  if (target.declared == nullptr) return check;
  auto image = situation_of_image(target);
  if (!image) return std::move(image).error();
  prescriptions::Situation declared;
  declared.platform.reset();
  auto read = prescriptions::declare_environment(*target.configuration, *target.declared, declared);
  if (!read) return std::move(read).error();
  if (!declared.operating_system.empty() && declared.operating_system != image->operating_system) {
    check.errors.push_back(fmt::format(
        "the operating system {} is declared, and the image is {}", declared.operating_system,
        image->operating_system.empty() ? "none that says its name" : image->operating_system));
  } else if (!declared.operating_system_version.empty() &&
             !agrees(declared.operating_system_version, image->operating_system_version)) {
    check.errors.push_back(fmt::format("{} {} is declared, and the image is {} {}",
                                       declared.operating_system, declared.operating_system_version,
                                       image->operating_system, image->operating_system_version));
  }
  if (read->python_version && !agrees(*read->python_version, image->python_version)) {
    check.errors.push_back(fmt::format("Python {} is declared, and the one that is used is {}",
                                       *read->python_version, image->python_version));
  }
  if (declared.platform && image->platform && *declared.platform != *image->platform) {
    check.errors.push_back(fmt::format("the platform {} is declared, and the image is of {}",
                                       *declared.platform, *image->platform));
  }
  compare({"CUDA", declared.cuda_version, image->cuda_version}, check);
  compare({"cuDNN", declared.cudnn_version, image->cudnn_version}, check);
  return check;
}

pep::Status refuse_mismatch(const TargetOptions& target, const EnvironmentCheck& check) {
  if (check.errors.empty()) return pep::Done{};
  std::string all;
  for (const std::string& one : check.errors) all += (all.empty() ? "" : "; ") + one;
  pep::Error error =
      pep::error(pep::Fault::kEnvironment,
                 all + "; mend the configuration, or write it anew with `seshat config`");
  error.place = pep::Place{target.configuration->path, target.declared->line, 1};
  return error;
}

}  // namespace plugin
