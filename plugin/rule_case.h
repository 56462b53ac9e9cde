// A test of rules as authors declare it (prescriptions/schema.md, "Tests"): small indexes, what the
// image is, what is asked, and what must come of it. Knows nothing of how it is run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pep/result.h"

namespace plugin {

struct DeclaredRelease {
  std::string name;
  std::string version;
  std::vector<std::string> needs;  // requirements
  bool unfit = false;              // it has no file for the target
};

struct RuleCase {
  std::string name;
  std::string file;
  int line = 0;
  std::vector<DeclaredRelease> index, other;
  std::string index_path = "simple", other_path = "simple";  // ends of the indexes' URLs
  std::vector<std::string> ask, develop, constraints;
  std::string rules;          // a document; empty: the rules under test
  std::string environment;    // YAML of --environment
  std::string library_usage;  // JSON of --library-usage
  std::string python = "3.11";
  std::string type;  // --recommendation-type
  std::uint32_t count = 1;

  std::vector<std::vector<std::string>> locked;  // one list a product
  std::vector<std::string> refused;  // what the explanation says; then nothing is locked
  // Of the first stack. `units`: bare names of all units that say something.
  std::optional<std::vector<std::string>> stack_info, justification, locked_develop, units;
  std::optional<double> score;
  std::optional<std::int64_t> visited;
  std::map<std::string, std::vector<std::string>> dependencies;
};

// All cases of a file. What is wrong with it: kConfig, with its place.
pep::Result<std::vector<RuleCase>> read_rule_cases(const std::string& path);

}  // namespace plugin
