// Removes versions with a known vulnerability, where the type is `security`.
#include "resolver/pipeline/build_plan.h"
#include "resolver/pipeline/steps/advisory_penalty.h"

namespace resolver::pipeline {

namespace {

class AdvisorySieve final : public NativeUnit {
 public:
  explicit AdvisorySieve(const AdvisoryBook& book) : book_(book) {}
  std::string_view name() const override { return "AdvisorySieve"; }
  prescriptions::Kind kind() const override { return prescriptions::Kind::kSieve; }
  bool should_include(const Request& request, const Included&) const override {
    return request.situation.recommendation_type == prescriptions::RecommendationType::kSecurity;
  }
  void contribute(const Request& request, PlanBuilder& plan) const override {
    for (const auto& [package, vulnerabilities] : book_.all()) {
      for (const Vulnerability& one : vulnerabilities) {
        if (is_allowed(request, one)) continue;
        plan.notices({.stack_info = {entry_about(one, package)}, .justification = {}, .log = {}});
        plan.remove({.name = package, .version = {}, .index_url = {}, .develop = {}}, &one);
      }
    }
  }

 private:
  const AdvisoryBook& book_;
};

}  // namespace

std::unique_ptr<NativeUnit> make_advisory_sieve(const AdvisoryBook& book) {
  return std::make_unique<AdvisorySieve>(book);
}

}  // namespace resolver::pipeline
