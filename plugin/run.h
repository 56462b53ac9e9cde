// One run of `advise`: inspect the target, read requirements and prescriptions, build the pipeline,
// resolve, judge. The only place where the rooms are joined. Writes nothing; the report says
// everything.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plugin/index_settings.h"
#include "plugin/options.h"
#include "plugin/report/report.h"

namespace plugin {

struct RunResult {
  Report report;
  std::vector<std::string> warnings;                // for standard error
  std::vector<std::string> details;                 // the same with -v
  std::vector<Setting> settings;                    // for --show-config
  std::vector<std::string> outputs;                 // files the lock is to be written to
  std::optional<resolver::lock::FileRead> pipfile;  // what a Pipfile.lock is made from
  std::string pipfile_index;                        // where that has no [[source]]
  std::optional<pep::Error> failure;                // what report.errors says, with its excerpt
};

// What is under way, for a progress line: a stage's name, and figures while it resolves.
struct Progress {
  std::string stage;
  std::uint64_t pages = 0;
  std::uint64_t metadata = 0;
  std::uint64_t episodes = 0;  // of a search; 0: there is none
  double per_second = 0;
  double best = 0;
  double temperature = 0;
  std::optional<double> bound;
};
using ProgressSink = std::function<void(const Progress&)>;

RunResult advise(const AdviseOptions& options, const ProgressSink& progress);

}  // namespace plugin
