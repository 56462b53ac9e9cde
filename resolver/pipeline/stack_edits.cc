#include "resolver/pipeline/stack_edits.h"

#include <algorithm>
#include <utility>

#include "resolver/pipeline/problem.h"
#include "resolver/pipeline/verdict.h"

namespace resolver::pipeline {

std::vector<const StackRule*> additions_of(const Problem& problem, const Stack& stack) {
  std::vector<const StackRule*> found;
  const auto add = [&](const PackageRules& rules) {
    for (const StackRule* rule : rules.stack) {
      if (rule->effect == Effect::kAddPackage) found.push_back(rule);
    }
  };
  add(problem.plan().general());
  for (const StackPackage& package : stack.packages) add(problem.plan().of(package.name.str()));
  std::sort(found.begin(), found.end(),
            [](const StackRule* a, const StackRule* b) { return a->head.id < b->head.id; });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<std::size_t> firings_of(const StackRule& rule, const Stack& stack) {
  std::vector<std::size_t> places;
  Firing firing;
  if (!rule.all_of[0].name.empty()) {
    const std::size_t place = stack.find(rule.all_of[0].name);
    if (place != Stack::kNowhere && fires(rule, stack, stack.packages[place], firing))
      places.push_back(place);
    return places;
  }
  for (std::size_t place = 0; place < stack.packages.size(); ++place) {
    if (fires(rule, stack, stack.packages[place], firing)) places.push_back(place);
  }
  return places;
}

std::vector<char> reached_without(const Stack& stack, std::size_t avoided) {
  std::vector<char> reached(stack.packages.size(), 0);
  std::vector<std::size_t> open;
  for (std::size_t place = 0; place < stack.packages.size(); ++place) {
    if (stack.packages[place].direct) open.push_back(place);
  }
  while (!open.empty()) {
    const std::size_t place = open.back();
    open.pop_back();
    if (place == avoided || std::exchange(reached[place], 1) != 0) continue;
    for (std::uint32_t next : stack.packages[place].dependencies) open.push_back(next);
  }
  return reached;
}

bool is_there_anyway(const Stack& stack, std::size_t place) {
  if (stack.packages[place].direct) return true;
  const std::vector<char> reached = reached_without(stack, place);
  return std::any_of(stack.packages[place].parents.begin(), stack.packages[place].parents.end(),
                     [&](std::uint32_t parent) { return reached[parent] != 0; });
}

namespace {

void connect(Stack& stack, const std::vector<std::size_t>& from, std::size_t to, bool develop) {
  StackPackage& added = stack.packages[to];
  (develop ? added.added_for_development : added.required_for_use) = true;
  for (std::size_t place : from) {
    if (place == to) continue;
    added.parents.push_back(static_cast<std::uint32_t>(place));
    std::sort(added.parents.begin(), added.parents.end());
    auto& dependencies = stack.packages[place].dependencies;
    dependencies.push_back(static_cast<std::uint32_t>(to));
    std::sort(dependencies.begin(), dependencies.end());
  }
}

// True if a rule was found to have added a package. One that adds may make another fire.
bool add_one(const Problem& problem, Stack& stack) {
  for (const StackRule* rule : additions_of(problem, stack)) {
    const auto& edits = stack.edits;
    if (std::find(edits.begin(), edits.end(), rule) != edits.end()) continue;
    const auto addition = problem.known_addition(*rule);
    if (!addition) continue;
    const std::size_t to = stack.find(rule->added->name);
    if (to == Stack::kNowhere || stack.packages[to].version_index != addition->version) continue;
    const std::vector<std::size_t> from = firings_of(*rule, stack);
    if (from.empty() || is_there_anyway(stack, to)) continue;
    connect(stack, from, to, rule->added->develop);
    mark_develop(stack);
    stack.edits.push_back(rule);
    return true;
  }
  return false;
}

}  // namespace

void tell_edits(const Problem& problem, Stack& stack) {
  while (add_one(problem, stack)) {
  }
  for (const LeftOut& left : stack.left_out) {
    if (left.by->skip != nullptr) stack.edits.push_back(left.by->skip);
  }
  std::sort(stack.edits.begin(), stack.edits.end(),
            [](const StackRule* a, const StackRule* b) { return a->head.id < b->head.id; });
  stack.edits.erase(std::unique(stack.edits.begin(), stack.edits.end()), stack.edits.end());
}

}  // namespace resolver::pipeline
