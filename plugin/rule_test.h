// Runs a declared case of rules: a real resolution against the small indexes it declares, which are
// directories of this machine for as long as it takes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plugin/rule_case.h"

namespace plugin {

struct RuleVerdict {
  std::string name;
  std::string file;
  int line = 0;
  std::vector<std::string> faults;  // sentences; none: it passed
};

struct RuleTestOptions {
  // Of cases without rules of their own; empty: the shipped rules.
  std::vector<std::string> prescriptions;
  // Changes the order in which things are declared, which must change nothing.
  std::function<void(RuleCase&)> reorder;
};
pep::Result<RuleVerdict> run_rule_case(const RuleCase& declared, const RuleTestOptions& options);

std::string rule_verdicts_text(const std::vector<RuleVerdict>& verdicts);
std::string rule_verdicts_json(const std::vector<RuleVerdict>& verdicts);  // seshat.rule-test/1

}  // namespace plugin
