// Units about security advisories: a penalty for each that a version is affected by, or, for the
// type `security`, its removal.
#pragma once

#include <memory>

#include "resolver/pipeline/advisories.h"
#include "resolver/pipeline/unit.h"

namespace resolver::pipeline {

// The book must outlive the plan. `allow-cve` among the labels names advisories that do not count
// (commas between them). Types latest and testing report and do not score.
std::unique_ptr<NativeUnit> make_advisory_penalty(const AdvisoryBook& book);
std::unique_ptr<NativeUnit> make_advisory_sieve(const AdvisoryBook& book);

// Whether a label allows it.
bool is_allowed(const Request& request, const Vulnerability& vulnerability);
prescriptions::Entry entry_about(const Vulnerability& vulnerability, std::string_view package);

}  // namespace resolver::pipeline
