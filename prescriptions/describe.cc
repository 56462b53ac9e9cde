#include "prescriptions/describe.h"

#include "fmt/format.h"

namespace prescriptions {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view last = " and ") {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? std::string(last) : ", ";
    text += words[i];
  }
  return text;
}

std::string all_of(const std::vector<PackagePattern>& patterns) {
  std::vector<std::string> words;
  for (const PackagePattern& pattern : patterns) words.push_back(describe(pattern));
  return joined(words);
}

// A list as "a, b or c", or "none of a, b or c".
template <class T, class Word>
std::string chosen(const Choice<T>& choice, Word word, std::string_view last) {
  std::vector<std::string> words;
  for (const T& value : choice.values) words.push_back(word(value));
  return (choice.negated ? "none of " : "") + joined(words, choice.negated ? " or " : last);
}

std::string nullable(const std::optional<std::string>& value) {
  return value.value_or("none at all");
}
std::string nullable_number(const std::optional<std::int64_t>& value) {
  return value ? std::to_string(*value) : "not known";
}

std::string one(const OperatingSystem& system) {
  return system.name.value_or("any") + (system.version ? " " + *system.version : "");
}

std::string one(const HardwareDemand& demand) {
  std::vector<std::string> words;
  const auto numbers = [&](const char* what, const auto& choice) {
    if (choice)
      words.push_back(fmt::format("{} {}", what, chosen(*choice, nullable_number, " or ")));
  };
  numbers("CPU family", demand.cpu_families);
  numbers("CPU model", demand.cpu_models);
  if (demand.cpu_flags) {
    words.push_back("CPU with " + chosen(
                                      *demand.cpu_flags,
                                      [](CpuFlag flag) { return std::string(name_of(flag)); },
                                      " and "));
  }
  if (demand.gpu_models) words.push_back("GPU " + chosen(*demand.gpu_models, nullable, " or "));
  return words.empty() ? "any" : joined(words);
}

std::string one(const RpmDemand& demand) {
  std::string text = demand.package_name;
  for (const auto* field : {&demand.package_version, &demand.release, &demand.arch}) {
    if (*field) text += " " + **field;
  }
  return text;
}

std::string one(const PythonPackageDemand& demand) {
  return demand.name + (demand.version.any() ? "" : " " + demand.version.text()) +
         (demand.location ? " in " + *demand.location : "");
}

class Conditions {
 public:
  std::vector<std::string> take() { return std::move(lines_); }
  void add(std::string line) { lines_.push_back(std::move(line)); }

  void request(const ShouldInclude& unit) {
    if (!unit.enabled) add("never: times is 0");
    if (!unit.adviser_pipeline) add("never in advise: adviser_pipeline is not true");
    if (unit.recommendation_types) {
      add("the recommendation type is " +
          chosen(
              *unit.recommendation_types,
              [](RecommendationType type) { return std::string(name_of(type)); }, " or "));
    }
    if (unit.authenticated)
      add(*unit.authenticated ? "the request is authenticated"
                              : "the request is not authenticated");
    std::vector<std::string> labels;
    for (const auto& [key, value] : unit.labels) labels.push_back(key + "=" + value);
    if (!labels.empty()) add("the request has the label " + joined(labels, " or "));
    for (const auto& [library, symbols] : unit.library_usage) {
      add(fmt::format("the application uses {} of {}", joined(symbols), library));
    }
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      for (const std::string& name : unit.dependencies[kind]) {
        add(fmt::format("the {} {} takes part", name_of(static_cast<Kind>(kind)), name));
      }
    }
  }

  void environment(const RuntimeEnvironments& demands) {
    if (demands.operating_systems && !demands.operating_systems->empty()) {
      std::vector<std::string> systems;
      for (const OperatingSystem& system : *demands.operating_systems)
        systems.push_back(one(system));
      add("the operating system is " + joined(systems, " or "));
    }
    std::vector<std::string> hardware;
    for (const HardwareDemand& demand : demands.hardware) hardware.push_back(one(demand));
    if (!hardware.empty()) add("the hardware is " + joined(hardware, ", or "));
    version("Python", demands.python_version);
    version("CUDA", demands.cuda_version);
    version("cuDNN", demands.cudnn_version);
    version("MKL", demands.mkl_version);
    version("OpenBLAS", demands.openblas_version);
    version("Open MPI", demands.openmpi_version);
    if (demands.platforms) add("the platform is " + chosen(*demands.platforms, nullable, " or "));
    if (demands.base_images)
      add("the base image is " + chosen(*demands.base_images, nullable, " or "));
    if (demands.abi)
      has(*demands.abi, "symbol version", [](const std::string& symbol) { return symbol; });
    if (demands.rpm_packages)
      has(*demands.rpm_packages, "package", [](const RpmDemand& rpm) { return one(rpm); });
    if (demands.python_packages) {
      has(*demands.python_packages, "Python package",
          [](const PythonPackageDemand& package) { return one(package); });
    }
  }

 private:
  template <class T, class Word>
  void has(const Choice<T>& choice, const char* what, Word word) {
    std::vector<std::string> words;
    for (const T& value : choice.values) words.push_back(word(value));
    const char* plural = words.size() == 1 ? "" : "s";
    if (!choice.negated) add(fmt::format("the image has the {}{} {}", what, plural, joined(words)));
    if (choice.negated && words.size() == 1)
      add(fmt::format("the image does not have the {} {}", what, words[0]));
    if (choice.negated && words.size() > 1)
      add(fmt::format("the image has none of the {}s {}", what, joined(words)));
  }
  void version(const char* what, const std::optional<VersionDemand>& demand) {
    if (!demand) return;
    if (demand->none) add(fmt::format("there is no {}", what));
    if (!demand->none && !demand->range.any())
      add(fmt::format("{} is {}", what, demand->range.text()));
  }

  std::vector<std::string> lines_;
};

std::string ending_of(const Ending& ending, std::string_view what) {
  if (ending.not_acceptable)
    return fmt::format("{} is not acceptable: {}", what, *ending.not_acceptable);
  if (ending.eager_stop_pipeline)
    return fmt::format("the search ends: {}", *ending.eager_stop_pipeline);
  return {};
}

void add_notices(const Notices& notices, const std::string& when, std::vector<std::string>& lines) {
  for (const auto* entries : {&notices.stack_info, &notices.justification}) {
    for (const Entry& entry : *entries) {
      lines.push_back(fmt::format("{}, the report says {}: {} ({})", when, name_of(entry.type),
                                  entry.message, entry.link));
    }
  }
}

std::string when(const StepMatch& match) {
  std::string text = "With " + describe(match.package_version);
  if (!match.package_version_from.empty()) {
    text += " required by " + all_of(match.package_version_from);
    if (!match.package_version_from_allow_other) text += " alone";
  }
  if (!match.resolved_dependencies.empty())
    text += " beside " + all_of(match.resolved_dependencies);
  return text;
}

std::string when(const std::vector<PackagePattern>& patterns) {
  return patterns.empty() ? "With any stack" : "With " + all_of(patterns);
}

class Effects {
 public:
  std::vector<std::string> take() { return std::move(lines_); }

  void operator()(const Boot& boot) {
    std::vector<std::string> names;
    for (const std::string& name : boot.match) {
      if (!name.empty()) names.push_back(name);
    }
    const bool bound = !boot.match.empty() && names.size() == boot.match.size();
    all(bound ? fmt::format("If {} is required directly", joined(names, " or "))
              : "Before anything is resolved",
        ending_of(boot.ending, "everything"), boot.notices);
  }
  void operator()(const Pseudonym& unit) {
    for (const PackagePattern& pattern : unit.match) {
      const std::string version = unit.yield_matched_version ? " of the same version"
                                  : unit.yield->locked_version
                                      ? " " + unit.yield->locked_version->str()
                                      : "";
      all("Where " + describe(pattern) + " is a candidate",
          fmt::format("{}{} is one too", unit.yield->name, version), unit.notices);
    }
  }
  void operator()(const Sieve& unit) {
    for (const PackagePattern& pattern : unit.match) {
      all("Where there is " + describe(pattern), "it is no candidate", unit.notices);
    }
  }
  void operator()(const SkipPackageSieve& unit) {
    all("Where " + joined(unit.match, " or ") + " is required", "it is left out", unit.notices);
  }
  void operator()(const Step& unit) {
    for (const StepMatch& match : unit.match)
      all(when(match), verdict(unit.score, unit.ending), unit.notices);
  }
  void operator()(const SkipPackageStep& unit) {
    all(when(unit.match), "that package is left out", unit.notices);
  }
  void operator()(const AddPackageStep& unit) {
    const std::string version =
        unit.package_version.locked_version ? unit.package_version.locked_version->str() : "";
    for (const StepMatch& match : unit.match) {
      all(when(match), fmt::format("{} {} is added", unit.package_version.name, version),
          unit.notices);
    }
  }
  void operator()(const GroupStep& unit) {
    for (const auto& group : unit.match)
      all(when(group), verdict(unit.score, unit.ending), unit.notices);
  }
  void operator()(const Stride& unit) {
    for (const auto& match : unit.match)
      all(when(match), ending_of(unit.ending, "the stack"), unit.notices);
  }
  void operator()(const Wrap& unit) {
    const auto matches =
        unit.match.empty() ? std::vector<std::vector<PackagePattern>>(1) : unit.match;
    for (const auto& match : matches) {
      all(when(match),
          unit.advised_manifest_changes.empty() ? "" : "changes of the manifest are advised",
          unit.notices);
    }
  }
  void operator()(const ReleaseNotesWrap& unit) {
    for (const PackagePattern& pattern : unit.match) {
      lines_.push_back(fmt::format("With {}, the report links to the release notes of {}/{}",
                                   describe(pattern), unit.organization, unit.repository));
    }
  }

 private:
  static std::string verdict(const std::optional<double>& score, const Ending& ending) {
    const std::string end = ending_of(ending, "the stack");
    if (!end.empty() || !score) return end;
    return fmt::format("the stack's score changes by {:+}", *score);
  }
  void all(const std::string& condition, const std::string& effect, const Notices& notices) {
    if (!effect.empty()) lines_.push_back(condition + ", " + effect);
    add_notices(notices, condition, lines_);
  }

  std::vector<std::string> lines_;
};

}  // namespace

std::string describe(const PackagePattern& pattern) {
  std::string text = pattern.name.empty() ? "any package" : pattern.name;
  if (!pattern.version.text().empty()) text += " " + pattern.version.text();
  if (pattern.index_url) {
    text +=
        (pattern.index_url->negated ? " from any index but " : " from ") + pattern.index_url->url;
  }
  if (pattern.develop) text += *pattern.develop ? " for development" : " not for development";
  return text;
}

std::vector<std::string> conditions_of(const ShouldInclude& should_include) {
  Conditions conditions;
  conditions.request(should_include);
  conditions.environment(should_include.runtime_environments);
  return conditions.take();
}

std::vector<std::string> effects_of(const Body& body) {
  Effects effects;
  std::visit(effects, body);
  return effects.take();
}

}  // namespace prescriptions
