// Scores a release that has no wheel for the target: it is built where it is installed.
#include "fmt/format.h"
#include "resolver/pipeline/steps/score_unit.h"

namespace resolver::pipeline {

namespace {

class SourceBuild final : public ScoreUnit {
 public:
  std::string_view name() const override { return "SourceBuild"; }

  double score(const AppraisedPackage& package) const override {
    return package.file && package.page->facts(*package.file).kind == index::FileKind::kSdist ? -0.3
                                                                                              : 0;
  }

  void explain(const AppraisedPackage& package,
               std::vector<prescriptions::Entry>& entries) const override {
    if (score(package) == 0) return;
    entries.push_back(entry_about(
        package, prescriptions::Severity::kWarning,
        fmt::format("{} {} has no wheel for this target: it is built from source when installed",
                    package.name, package.version->str())));
  }
};

}  // namespace

std::unique_ptr<NativeUnit> make_source_build() { return std::make_unique<SourceBuild>(); }

}  // namespace resolver::pipeline
