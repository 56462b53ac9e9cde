// Scores the age of a release: one that few can have tried so far, and one that nobody looks after
// any more. In steps, so that releases of nearly the same age are alike.
#include "fmt/format.h"
#include "resolver/pipeline/steps/score_unit.h"

namespace resolver::pipeline {

namespace {

constexpr std::int64_t kDay = 86400;

class ReleaseAge final : public ScoreUnit {
 public:
  explicit ReleaseAge(std::int64_t now) : now_(now) {}
  std::string_view name() const override { return "ReleaseAge"; }

  double score(const AppraisedPackage& package) const override {
    const std::int64_t days = age(package);
    if (days < 0) return 0;
    if (days < 7) return -0.1;
    if (days < 3 * 365) return 0;
    return days < 6 * 365 ? -0.05 : -0.1;
  }

  void explain(const AppraisedPackage& package,
               std::vector<prescriptions::Entry>& entries) const override {
    const std::int64_t days = age(package);
    if (score(package) == 0) return;
    entries.push_back(
        entry_about(package, prescriptions::Severity::kWarning,
                    days < 7 ? fmt::format("{} {} was released {} days ago: few can have tried it",
                                           package.name, package.version->str(), days)
                             : fmt::format("{} {} was released {} years ago", package.name,
                                           package.version->str(), days / 365)));
  }

 private:
  // Days since the first of its files; negative if the index does not say.
  std::int64_t age(const AppraisedPackage& package) const {
    std::int64_t first = 0;
    const index::FileRange files = package.page->files(package.version_index);
    for (std::uint32_t file = files.begin; file < files.end; ++file) {
      const std::int64_t time = package.page->facts(file).upload_time;
      if (time > 0 && (first == 0 || time < first)) first = time;
    }
    return first == 0 || first > now_ ? -1 : (now_ - first) / kDay;
  }

  std::int64_t now_;
};

}  // namespace

std::unique_ptr<NativeUnit> make_release_age(std::int64_t now) {
  return std::make_unique<ReleaseAge>(now);
}

}  // namespace resolver::pipeline
