#include "plugin/repair.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "resolver/pipeline/stack.h"
#include "resolver/solve/explain.h"
#include "rpmenv/target.h"

namespace plugin {

namespace {

namespace index = resolver::index;
namespace pipeline = resolver::pipeline;
namespace solve = resolver::solve;

constexpr std::size_t kMostTrials = 24;
constexpr std::chrono::seconds kLongest{4};

// Becomes true after a while, unless it ends before.
class Deadline {
 public:
  Deadline()
      : thread_([this](const std::stop_token& stop) {
          std::mutex mutex;
          std::condition_variable_any wake;
          std::unique_lock lock(mutex);
          wake.wait_for(lock, stop, kLongest, [] { return false; });
          if (!stop.stop_requested()) passed_ = true;
        }) {}
  const std::atomic<bool>* flag() const { return &passed_; }
  bool passed() const { return passed_; }

 private:
  std::atomic<bool> passed_ = false;
  std::jthread thread_;
};

// One change, in words, and whose version is worth telling then.
struct Change {
  std::string words;
  std::optional<pep::Name> shown;
  pipeline::Question question;
  std::optional<rpmenv::Target> target;
};

std::string place(const std::string& origin) {
  return origin.empty() ? "" : fmt::format(" ({})", origin);
}

std::string text_of(pep::Requirement requirement) {
  requirement.marker.reset();
  return requirement.str();
}

class Changes {
 public:
  Changes(const pipeline::Problem& problem, const solve::Solver& solver,
          solve::IncompatibilityId failure)
      : problem_(problem), asked_(problem.question()) {
    for (const solve::IncompatibilityId id : solve::facts_of(solver, failure)) {
      const solve::Incompatibility& fact = solver.incompatibility(id);
      const bool told =
          fact.cause == solve::Cause::kDependency || fact.cause == solve::Cause::kExternal;
      if (told) core_.push_back(problem.detail(fact.detail).requirement);
    }
  }

  std::vector<Change> all() {
    leave_out_constraints();
    relax_policies();
    relax_requirements();
    take_other_pythons();
    return std::move(changes_);
  }

 private:
  bool in_core(const pep::Requirement& requirement) const {
    return std::find(core_.begin(), core_.end(), &requirement) != core_.end();
  }

  Change& add(std::string words, std::optional<pep::Name> shown = std::nullopt) {
    changes_.push_back({std::move(words), std::move(shown), asked_, std::nullopt});
    return changes_.back();
  }

  void leave_out_constraints() {
    for (std::size_t i = 0; i < asked_.constraints.size(); ++i) {
      const pipeline::RootRequirement& one = asked_.constraints[i];
      if (!in_core(one.requirement)) continue;
      Change& change = add(fmt::format("leaving out the constraint {}{}", text_of(one.requirement),
                                       place(one.origin)),
                           one.requirement.name);
      auto& constraints = change.question.constraints;
      constraints.erase(constraints.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  void relax_policies() {
    const pipeline::Policy& policy = asked_.policy;
    if (policy.exclude_newer)
      add("a later --exclude-newer, or none").question.policy.exclude_newer.reset();
    if (policy.prerelease == pipeline::Prerelease::kDisallow ||
        policy.prerelease == pipeline::Prerelease::kExplicit) {
      add("--prerelease if-necessary").question.policy.prerelease =
          pipeline::Prerelease::kIfNecessary;
    }
    if (policy.only_binary.all || !policy.only_binary.names.empty())
      add("no --only-binary").question.policy.only_binary = {};
    if (policy.no_binary.all || !policy.no_binary.names.empty())
      add("no --no-binary").question.policy.no_binary = {};
  }

  void relax_requirements() {
    for (std::size_t i = 0; i < asked_.requirements.size(); ++i) {
      const pipeline::RootRequirement& one = asked_.requirements[i];
      const solve::PackageId id = problem_.find(one.requirement.name);
      const bool known = id != solve::kNoPackage && problem_.package(id).page != nullptr;
      if (!known || one.requirement.specifiers.empty() || !in_core(one.requirement)) continue;
      pep::Requirement bare = one.requirement;
      bare.specifiers = {};
      Change& change = add(fmt::format("asking for {} in place of {}{}", text_of(bare),
                                       text_of(one.requirement), place(one.origin)),
                           one.requirement.name);
      change.question.requirements[i].requirement = std::move(bare);
    }
    if (!asked_.policy.allow_yanked) add("--allow-yanked").question.policy.allow_yanked = true;
  }

  // The nearest first.
  void take_other_pythons() {
    const rpmenv::Target& target = problem_.target();
    const std::uint64_t major = target.python.release(0);
    const std::uint64_t minor = target.python.release(1);
    if (target.platforms.empty() || target.implementation != "cpython" || major != 3) return;
    for (const int step : {1, -1, 2, -2, 3, -3}) {
      const int other = static_cast<int>(minor) + step;
      if (other < 6 || other > 15) continue;
      auto declared = rpmenv::declared_target(fmt::format("3.{}", other), target.platforms.front());
      if (!declared) continue;
      add(fmt::format("Python 3.{} in place of {}", other, target.python.str())).target =
          std::move(*declared);
    }
  }

  const pipeline::Problem& problem_;
  const pipeline::Question& asked_;
  std::vector<const pep::Requirement*> core_;
  std::vector<Change> changes_;
};

std::string told(const Change& change, const pipeline::Stack& stack) {
  const std::size_t found =
      change.shown ? stack.find(change.shown->str()) : pipeline::Stack::kNowhere;
  if (found == pipeline::Stack::kNowhere)
    return fmt::format("What would help: {}; this was tried.\n", change.words);
  return fmt::format("What would help: {}; this was tried, and {} {} is found then.\n",
                     change.words, change.shown->str(), stack.packages[found].version.str());
}

// Where one constraint left out meets the next: all that are met, one after the other.
std::string without_constraints(const pipeline::Problem& problem, const solve::Solver& solver,
                                solve::IncompatibilityId failure, index::Client& client,
                                const Deadline& deadline) {
  constexpr std::size_t kMost = 8;
  pipeline::Question question = problem.question();
  std::vector<std::string> left_out;
  const auto leave_out = [&](const pipeline::Problem& failed, const solve::Solver& by,
                             solve::IncompatibilityId root) {
    for (const solve::IncompatibilityId id : solve::facts_of(by, root)) {
      const solve::Incompatibility& fact = by.incompatibility(id);
      if (fact.cause != solve::Cause::kExternal || !failed.detail(fact.detail).constraint) continue;
      const pep::Requirement& met = *failed.detail(fact.detail).requirement;
      auto& all = question.constraints;
      const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) {
        return one.requirement.str() == met.str();
      });
      if (found == all.end()) continue;
      left_out.push_back(text_of(found->requirement) + place(found->origin));
      all.erase(found);
      return true;
    }
    return false;
  };
  if (!leave_out(problem, solver, failure)) return {};
  while (left_out.size() < kMost && !deadline.passed()) {
    const pipeline::Question asked = question;
    pipeline::Problem trial(problem.target(), client, problem.plan(), asked);
    solve::Solver again(trial);
    auto outcome = again.solve(deadline.flag());
    if (!outcome) return {};
    if (std::holds_alternative<solve::Solution>(*outcome)) {
      std::sort(left_out.begin(), left_out.end());
      const std::string last = left_out.back();
      left_out.pop_back();
      return fmt::format(
          "What would help: leaving out the constraints {} and {}; this was tried.\n",
          fmt::join(left_out, ", "), last);
    }
    if (!leave_out(trial, again, std::get<solve::Unsatisfiable>(*outcome).root)) return {};
  }
  question.constraints.clear();
  pipeline::Problem trial(problem.target(), client, problem.plan(), question);
  solve::Solver again(trial);
  auto outcome = again.solve(deadline.flag());
  if (!outcome || std::holds_alternative<solve::Unsatisfiable>(*outcome)) return {};
  return "What would help: leaving out all constraints; this was tried.\n";
}

}  // namespace

std::string tried_repair(const pipeline::Problem& problem, const solve::Solver& solver,
                         solve::IncompatibilityId failure, index::Client& client) {
  const Deadline deadline;
  std::size_t trials = 0;
  for (const Change& change : Changes(problem, solver, failure).all()) {
    if (++trials > kMostTrials || deadline.passed()) break;
    pipeline::Problem trial(change.target ? *change.target : problem.target(), client,
                            problem.plan(), change.question);
    solve::Solver again(trial);
    auto outcome = again.solve(deadline.flag());
    if (!outcome) break;
    if (const auto* solution = std::get_if<solve::Solution>(&*outcome))
      return told(change, pipeline::stack_of(trial, solution->chosen));
  }
  return without_constraints(problem, solver, failure, client, deadline);
}

}  // namespace plugin
