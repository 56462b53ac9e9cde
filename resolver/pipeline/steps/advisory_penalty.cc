#include "resolver/pipeline/steps/advisory_penalty.h"

#include <algorithm>
#include <cctype>

#include "fmt/format.h"
#include "resolver/pipeline/steps/score_unit.h"

namespace resolver::pipeline {

namespace {

using prescriptions::RecommendationType;

constexpr double kPenalty = -0.2;  // each; a package loses 1 at most

class AdvisoryPenalty final : public ScoreUnit {
 public:
  explicit AdvisoryPenalty(const AdvisoryBook& book) : book_(book) {}
  std::string_view name() const override { return "AdvisoryPenalty"; }

  bool should_include(const Request& request, const Included&) const override {
    return request.situation.recommendation_type != RecommendationType::kSecurity;
  }
  void contribute(const Request& request, PlanBuilder& plan) const override {
    request_ = request;
    const RecommendationType type = request.situation.recommendation_type;
    penalty_ =
        type == RecommendationType::kLatest || type == RecommendationType::kTesting ? 0 : kPenalty;
    plan.appraise(*this);
  }

  double score(const AppraisedPackage& package) const override {
    double sum = 0;
    for (const Vulnerability& one : book_.of(package.name))
      sum += counts(one, *package.version) ? penalty_ : 0;
    return std::max(sum, -1.0);
  }

  void explain(const AppraisedPackage& package,
               std::vector<prescriptions::Entry>& entries) const override {
    for (const Vulnerability& one : book_.of(package.name)) {
      if (counts(one, *package.version)) entries.push_back(entry_about(one, package.name));
    }
  }

 private:
  bool counts(const Vulnerability& one, const pep::Version& version) const {
    return one.contains(version) && !is_allowed(request_, one);
  }

  const AdvisoryBook& book_;
  mutable Request request_;
  mutable double penalty_ = kPenalty;
};

}  // namespace

bool is_allowed(const Request& request, const Vulnerability& vulnerability) {
  const auto label = request.situation.labels.find("allow-cve");
  if (label == request.situation.labels.end()) return false;
  std::string_view rest = label->second;
  while (!rest.empty()) {
    std::string one(rest.substr(0, rest.find(',')));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    std::erase_if(one, [](unsigned char c) { return std::isspace(c) != 0; });
    std::transform(one.begin(), one.end(), one.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (vulnerability.names.contains(one)) return true;
  }
  return false;
}

prescriptions::Entry entry_about(const Vulnerability& vulnerability, std::string_view package) {
  std::string severity = vulnerability.severity;
  if (vulnerability.cvss)
    severity += fmt::format("{}CVSS {:.1f}", severity.empty() ? "" : ", ", *vulnerability.cvss);
  const std::string& id = vulnerability.cve_id.empty() ? vulnerability.id : vulnerability.cve_id;
  prescriptions::Entry entry{
      .type = prescriptions::Severity::kWarning,
      .message = fmt::format("{}{}{}", id, severity.empty() ? "" : " (" + severity + ")",
                             vulnerability.summary.empty() ? "" : ": " + vulnerability.summary),
      .link = vulnerability.link,
      .package_name = std::string(package),
      .advisory = vulnerability.id};
  if (!vulnerability.cve_id.empty()) entry.cve_id = vulnerability.cve_id;
  std::string range;
  for (const Affected& one : vulnerability.affected) {
    if (range.empty()) range = one.text();
  }
  if (!range.empty()) entry.version_range = range;
  return entry;
}

std::unique_ptr<NativeUnit> make_advisory_penalty(const AdvisoryBook& book) {
  return std::make_unique<AdvisoryPenalty>(book);
}

}  // namespace resolver::pipeline
