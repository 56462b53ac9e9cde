// The order of a justification, the same in every format.
#include <algorithm>
#include <tuple>

#include "plugin/report/report.h"

namespace plugin {

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
