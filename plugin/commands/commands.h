// One function per command: carries it out, prints, returns the exit code.
#pragma once

#include "plugin/options.h"

namespace plugin {

int run_advise(const AdviseOptions& options);
int run_inspect(const InspectCommandOptions& options);
int run_fetch(const FetchOptions& options);
int run_install(const InstallOptions& options);
int run_cache(const CacheOptions& options);
int run_index_export(const IndexExportOptions& options);
int run_verify(const VerifyOptions& options);
int run_monkey(const MonkeyOptions& options);
int run_report(const ReportOptions& options);
int run_prescriptions(const PrescriptionsOptions& options);

}  // namespace plugin
