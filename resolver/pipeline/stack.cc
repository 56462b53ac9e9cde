#include "resolver/pipeline/stack.h"

#include <algorithm>

#include "resolver/pipeline/problem.h"

namespace resolver::pipeline {

namespace {

void sort_unique(std::vector<std::uint32_t>& places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
}

// Marks all that requirements for use lead to; what stays unmarked is there for development only.
void mark_develop(const Problem& problem, Stack& stack) {
  std::vector<char> used(stack.packages.size(), 0);
  std::vector<std::size_t> open;
  for (const RootRequirement& root : problem.question().requirements) {
    const pep::Requirement& requirement = root.requirement;
    if (requirement.marker && !requirement.marker->holds(problem.target().environment)) continue;
    const std::size_t place = stack.find(requirement.name.str());
    if (place == Stack::kNowhere) continue;
    stack.packages[place].direct = true;
    if (!root.origin.empty()) stack.packages[place].origins.push_back(root.origin);
    if (!root.develop) open.push_back(place);
  }
  while (!open.empty()) {
    const std::size_t place = open.back();
    open.pop_back();
    if (std::exchange(used[place], 1) != 0) continue;
    for (std::uint32_t next : stack.packages[place].dependencies) open.push_back(next);
  }
  for (std::size_t i = 0; i < used.size(); ++i) stack.packages[i].develop = used[i] == 0;
}

}  // namespace

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
    added.version = package.page->version(one.version);
    added.page = package.page;
    added.index_url = problem.index_url(one.package, one.version);
    stack.packages.push_back(std::move(added));
  }
  std::sort(stack.packages.begin(), stack.packages.end(),
            [](const StackPackage& a, const StackPackage& b) { return a.name < b.name; });
  for (const auto& one : chosen) {
    if (one.package == solve::kRootPackage) continue;
    const auto& package = problem.package(one.package);
    const std::size_t place = stack.find(package.name.str());
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
          const std::size_t dependency = stack.find(requirement.name.str());
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
  mark_develop(problem, stack);
  return stack;
}

}  // namespace resolver::pipeline
