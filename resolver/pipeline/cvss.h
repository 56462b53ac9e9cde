// The base score of a CVSS vector, versions 2.0, 3.0 and 3.1. (Scores of version 4 come from a
// table of expert votes that is not part of this program.)
#pragma once

#include <optional>
#include <string_view>

namespace resolver::pipeline {

std::optional<double> cvss_base_score(std::string_view vector);
const char* cvss_severity(double score);  // "CRITICAL", "HIGH", "MEDIUM", "LOW", "NONE"

}  // namespace resolver::pipeline
