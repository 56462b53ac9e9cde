// The order of a justification, the same in every format.
#include "plugin/report/report.h"

#include <algorithm>
#include <tuple>

namespace plugin {

std::string_view title_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kLocked:
      return "Locked";
    case Outcome::kNoSolution:
      return "No solution";
    case Outcome::kNotAcceptable:
      return "Not acceptable";
    case Outcome::kUnavailable:
      return "Index not available";
    case Outcome::kError:
      break;
  }
  return "Error";
}

std::vector<ReportEntry> sorted_justification(std::vector<ReportEntry> justification) {
  const auto key = [](const ReportEntry& entry) {
    static const std::string none;
    const std::string& package = entry.package_name ? *entry.package_name : none;
    const std::string& unit = entry.unit ? *entry.unit : none;
    return std::tie(package, entry.type, entry.message, entry.link, unit);
  };
  std::ranges::sort(justification,
                    [&](const ReportEntry& a, const ReportEntry& b) { return key(a) < key(b); });
  return justification;
}

}  // namespace plugin
