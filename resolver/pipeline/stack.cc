#include "resolver/pipeline/stack.h"

#include <algorithm>

#include "resolver/pipeline/problem.h"
#include "resolver/pipeline/stack_edits.h"

namespace resolver::pipeline {

namespace {

void sort_unique(std::vector<std::uint32_t>& places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
}

std::vector<LeftOut>::const_iterator find_left_out(const Stack& stack, std::string_view name) {
  return std::find_if(stack.left_out.begin(), stack.left_out.end(),
                      [&](const LeftOut& left) { return left.package.name.str() == name; });
}

void note_parent(Stack& stack, std::string_view name, std::size_t parent) {
  const auto left = find_left_out(stack, name);
  if (left == stack.left_out.end()) return;
  stack.left_out[static_cast<std::size_t>(left - stack.left_out.begin())].package.parents.push_back(
      static_cast<std::uint32_t>(parent));
}

// Where what meets a requirement stands: the package, or what is there in its place.
std::size_t place_for(const Stack& stack, std::string_view name) {
  const std::size_t place = stack.find(name);
  if (place != Stack::kNowhere) return place;
  const auto left = find_left_out(stack, name);
  if (left == stack.left_out.end() || left->by->pseudonym == nullptr) return Stack::kNowhere;
  return stack.find(left->by->pseudonym->name);
}

void mark_direct(const Problem& problem, Stack& stack) {
  for (const RootRequirement& root : problem.question().requirements) {
    const pep::Requirement& requirement = root.requirement;
    if (requirement.marker && !requirement.marker->holds(problem.target().environment)) continue;
    if (auto left = find_left_out(stack, requirement.name.str()); left != stack.left_out.end()) {
      StackPackage& absent =
          stack.left_out[static_cast<std::size_t>(left - stack.left_out.begin())].package;
      absent.direct = true;
      absent.develop = absent.develop && root.develop;
    }
    const std::size_t place = place_for(stack, requirement.name.str());
    if (place == Stack::kNowhere) continue;
    StackPackage& package = stack.packages[place];
    package.direct = true;
    package.required_for_use = package.required_for_use || !root.develop;
    if (!root.origin.empty()) package.origins.push_back(root.origin);
  }
}

}  // namespace

void mark_develop(Stack& stack) {
  std::vector<char> used(stack.packages.size(), 0);
  std::vector<std::size_t> open;
  for (std::size_t place = 0; place < stack.packages.size(); ++place) {
    if (stack.packages[place].required_for_use) open.push_back(place);
  }
  while (!open.empty()) {
    const std::size_t place = open.back();
    open.pop_back();
    if (std::exchange(used[place], 1) != 0) continue;
    for (std::uint32_t next : stack.packages[place].dependencies) {
      if (!stack.packages[next].added_for_development) open.push_back(next);
    }
  }
  for (std::size_t i = 0; i < used.size(); ++i) stack.packages[i].develop = used[i] == 0;
  for (LeftOut& left : stack.left_out) {
    for (std::uint32_t parent : left.package.parents)
      left.package.develop = left.package.develop && stack.packages[parent].develop;
  }
}

std::size_t Stack::find(std::string_view name) const {
  auto found =
      std::lower_bound(packages.begin(), packages.end(), name,
                       [](const StackPackage& a, std::string_view b) { return a.name.str() < b; });
  return found != packages.end() && found->name.str() == name
             ? static_cast<std::size_t>(found - packages.begin())
             : kNowhere;
}

Stack stack_of(const Problem& problem, const std::vector<solve::Provider::Chosen>& chosen) {
  Stack stack;
  for (const auto& one : chosen) {
    const auto& package = problem.package(one.package);
    if (one.package == solve::kRootPackage || package.extra) continue;
    StackPackage added;
    added.id = one.package;
    added.version_index = one.version;
    added.name = package.name;
    added.version = problem.version(one.package, one.version);
    added.page = package.page;
    added.index_url =
        problem.index_url(one.package, problem.version_index(one.package, one.version));
    if (const StandIn* by = problem.left_out(one.package, one.version)) {
      added.develop = true;
      added.version_index = problem.version_index(one.package, one.version);
      stack.left_out.push_back({.package = std::move(added),
                                .by = by,
                                .is_choice = one.version >= package.page->version_count()});
    } else {
      if (one.version < package.candidates.size() && package.looked_at[one.version] != 0)
        added.file = package.candidates[one.version].file;
      added.metadata = problem.metadata_of(one.package, one.version);
      stack.packages.push_back(std::move(added));
    }
  }
  std::sort(stack.left_out.begin(), stack.left_out.end(),
            [](const LeftOut& a, const LeftOut& b) { return a.package.name < b.package.name; });
  std::sort(stack.packages.begin(), stack.packages.end(),
            [](const StackPackage& a, const StackPackage& b) { return a.name < b.name; });
  for (const auto& one : chosen) {
    if (one.package == solve::kRootPackage) continue;
    const auto& package = problem.package(one.package);
    const std::size_t place = stack.find(package.name.str());
    if (place == Stack::kNowhere) continue;  // left out
    StackPackage& owner = stack.packages[place];
    if (package.extra) {
      const pep::Metadata* metadata = problem.metadata_of(package.base, one.version);
      if (metadata != nullptr &&
          std::find(metadata->provides_extra.begin(), metadata->provides_extra.end(),
                    *package.extra) != metadata->provides_extra.end()) {
        owner.extras.push_back(*package.extra);
      }
    }
    problem.for_each_requirement(
        one.package, one.version, [&](const pep::Requirement& requirement) {
          note_parent(stack, requirement.name.str(), place);
          const std::size_t dependency = place_for(stack, requirement.name.str());
          if (dependency == Stack::kNowhere || dependency == place) return;
          owner.dependencies.push_back(static_cast<std::uint32_t>(dependency));
          stack.packages[dependency].parents.push_back(static_cast<std::uint32_t>(place));
        });
  }
  for (StackPackage& package : stack.packages) {
    std::sort(package.extras.begin(), package.extras.end());
    sort_unique(package.dependencies);
    sort_unique(package.parents);
  }
  for (LeftOut& left : stack.left_out) sort_unique(left.package.parents);
  mark_direct(problem, stack);
  mark_develop(stack);
  if (problem.plan().has_edits()) tell_edits(problem, stack);
  return stack;
}

}  // namespace resolver::pipeline
