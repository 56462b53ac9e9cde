// What an image says of how its packages were chosen, in few and short labels: no lists of
// packages.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pep/result.h"

namespace plugin {

using Labels = std::vector<std::pair<std::string, std::string>>;  // sorted

inline constexpr const char* kReportName = "report.json";
inline constexpr const char* kLockName = "pylock.toml";

// Where `build-hook` puts lock and report unless it is told: below APP_ROOT, in the virtual
// environment, or /usr/share/seshat.
std::string report_directory(const std::string& venv);

// From the report and the lock in `directory`, which is `place` in the image. `base_image` may be
// empty.
pep::Result<Labels> labels_of(const std::string& directory, const std::string& place,
                              const std::string& base_image);

// Of the formats that `seshat labels` knows.
std::string labels_text(const Labels& labels, const std::string& format);

}  // namespace plugin
