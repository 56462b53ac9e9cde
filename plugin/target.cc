#include "plugin/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "prescriptions/configuration_file.h"
#include "prescriptions/situation.h"
#include "rpmenv/inspect.h"
#include "rpmenv/root.h"

namespace plugin {

namespace pipeline = resolver::pipeline;

namespace {

// The Python that --environment declares counts like --python-version; both must not disagree.
pep::Result<std::optional<std::string>> declared_python(const TargetOptions& asked) {
  if (!asked.environment) return asked.python_version;
  prescriptions::Situation unused;
  auto declared = prescriptions::read_environment(*asked.environment, unused);
  if (!declared) return std::move(declared).error();
  if (!asked.python_version || !declared->python_version) {
    return asked.python_version ? asked.python_version : declared->python_version;
  }
  const std::string& given = *asked.python_version;
  const std::string& said = *declared->python_version;
  if (given != said && !given.starts_with(said + ".") && !said.starts_with(given + ".")) {
    return pep::error(pep::Fault::kEnvironment,
                      fmt::format("--python-version is {}, and {} declares Python {}", given,
                                  *asked.environment, said));
  }
  return asked.python_version;
}

// Rules about packages cannot be held against a database that is not read whole.
pep::Status refuse_damaged_databases(const rpmenv::Facts& facts) {
  for (const rpmenv::Database& database : facts.databases) {
    const bool damaged = database.status != rpmenv::DatabaseStatus::kOk &&
                         database.status != rpmenv::DatabaseStatus::kMissing;
    if (!damaged || !database.used) continue;
    return pep::error(pep::Fault::kEnvironment,
                      fmt::format("the package database {} of {} cannot be read whole: {}",
                                  database.path, facts.root, database.message));
  }
  return pep::Done{};
}

// What the project's configuration or --environment declares; the latter stands for the former's
// entry.
pep::Status take_declared(const TargetOptions& asked, prescriptions::Situation& situation) {
  const auto* file = asked.configuration.get();
  if (file != nullptr && file->recommendation_type) {
    situation.recommendation_type =
        *prescriptions::recommendation_type_of(*file->recommendation_type);
  }
  pep::Result<prescriptions::DeclaredEnvironment> declared{prescriptions::DeclaredEnvironment{}};
  if (asked.environment) {
    declared = prescriptions::read_environment(*asked.environment, situation);
  } else if (asked.declared != nullptr) {
    declared = prescriptions::declare_environment(*file, *asked.declared, situation);
  }
  if (!declared) return std::move(declared).error();
  if (declared->recommendation_type) situation.recommendation_type = *declared->recommendation_type;
  return pep::Done{};
}

}  // namespace

// Without --root, a declared Python and platform are the whole target and no image is read.
pep::Result<ReadTarget> read_target(const TargetOptions& given) {
  TargetOptions asked = given;
  auto python = declared_python(asked);
  if (!python) return std::move(python).error();
  asked.python_version = std::move(*python);
  if (!asked.root && asked.python_version && asked.platform) {
    auto target = rpmenv::declared_target(*asked.python_version, *asked.platform);
    if (!target) return std::move(target).error();
    return ReadTarget{.target = *std::move(target), .facts = nullptr};
  }
  auto root = rpmenv::open_root(asked.root.value_or("/"), asked.image_config);
  if (!root) {
    pep::Error error = std::move(root).error();
    if (error.fault != pep::Fault::kConfig) error.fault = pep::Fault::kEnvironment;
    return error;
  }
  auto facts = rpmenv::inspect(**root, {.packages = true,
                                        .libraries = false,
                                        .distributions = true,
                                        .owners = false,
                                        .search_path = asked.search_path});
  if (!facts) return std::move(facts).error();
  if (auto sound = refuse_damaged_databases(*facts); !sound) return std::move(sound).error();
  auto target = rpmenv::target_of(*facts, asked.python, asked.python_version, asked.platform);
  if (!target) return std::move(target).error();
  return ReadTarget{.target = *std::move(target),
                    .facts = std::make_unique<rpmenv::Facts>(*std::move(facts))};
}

pep::Result<pipeline::Request> request_of(const AdviseOptions& options,
                                          const pipeline::Question& question,
                                          const rpmenv::Target& target,
                                          const rpmenv::Facts* facts) {
  pipeline::Request request;
  request.situation = prescriptions::situation_of(target, facts);
  request.situation.authenticated = options.authenticated;
  if (!options.search.decision_type.empty()) {
    request.situation.decision_type = options.search.decision_type == "all"
                                          ? prescriptions::DecisionType::kAll
                                          : prescriptions::DecisionType::kRandom;
  }
  if (auto declared = take_declared(options.target, request.situation); !declared)
    return std::move(declared).error();
  if (options.recommendation_type) {
    request.situation.recommendation_type =
        *prescriptions::recommendation_type_of(*options.recommendation_type);
  }
  if (options.library_usage) {
    if (auto read = prescriptions::read_library_usage(*options.library_usage, request.situation);
        !read) {
      return std::move(read).error();
    }
  }
  for (const pipeline::RootRequirement& root : question.requirements) {
    const pep::Requirement& requirement = root.requirement;
    if (requirement.marker && !requirement.marker->holds(target.environment)) continue;
    request.direct.push_back(requirement.name.str());
  }
  std::sort(request.direct.begin(), request.direct.end());
  request.direct.erase(std::unique(request.direct.begin(), request.direct.end()),
                       request.direct.end());
  return request;
}

}  // namespace plugin
