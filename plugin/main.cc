#include <cstdio>
#include <cstring>
#include <exception>

#include "plugin/command_line.h"
#include "plugin/commands/commands.h"
#include "plugin/terminal.h"
#include "plugin/version.h"

namespace {

int carry_out(const plugin::Command& command) {
  struct Visitor {
    int operator()(const plugin::Answered& answered) const {
      std::fputs(answered.text.c_str(), answered.exit_code == 0 ? stdout : stderr);
      return answered.exit_code;
    }
    int operator()(const plugin::AdviseOptions& options) const {
      return plugin::run_advise(options);
    }
    int operator()(const plugin::InspectCommandOptions& options) const {
      return plugin::run_inspect(options);
    }
    int operator()(const plugin::FetchOptions& options) const { return plugin::run_fetch(options); }
    int operator()(const plugin::InstallOptions& options) const {
      return plugin::run_install(options);
    }
    int operator()(const plugin::VerifyOptions& options) const {
      return plugin::run_verify(options);
    }
    int operator()(const plugin::PrescriptionsOptions& options) const {
      return plugin::run_prescriptions(options);
    }
    int operator()(const plugin::MonkeyOptions& options) const {
      return plugin::run_monkey(options);
    }
    int operator()(const plugin::ReportOptions& options) const {
      return plugin::run_report(options);
    }
    int operator()(const plugin::CacheOptions& options) const { return plugin::run_cache(options); }
    int operator()(const plugin::UsageOptions& options) const { return plugin::run_usage(options); }
    int operator()(const plugin::ConfigOptions& options) const {
      return plugin::run_config(options);
    }
    int operator()(const plugin::LabelsOptions& options) const {
      return plugin::run_labels(options);
    }
    int operator()(const plugin::ProvenanceOptions& options) const {
      return plugin::run_provenance(options);
    }
    int operator()(const plugin::BuildHookOptions& options) const {
      return plugin::run_build_hook(options);
    }
    int operator()(const plugin::IndexExportOptions& options) const {
      return plugin::run_index_export(options);
    }
  };
  return std::visit(Visitor{}, command);
}

}  // namespace

int main(int argc, char** argv) {
  // The commonest question of scripts is answered before anything is set up.
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::puts(plugin::kVersionText);
    return 0;
  }
  plugin::end_cleanly_on_signals();
  try {
    return carry_out(plugin::read_command_line(argc, argv));
  } catch (const std::exception& fault) {  // none of ours throws: memory ran out, or a bug
    std::fprintf(stderr, "seshat: internal error: %s [exit code 1]\n", fault.what());
    return 1;
  }
}
