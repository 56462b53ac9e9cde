// Makes what a report and a lock say of a finished stack.
#pragma once

#include "pep/result.h"
#include "plugin/direct/closure.h"
#include "plugin/report/report.h"
#include "resolver/pipeline/problem.h"
#include "resolver/pipeline/stack.h"
#include "resolver/pipeline/verdict.h"

namespace plugin {

// kIntegrity if an index gives no SHA-256 for any usable file of a package.
pep::Result<Product> product_of(resolver::pipeline::Problem& problem,
                                const resolver::pipeline::Stack& stack,
                                const resolver::pipeline::Verdict& verdict,
                                const direct::Origins& origins);

ReportEntry entry_of(const prescriptions::Entry& entry, const std::string& unit);

}  // namespace plugin
