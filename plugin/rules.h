// The prescriptions of a run, compiled: the shipped ones, compiled files, and YAML that is compiled
// when it is first used and kept in the store's directory under the digest of its files' names,
// sizes and times.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pep/result.h"
#include "prescriptions/compiled.h"
#include "prescriptions/read.h"
#include "resolver/index/client.h"

namespace plugin {

struct Rules {
  std::vector<prescriptions::CompiledRules> books;
  std::vector<std::string> warnings;
};

struct RulesWanted {
  bool shipped = true;
  std::vector<std::string> sources;            // as RuleSources takes them
  std::string cache_directory;                 // empty: nothing is kept
  resolver::index::ClientOptions client = {};  // how servers are reached
};
pep::Result<Rules> open_rules(const RulesWanted& wanted);

// Removes what was kept compiled in a store's directory; the bytes that this freed.
std::uint64_t remove_kept_rules(const std::string& cache_directory);

// Compiles what was read; the digest inside is that of the documents' bytes.
std::string compile_rules(const prescriptions::Reading& reading);
// Writes a file whole or not at all.
pep::Status write_rules(const std::string& path, const std::string& bytes);

}  // namespace plugin
