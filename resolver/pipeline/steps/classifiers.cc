// Scores what a release says of itself in its classifiers: a status below stable, or Python
// versions that do not include the target's.
#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "resolver/pipeline/steps/score_unit.h"

namespace resolver::pipeline {

namespace {

struct Status {
  std::string_view classifier;
  double score;
};
constexpr std::array<Status, 5> kStatuses = {{{"Development Status :: 7 - Inactive", -0.2},
                                              {"Development Status :: 1 - Planning", -0.15},
                                              {"Development Status :: 2 - Pre-Alpha", -0.1},
                                              {"Development Status :: 3 - Alpha", -0.05},
                                              {"Development Status :: 4 - Beta", -0.02}}};
constexpr std::string_view kPython = "Programming Language :: Python :: ";
constexpr double kOtherPython = -0.05;

class Classifiers final : public ScoreUnit {
 public:
  explicit Classifiers(const rpmenv::Target& target)
      : python_(fmt::format("{}.{}", target.python.release(0), target.python.release(1))) {}
  std::string_view name() const override { return "TroveClassifiers"; }

  double score(const AppraisedPackage& package) const override {
    const Status* status = status_of(package);
    return (status != nullptr ? status->score : 0) + (other_python(package) ? kOtherPython : 0);
  }

  void explain(const AppraisedPackage& package,
               std::vector<prescriptions::Entry>& entries) const override {
    if (const Status* status = status_of(package); status != nullptr && status->score <= -0.1) {
      entries.push_back(entry_about(package, prescriptions::Severity::kWarning,
                                    fmt::format("{} {} says of itself: {}", package.name,
                                                package.version->str(), status->classifier)));
    }
    if (!other_python(package)) return;
    entries.push_back(
        entry_about(package, prescriptions::Severity::kWarning,
                    fmt::format("{} {} names the Python versions it is for, and {} is not one",
                                package.name, package.version->str(), python_)));
  }

 private:
  static const Status* status_of(const AppraisedPackage& package) {
    if (package.metadata == nullptr) return nullptr;
    const auto& said = package.metadata->classifiers;
    const auto* found = std::find_if(kStatuses.begin(), kStatuses.end(), [&](const Status& status) {
      return std::find(said.begin(), said.end(), status.classifier) != said.end();
    });
    return found == kStatuses.end() ? nullptr : found;
  }

  // Whether it names minor versions, and not this one.
  bool other_python(const AppraisedPackage& package) const {
    if (package.metadata == nullptr) return false;
    bool named = false;
    for (const std::string& classifier : package.metadata->classifiers) {
      if (!classifier.starts_with(kPython)) continue;
      const std::string_view rest = std::string_view(classifier).substr(kPython.size());
      if (rest == python_) return false;
      named = named || (rest.find('.') != std::string_view::npos &&
                        rest.find_first_not_of("0123456789.") == std::string_view::npos);
    }
    return named;
  }

  std::string python_;
};

}  // namespace

std::unique_ptr<NativeUnit> make_classifiers(const rpmenv::Target& target) {
  return std::make_unique<Classifiers>(target);
}

}  // namespace resolver::pipeline
