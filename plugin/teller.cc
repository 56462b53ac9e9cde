#include "plugin/teller.h"

#include <fmt/format.h>

#include "plugin/exit_code.h"
#include "plugin/product.h"
#include "plugin/repair.h"
#include "plugin/suggest.h"
#include "resolver/pipeline/describe.h"

namespace plugin {

namespace pipeline = resolver::pipeline;
namespace solve = resolver::solve;

void Teller::explain(pipeline::Problem& problem, const solve::Solver& solver,
                     solve::IncompatibilityId failure, resolver::index::Client& client) {
  pipeline::ProblemDescriber describer(problem);
  std::string text = solve::explain(solver, failure, describer);
  const pipeline::RefusalFacts refusals = pipeline::refusals_in(solver, failure, problem);
  for (const pipeline::SieveRule* sieve : refusals.sieves) say(sieve->head);
  for (const pipeline::StackRule* rule : refusals.rules) say(rule->head);
  if (refusals.any()) {
    refuse(text);
  } else {
    report_.outcome = Outcome::kNoSolution;
    report_.exit_code = kNoSolution;
    report_.explanation = std::move(text);
    report_.errors.push_back(
        {.code = "no_solution", .message = "no versions satisfy all requirements"});
  }
  tell_unmet_requirements(problem);
  suggest_names(problem, solver, failure, client);
  report_.explanation += tried_repair(problem, solver, failure, client);
}

// A name that no index has may be a slip of the hand.
void Teller::suggest_names(const pipeline::Problem& problem, const solve::Solver& solver,
                           solve::IncompatibilityId failure, resolver::index::Client& client) {
  std::vector<std::string> known;
  for (solve::PackageId id = 1; id < problem.package_count(); ++id) {
    if (problem.package(id).page != nullptr) known.push_back(problem.package(id).name.str());
  }
  for (solve::IncompatibilityId id : solve::facts_of(solver, failure)) {
    const solve::Incompatibility& fact = solver.incompatibility(id);
    if (fact.cause != solve::Cause::kNoVersions) continue;
    const auto& package = problem.package(fact.literals[0].package);
    if (package.page != nullptr) continue;
    const std::vector<std::string> near = suggestions(package.name, known, client);
    if (near.empty()) continue;
    report_.explanation += fmt::format("Did you mean {}?\n", fmt::join(near, " or "));
  }
}

// An ERROR for each direct requirement that no version fits; without such, one for the whole.
void Teller::tell_unmet_requirements(pipeline::Problem& problem) {
  bool any = false;
  for (const pipeline::RootRequirement& root : problem.question().requirements) {
    if (root.requirement.marker && !root.requirement.marker->holds(problem.target().environment))
      continue;
    const solve::PackageId id = problem.find(root.requirement.name);
    if (id == solve::kNoPackage || problem.fits_any(id, root.requirement.specifiers)) continue;
    pep::Requirement shown = root.requirement;
    shown.marker.reset();
    report_.stack_info.push_back(
        {.type = "ERROR",
         .message = fmt::format("No version of {} can be used in this target", shown.str()),
         .link = "",
         .package_name = root.requirement.name.str()});
    any = true;
  }
  if (any) {
    report_.stack_info.push_back({.type = "INFO",
                                  .message = "Change the requirements named above, or build for a "
                                             "target in which they can be used"});
  } else {
    report_.stack_info.push_back({.type = "ERROR", .message = "There is no acceptable stack"});
  }
}

void Teller::say(const pipeline::RuleHead& head) {
  if (!said_.insert(head.unit_id).second) return;
  for (const prescriptions::Entry& entry : head.notices->stack_info) {
    report_.stack_info.push_back(entry_of(entry, head.unit));
  }
}

void Teller::tell_no_solution(std::string explanation) {
  report_.outcome = Outcome::kNoSolution;
  report_.exit_code = kNoSolution;
  report_.explanation = std::move(explanation) + "\n";
  report_.errors.push_back(
      {.code = "no_solution", .message = "what a requirement points at cannot be used"});
}

void Teller::refuse(std::string explanation) {
  report_.outcome = Outcome::kNotAcceptable;
  report_.exit_code = kNotAcceptable;
  report_.explanation = std::move(explanation);
  report_.errors.push_back(
      {.code = "not_acceptable", .message = "a prescription refuses every stack"});
}

bool Teller::refuse_what_is_no_stack(pipeline::Problem& problem, const pipeline::Stack& stack,
                                     const pipeline::Verdict& verdict) {
  std::string why;
  if (verdict.stop != nullptr) {
    why = fmt::format("{} ends the search before any stack is accepted: {}",
                      verdict.stop->head.unit, verdict.stop->message);
  } else if (stack.packages.empty() && (!problem.skipped().empty() || !stack.left_out.empty())) {
    why = "prescriptions skip every requirement: nothing is left to install";
  } else {
    return false;
  }
  tell_what_was_removed(problem, stack);
  for (const pipeline::ReportedEntry& said : verdict.stack_info) {
    report_.stack_info.push_back(entry_of(*said.entry, said.unit));
  }
  refuse(std::move(why));
  report_.stack_info.push_back({.type = "ERROR", .message = "There is no acceptable stack"});
  return true;
}

void Teller::tell_what_was_removed(pipeline::Problem& problem, const pipeline::Stack& stack) {
  for (const pipeline::SieveRule* sieve : problem.sieves_that_removed(stack)) say(sieve->head);
  for (const pipeline::SkipNameRule* skip : problem.skipped()) say(skip->head);
  for (const pipeline::PseudonymRule* rule : problem.pseudonyms_met(stack)) say(rule->head);
}

}  // namespace plugin
