// Tells a report what became of a run: what units say, why nothing was found, why what was found is
// refused.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "plugin/report/report.h"
#include "resolver/index/client.h"
#include "resolver/pipeline/problem.h"
#include "resolver/pipeline/verdict.h"
#include "resolver/solve/solver.h"

namespace plugin {

class Teller {
 public:
  explicit Teller(Report& report) : report_(report) {}

  // No solution, or none that is acceptable: the derivation in sentences, and what to do next.
  void explain(resolver::pipeline::Problem& problem, const resolver::solve::Solver& solver,
               resolver::solve::IncompatibilityId failure, resolver::index::Client& client);
  // What a requirement points at is none that could be taken.
  void tell_no_solution(std::string explanation);
  void refuse(std::string explanation);
  // True, and told, if a stack is none: a unit stops the search, or nothing is left to install.
  bool refuse_what_is_no_stack(resolver::pipeline::Problem& problem,
                               const resolver::pipeline::Stack& stack,
                               const resolver::pipeline::Verdict& verdict);
  void tell_what_was_removed(resolver::pipeline::Problem& problem,
                             const resolver::pipeline::Stack& stack);

 private:
  void say(const resolver::pipeline::RuleHead& head);
  void tell_unmet_requirements(resolver::pipeline::Problem& problem);
  void suggest_names(const resolver::pipeline::Problem& problem,
                     const resolver::solve::Solver& solver,
                     resolver::solve::IncompatibilityId failure, resolver::index::Client& client);

  Report& report_;
  std::set<std::uint32_t> said_;  // units, by number: each is heard once a run
};

}  // namespace plugin
