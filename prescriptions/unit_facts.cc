#include "prescriptions/unit_facts.h"

namespace prescriptions {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

}  // namespace

std::uint32_t rule_count_of(const Unit& unit) {
  const std::size_t count =
      std::visit(Overloaded{[](const Boot&) { return std::size_t{0}; },
                            [](const SkipPackageStep&) { return std::size_t{1}; },
                            [](const Wrap&) { return std::size_t{1}; },
                            [](const ReleaseNotesWrap&) { return std::size_t{1}; },
                            [](const auto& other) { return other.match.size(); }},
                 unit.body);
  return static_cast<std::uint32_t>(count);
}

void for_each_name(const Unit& unit, const std::function<void(std::string_view)>& use) {
  const auto all = [&](const std::vector<PackagePattern>& patterns) {
    for (const PackagePattern& pattern : patterns) use(pattern.name);
  };
  const auto step = [&](const StepMatch& match) {
    use(match.package_version.name);
    all(match.resolved_dependencies);
    all(match.package_version_from);
  };
  const auto first = [&](const std::vector<PackagePattern>& patterns) {
    use(patterns.empty() ? std::string_view() : std::string_view(patterns.front().name));
  };
  std::visit(Overloaded{[&](const Boot& boot) {
                          if (boot.match.empty()) use({});
                          for (const std::string& name : boot.match) use(name);
                        },
                        [&](const Pseudonym& unit_body) { all(unit_body.match); },
                        [&](const Sieve& unit_body) { all(unit_body.match); },
                        [&](const SkipPackageSieve& unit_body) {
                          for (const std::string& name : unit_body.match) use(name);
                        },
                        [&](const Step& unit_body) {
                          for (const StepMatch& match : unit_body.match) step(match);
                        },
                        [&](const SkipPackageStep& unit_body) { step(unit_body.match); },
                        [&](const AddPackageStep& unit_body) {
                          for (const StepMatch& match : unit_body.match) step(match);
                        },
                        [&](const GroupStep& unit_body) {
                          for (const auto& group : unit_body.match) all(group);
                        },
                        [&](const Stride& unit_body) {
                          for (const auto& packages : unit_body.match) {
                            if (packages.empty()) use({});
                            all(packages);
                          }
                        },
                        [&](const Wrap& unit_body) {
                          if (unit_body.match.empty()) use({});
                          for (const auto& packages : unit_body.match) first(packages);
                        },
                        [&](const ReleaseNotesWrap& unit_body) { all(unit_body.match); }},
             unit.body);
}

bool can_score(const Unit& unit) {
  const auto scores = [](const auto& step) {
    return step.score && *step.score != 0 && !step.ending.not_acceptable &&
           !step.ending.eager_stop_pipeline;
  };
  if (const auto* step = std::get_if<Step>(&unit.body)) return scores(*step);
  if (const auto* group = std::get_if<GroupStep>(&unit.body)) return scores(*group);
  return false;
}

bool edits_packages(const Unit& unit) {
  return std::holds_alternative<Pseudonym>(unit.body) ||
         std::holds_alternative<SkipPackageStep>(unit.body) ||
         std::holds_alternative<AddPackageStep>(unit.body);
}

}  // namespace prescriptions
