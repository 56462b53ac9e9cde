#include "plugin/lock_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "resolver/pipeline/describe.h"
#include "resolver/pipeline/problem.h"
#include "resolver/solve/explain.h"
#include "resolver/solve/solver.h"

namespace plugin {

namespace {

namespace index = resolver::index;
namespace lock = resolver::lock;
namespace pipeline = resolver::pipeline;
namespace solve = resolver::solve;

// A pin of ours would make a pre-release as welcome as one of the user's: those in doubt are only
// preferred.
pep::Result<pipeline::Question> pinned_question(const Replay& replay) {
  pipeline::Question question = replay.question;
  question.preferences.clear();
  for (const lock::Package* package : replay.packages) {
    if (package->origin) continue;  // it has no other version
    question.preferences[package->name] = package->version;
    if (is_in_doubt(*package, question.policy)) continue;
    auto pinned = pep::Requirement::parse(package->name.str() + "==" + package->version.str());
    if (!pinned) return std::move(pinned).error();
    question.constraints.push_back({.requirement = std::move(*pinned), .origin = "the lock"});
  }
  return question;
}

void compare(const Replay& replay, const pipeline::Stack& stack, std::vector<Stale>& stale) {
  std::map<pep::Name, const lock::Package*> locked;
  for (const lock::Package* package : replay.packages) locked.emplace(package->name, package);
  for (const pipeline::StackPackage& member : stack.packages) {
    const auto found = locked.find(member.name);
    if (found == locked.end()) {
      if (!replay.edited) continue;  // requirements alone were followed already
      const std::string by = member.parents.empty()
                                 ? "it is asked for"
                                 : stack.packages[member.parents[0]].name.str() + " asks for it";
      stale.push_back({member.name.str(), by + ", and the lock has none"});
      continue;
    }
    const lock::Package& package = *found->second;
    locked.erase(found);
    if (package.origin || member.version == package.version) continue;
    stale.push_back({member.name.str(),
                     fmt::format("{} is locked, a pre-release, and {} is what would be taken",
                                 package.version.str(), member.version.str())});
  }
  if (replay.universal || !replay.edited) return;
  for (const auto& [name, package] : locked) {
    stale.push_back({name.str(), fmt::format("nothing asks for it any more, and {} is locked",
                                             package->version.str())});
  }
}

}  // namespace

bool is_in_doubt(const lock::Package& package, const pipeline::Policy& policy) {
  return !package.origin && policy.prerelease != pipeline::Prerelease::kAllow &&
         package.version.is_prerelease();
}

pep::Status replay_lock(const Replay& replay, index::Client& client, std::vector<Stale>& stale) {
  auto question = pinned_question(replay);
  if (!question) return std::move(question).error();
  pipeline::Problem problem(replay.target, client, replay.plan, *question);
  solve::Solver solver(problem);
  auto outcome = solver.solve();
  if (!outcome) return std::move(outcome).error();
  if (const auto* solution = std::get_if<solve::Solution>(&*outcome)) {
    compare(replay, pipeline::stack_of(problem, solution->chosen), stale);
    return pep::Done{};
  }
  const pipeline::ProblemDescriber describer(problem);
  std::string why =
      solve::explain(solver, std::get<solve::Unsatisfiable>(*outcome).root, describer);
  std::replace(why.begin(), why.end(), '\n', ' ');
  stale.push_back({"", "a rule speaks against it: " + why});
  return pep::Done{};
}

}  // namespace plugin
