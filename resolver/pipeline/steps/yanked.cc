// Scores a release that its authors withdrew: one is taken only where the user pins it or allows
// it.
#include "fmt/format.h"
#include "resolver/pipeline/steps/score_unit.h"

namespace resolver::pipeline {

namespace {

class Yanked final : public ScoreUnit {
 public:
  std::string_view name() const override { return "YankedRelease"; }

  double score(const AppraisedPackage& package) const override {
    return package.file && package.page->facts(*package.file).yanked ? -0.5 : 0;
  }

  void explain(const AppraisedPackage& package,
               std::vector<prescriptions::Entry>& entries) const override {
    if (score(package) == 0) return;
    const std::string_view reason = package.page->facts(*package.file).yanked_reason;
    entries.push_back(
        entry_about(package, prescriptions::Severity::kWarning,
                    fmt::format("{} {} was yanked{}{}", package.name, package.version->str(),
                                reason.empty() ? "" : ": ", reason.substr(0, 200))));
  }
};

}  // namespace

std::unique_ptr<NativeUnit> make_yanked() { return std::make_unique<Yanked>(); }

}  // namespace resolver::pipeline
