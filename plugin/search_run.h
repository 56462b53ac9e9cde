// The search for a better stack as a stage of a run: what the options ask of it, what is told while
// it lasts.
#pragma once

#include <cstdint>
#include <vector>

#include "plugin/inputs.h"
#include "plugin/options.h"
#include "plugin/report/report.h"
#include "plugin/run.h"
#include "resolver/learn/learn.h"

namespace plugin {

struct SearchRun {
  const AdviseOptions& options;
  const Inputs& inputs;
  bool latest = false;  // the recommendation type
  const ProgressSink& progress;
};

// What is to be reported of the search but its figures goes into `report`.
pep::Result<resolver::learn::Learned> search_better(
    const SearchRun& run, resolver::index::Client& client, resolver::pipeline::Problem& problem,
    resolver::learn::Guide& guide, resolver::solve::Solver& solver,
    const std::vector<resolver::solve::Provider::Chosen>& first, Report& report);

// Of the random numbers: what was asked for, else by the inputs' digests.
std::uint64_t seed_of(const AdviseOptions& options, const Inputs& inputs);

// What ages of releases are counted to: by the day, so that runs of a day agree.
std::int64_t today(const Inputs& inputs);

}  // namespace plugin
