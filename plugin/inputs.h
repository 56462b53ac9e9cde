// Turns the user's files and options into a Question for the resolver.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pep/result.h"
#include "plugin/options.h"
#include "plugin/report/report.h"
#include "resolver/lock/requirements.h"
#include "resolver/pipeline/question.h"
#include "rpmenv/target.h"

namespace plugin {

struct Inputs {
  resolver::lock::Requirements read;                       // files, options, warnings
  std::vector<resolver::lock::RootRequirement> overrides;  // as in `question`, in that order
  std::vector<std::string> manifests;                      // paths that were given or found
  std::vector<Input> digests;
  std::vector<std::string> outputs;  // where the lock goes; empty: nowhere ("-o -" is "-")
  std::optional<resolver::lock::FileRead> pipfile;  // where a Pipfile.lock is to be written
  std::string pipfile_index;  // what pipenv takes where that has no [[source]]; empty: not known
  resolver::pipeline::Question question;
  std::map<pep::Name, pep::Version> earlier;  // all of an existing output file
};

// kConflict for manifests that contradict each other, kMalformed with a place, kNotFound, kUsage.
pep::Result<Inputs> read_inputs(const AdviseOptions& options);

// Makes the hashes of requirements that apply a policy; of several for one name those that all
// admit.
void hold_hashes(resolver::pipeline::Question& question, const rpmenv::Target& target);

// Fault kEnvironment if a manifest's requires-python excludes the target.
pep::Status check_requires_python(const Inputs& inputs, const rpmenv::Target& target);

// Seconds since the epoch: RFC 3339, or a date, which means the end of that day in UTC.
std::optional<std::int64_t> parse_time(const std::string& text);

}  // namespace plugin
