#include "plugin/lock_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "resolver/pipeline/describe.h"
#include "resolver/pipeline/problem.h"
#include "resolver/pipeline/verdict.h"
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

// As far as a lock tells it: extras and what is for development are not all known.
pipeline::Stack stack_of_lock(const std::vector<const lock::Package*>& packages) {
  pipeline::Stack stack;
  for (const lock::Package* package : packages) {
    pipeline::StackPackage member;
    member.name = package->name;
    member.version = package->version;
    member.index_url = package->index;
    member.extras = package->extras;
    member.direct = package->direct;
    member.develop = package->develop;
    stack.packages.push_back(std::move(member));
  }
  std::sort(stack.packages.begin(), stack.packages.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const lock::Package* package : packages) {
    const std::size_t parent = stack.find(package->name.str());
    for (const pep::Name& name : package->dependencies) {
      const std::size_t child = stack.find(name.str());
      if (child == pipeline::Stack::kNowhere) continue;
      stack.packages[parent].dependencies.push_back(static_cast<std::uint32_t>(child));
      stack.packages[child].parents.push_back(static_cast<std::uint32_t>(parent));
    }
  }
  for (pipeline::StackPackage& member : stack.packages) {
    std::sort(member.dependencies.begin(), member.dependencies.end());
    std::sort(member.parents.begin(), member.parents.end());
  }
  return stack;
}

}  // namespace

void judge_lock(const Replay& replay, std::vector<Stale>& stale) {
  const pipeline::Stack stack = stack_of_lock(replay.packages);
  for (const pipeline::StackPackage& member : stack.packages) {
    const pipeline::PackageView view{member.name.str(), member.version, member.index_url,
                                     member.develop};
    if (const pipeline::SieveRule* sieve = replay.plan.removed(view)) {
      stale.push_back({member.name.str(), fmt::format("the rule {} removes {}", sieve->head.unit,
                                                      member.version.str())});
    }
  }
  const pipeline::Verdict verdict = pipeline::judge(replay.plan, stack);
  for (const pipeline::Firing& refusal : verdict.refusals) {
    const std::string name =
        refusal.places.empty() ? "" : stack.packages[refusal.places[0]].name.str();
    stale.push_back({name, fmt::format("the rule {} refuses it: {}", refusal.rule->head.unit,
                                       refusal.rule->message)});
  }
}

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
  stale.push_back({"", "what is locked is no solution any more: " + why});
  return pep::Done{};
}

}  // namespace plugin
