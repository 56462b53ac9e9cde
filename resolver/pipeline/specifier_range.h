// Version specifiers as ranges over the versions that a package has: PEP 440 containment, without a
// pre-release policy.
#pragma once

#include "pep/specifier.h"
#include "resolver/index/page.h"
#include "resolver/solve/range.h"

namespace resolver::pipeline {

// `keyed`: all_versions_have_keys(page), which makes it a search among integers.
solve::Range range_of(const pep::SpecifierSet& specifiers, const index::Page& page, bool keyed);
bool all_versions_have_keys(const index::Page& page);

}  // namespace resolver::pipeline
