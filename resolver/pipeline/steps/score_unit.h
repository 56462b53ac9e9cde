// Units in C++ that score each package by itself; one file each. Included only where the user asks
// for them: without any, a resolve costs what it costs without scores.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "resolver/pipeline/appraisal.h"
#include "resolver/pipeline/build_plan.h"
#include "rpmenv/target.h"

namespace resolver::pipeline {

class ScoreUnit : public NativeUnit, public Appraiser {
 public:
  std::string_view unit() const override { return name(); }
  prescriptions::Kind kind() const override { return prescriptions::Kind::kStep; }
  bool should_include(const Request&, const Included&) const override { return true; }
  void contribute(const Request&, PlanBuilder& plan) const override { plan.appraise(*this); }
};

// An entry about a package.
prescriptions::Entry entry_about(const AppraisedPackage& package, prescriptions::Severity type,
                                 std::string message);

struct ScoreUnitOptions {
  std::int64_t now = 0;  // seconds since the epoch: what ages are counted to
  const rpmenv::Target* target = nullptr;
};
using ScoreUnits = std::vector<std::unique_ptr<NativeUnit>>;

std::unique_ptr<NativeUnit> make_release_age(std::int64_t now);
std::unique_ptr<NativeUnit> make_yanked();
std::unique_ptr<NativeUnit> make_source_build();
std::unique_ptr<NativeUnit> make_installed_size();
std::unique_ptr<NativeUnit> make_classifiers(const rpmenv::Target& target);

// Of their short names: age, yanked, wheels, size, classifiers, or all.
pep::Status add_score_units(std::string_view name, const ScoreUnitOptions& options,
                            ScoreUnits& units);

}  // namespace resolver::pipeline
