// A rule case (YAML, tests/cases/rules): small indexes, what is asked, prescriptions, and what must
// come of it. See rules/README.md for the keys.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/distribution.h"

namespace cases {

struct RuleCase {
  std::string name;  // "FILE: case"
  std::vector<support::Release> index, other;
  std::vector<std::string> ask, develop, constraints;
  std::string rules;
  std::string environment;  // YAML of --environment
  std::string type;         // --recommendation-type
  std::string count = "1";

  std::vector<std::vector<std::string>> locked;  // one list a product
  std::vector<std::string> refused;  // what the explanation says; then nothing is locked
  std::optional<std::vector<std::string>> stack_info, justification, locked_develop;
  std::optional<double> score;
  std::optional<int> visited;
  std::map<std::string, std::vector<std::string>> requires_;  // the lock's dependencies
};

// All cases of the files in `directory`, sorted by file.
std::vector<RuleCase> read_rule_cases(const std::string& directory);

}  // namespace cases
