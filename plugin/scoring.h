// The units in C++ that the user asked for: advisories and scores of releases.
#pragma once

#include <memory>
#include <vector>

#include "pep/result.h"
#include "plugin/options.h"
#include "resolver/pipeline/advisories.h"
#include "resolver/pipeline/unit.h"
#include "rpmenv/target.h"

namespace plugin {

struct Scoring {
  std::unique_ptr<resolver::pipeline::AdvisoryBook> advisories;
  std::vector<std::unique_ptr<resolver::pipeline::NativeUnit>> units;
  std::vector<const resolver::pipeline::NativeUnit*> list() const;
};

// `now`: what ages are counted to, as seconds since the epoch.
pep::Result<Scoring> open_scoring(const AdviseOptions& options, const rpmenv::Target& target,
                                  std::int64_t now);

}  // namespace plugin
