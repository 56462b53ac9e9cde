// `advise --check`: every lock that the command would write is held against what is asked. Writes
// nothing. The store answers first; an index is asked only where it cannot.
#pragma once

#include <map>

#include "plugin/inputs.h"
#include "plugin/run.h"
#include "resolver/index/overlay_client.h"
#include "resolver/lock/lock.h"
#include "resolver/pipeline/plan.h"

namespace plugin {

struct CheckRun {
  const AdviseOptions& options;
  const Inputs& inputs;
  const rpmenv::Target& target;
  const resolver::pipeline::Plan& plan;
  const resolver::index::ClientOptions& client;
  const resolver::index::OverlayClient* directs = nullptr;  // what requirements point at; or null
  const std::map<pep::Name, resolver::lock::DirectOrigin>& origins;  // the same, as locks tell it
};

// Fills the report: locked, or exit code 5 with one error for each reason. unreachable where
// nothing speaks against a lock and not all can be known.
pep::Status check_locks(const CheckRun& run, RunResult& result);

}  // namespace plugin
