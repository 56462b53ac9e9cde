#include "resolver/pipeline/steps/score_unit.h"

#include <algorithm>

namespace resolver::pipeline {

prescriptions::Entry entry_about(const AppraisedPackage& package, prescriptions::Severity type,
                                 std::string message) {
  return {.type = type,
          .message = std::move(message),
          .link = {},
          .package_name = std::string(package.name)};
}

pep::Status add_score_units(std::string_view name, const ScoreUnitOptions& options,
                            ScoreUnits& units) {
  const bool all = name == "all";
  bool any = all;
  const auto add = [&](std::string_view called, std::unique_ptr<NativeUnit> unit) {
    if (!all && name != called) return;
    any = true;
    const bool known = std::any_of(units.begin(), units.end(), [&](const auto& other) {
      return other->name() == unit->name();
    });
    if (!known) units.push_back(std::move(unit));
  };
  add("age", make_release_age(options.now));
  add("yanked", make_yanked());
  add("wheels", make_source_build());
  add("size", make_installed_size());
  add("classifiers", make_classifiers(*options.target));
  if (any) return pep::Done{};
  return pep::error(pep::Fault::kUsage,
                    "--score knows no \"" + std::string(name) +
                        "\": it is age, yanked, wheels, size, classifiers or all");
}

}  // namespace resolver::pipeline
