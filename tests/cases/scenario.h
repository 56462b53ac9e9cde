// A scenario file (TOML): a small index, a question and the answer that a resolver must give.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plugin/options.h"
#include "tests/support/distribution.h"

namespace cases {

struct Scenario {
  std::string name;
  std::string left_out;  // why it is not run; empty if it is
  std::vector<support::Release> releases;
  plugin::AdviseOptions options;  // without the index
  bool satisfiable = true;
  std::map<std::string, std::string> packages;  // empty: any that satisfy
};

// The files below `directory`, sorted by path; empty if there is none.
std::vector<std::string> scenario_files(const std::string& directory);
Scenario read_scenario(const std::string& path);

}  // namespace cases
