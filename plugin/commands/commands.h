// One function per command: carries it out, prints, returns the exit code.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
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
int run_config(const ConfigOptions& options);
int run_labels(const LabelsOptions& options);
int run_provenance(const ProvenanceOptions& options);
int run_build_hook(const BuildHookOptions& options);
int run_usage(const UsageOptions& options);
int run_prescriptions(const PrescriptionsOptions& options);

// What pip, as the options say, installs without a lock of ours.
int run_pip(const InstallOptions& options, const std::vector<std::string>& arguments);

// What `config` writes; a sentence on it, or with dry_run the text.
pep::Result<std::string> write_configuration(const ConfigOptions& options);

}  // namespace plugin
