// What a run is made for, from the options: the target, the image's facts, and the request that
// units are held against.
#pragma once

#include <memory>

#include "pep/result.h"
#include "plugin/options.h"
#include "resolver/pipeline/build.h"
#include "resolver/pipeline/question.h"
#include "rpmenv/facts.h"
#include "rpmenv/target.h"

namespace plugin {

struct ReadTarget {
  rpmenv::Target target;
  std::unique_ptr<rpmenv::Facts> facts;  // null for a declared target
};

// environment if the image is none, has no such Python or a damaged package database, or
// contradicts what is declared.
pep::Result<ReadTarget> read_target(const TargetOptions& asked);

// The situation of the target as declared and read, and the names that the user requires.
pep::Result<resolver::pipeline::Request> request_of(const AdviseOptions& options,
                                                    const resolver::pipeline::Question& question,
                                                    const rpmenv::Target& target,
                                                    const rpmenv::Facts* facts);

}  // namespace plugin
