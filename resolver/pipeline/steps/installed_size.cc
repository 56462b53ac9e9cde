// Scores what a package adds to the image, by the size of its file. In steps, so that releases of
// nearly the same size are alike.
#include "fmt/format.h"
#include "resolver/pipeline/steps/score_unit.h"

namespace resolver::pipeline {

namespace {

constexpr double kMiB = 1024.0 * 1024.0;

class InstalledSize final : public ScoreUnit {
 public:
  std::string_view name() const override { return "InstalledSize"; }

  double score(const AppraisedPackage& package) const override {
    const double size = mebibytes(package);
    if (size < 2) return 0;
    if (size < 10) return -0.01;
    if (size < 50) return -0.03;
    return size < 200 ? -0.08 : -0.2;
  }

  void explain(const AppraisedPackage& package,
               std::vector<prescriptions::Entry>& entries) const override {
    if (score(package) > -0.03) return;  // what is worth a person's attention
    entries.push_back(entry_about(package, prescriptions::Severity::kInfo,
                                  fmt::format("{} {} is a file of {:.0f} MiB", package.name,
                                              package.version->str(), mebibytes(package))));
  }

 private:
  static double mebibytes(const AppraisedPackage& package) {
    return package.file ? static_cast<double>(package.page->facts(*package.file).size) / kMiB : 0;
  }
};

}  // namespace

std::unique_ptr<NativeUnit> make_installed_size() { return std::make_unique<InstalledSize>(); }

}  // namespace resolver::pipeline
