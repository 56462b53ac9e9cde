// What only a finished stack shows of rules that edit it: whether what is left out is left out with
// reason, whether what is added is there and in the right version; and sieves that ask who is
// needed for development only. What is violated is learned.
#include <algorithm>
#include <map>

#include "resolver/pipeline/problem.h"
#include "resolver/pipeline/stack_edits.h"
#include "resolver/pipeline/verdict.h"

namespace resolver::pipeline {

using solve::PackageId;
using solve::Range;
using solve::Term;

namespace {

std::vector<solve::Literal> whole(const std::vector<solve::Provider::Chosen>& solution) {
  std::vector<solve::Literal> literals;
  for (const auto& one : solution) {
    if (one.package != solve::kRootPackage)
      literals.push_back({one.package, Term::in(Range::one(one.version))});
  }
  return literals;
}

void add_place(const Stack& stack, std::size_t place, std::vector<solve::Literal>& literals) {
  const StackPackage& package = stack.packages[place];
  const bool known =
      std::any_of(literals.begin(), literals.end(),
                  [&](const solve::Literal& literal) { return literal.package == package.id; });
  if (!known) literals.push_back({package.id, Term::in(Range::one(package.version_index))});
}

}  // namespace

pep::Status Problem::check_edits(const Stack& stack, const std::vector<Chosen>& solution,
                                 std::vector<solve::External>& learned) {
  check_skips(stack, solution, learned);
  return check_additions(stack, solution, learned);
}

// A package is left out where the rule fires, and only there. What only the package itself brings
// into the stack is no reason to leave it out.
void Problem::check_skips(const Stack& stack, const std::vector<Chosen>& solution,
                          std::vector<solve::External>& learned) {
  Firing firing;
  for (const LeftOut& left : stack.left_out) {
    if (!left.is_choice || left.by->skip == nullptr) continue;
    if (!fires(*left.by->skip, stack, left.package, firing))
      learned.push_back({.literals = whole(solution), .detail = note({.rule = left.by->skip})});
  }
  for (std::size_t place = 0; place < stack.packages.size(); ++place) {
    const StackPackage& package = stack.packages[place];
    for (const StandIn& stand_in : packages_[package.id].stand_ins) {
      const StackRule* rule = stand_in.skip;
      if (rule == nullptr || !stand_in.versions.contains(package.version_index)) continue;
      if (!fires(*rule, stack, package, firing)) continue;
      const std::vector<char> reached = reached_without(stack, place);
      if (!std::all_of(firing.places.begin(), firing.places.end(),
                       [&](std::uint32_t other) { return reached[other] != 0; })) {
        continue;
      }
      solve::External external;
      if (depends_on_whole_stack(*rule) || rule->all_of.size() > 1) {
        external.literals = whole(solution);
      } else {
        add_place(stack, place, external.literals);
        for (std::uint32_t other : firing.places) add_place(stack, other, external.literals);
      }
      external.detail = note({.rule = rule});
      learned.push_back(std::move(external));
    }
  }
}

void Problem::check_late_sieves(const Stack& stack, const std::vector<Chosen>& solution,
                                std::vector<solve::External>& learned) {
  for (const StackPackage& package : stack.packages) {
    const SieveRule* sieve = plan_.removed_late({.name = package.name.str(),
                                                 .version = package.version,
                                                 .index_url = package.index_url,
                                                 .develop = package.develop});
    if (sieve != nullptr)
      learned.push_back({.literals = whole(solution), .detail = note({.sieve = sieve})});
  }
}

// A package that a rule adds must be there; in the rule's own version if nothing else requires it.
pep::Status Problem::check_additions(const Stack& stack, const std::vector<Chosen>& solution,
                                     std::vector<solve::External>& learned) {
  const std::vector<char> reached = reached_without(stack, Stack::kNowhere);
  std::map<std::size_t, std::pair<Range, const StackRule*>>
      unfounded;  // versions that may be there
  for (const StackRule* rule : additions_of(*this, stack)) {
    std::vector<std::size_t> places = firings_of(*rule, stack);
    std::erase_if(places, [&](std::size_t place) { return reached[place] == 0; });
    if (places.empty()) continue;
    auto added = addition(*rule);
    if (!added) return std::move(added).error();
    if (!*added) continue;
    const PackageId id = (*added)->package;
    const std::size_t place = stack.find(packages_[id].name.str());
    const bool chosen = std::any_of(solution.begin(), solution.end(),
                                    [&](const Chosen& one) { return one.package == id; });
    if (!chosen) {
      solve::External external;
      Firing firing;
      fires(*rule, stack, stack.packages[places[0]], firing);
      if (depends_on_whole_stack(*rule)) {
        external.literals = whole(solution);
      } else {
        add_place(stack, places[0], external.literals);
        for (std::uint32_t other : firing.places) add_place(stack, other, external.literals);
      }
      external.literals.push_back({id, Term::not_in(Range::between(0, choice_count(id)))});
      external.detail = note({.rule = rule});
      learned.push_back(std::move(external));
    } else if (place != Stack::kNowhere && reached[place] == 0) {
      auto& [versions, by] = unfounded[place];
      versions = unite(versions, Range::one((*added)->version));
      by = rule;
    }
  }
  for (const auto& [place, why] : unfounded) {
    const PackageId id = stack.packages[place].id;
    solve::External external;
    for (const Chosen& one : solution) {
      const Package& package = packages_[one.package];
      if (one.package == solve::kRootPackage || package.name == packages_[id].name) continue;
      const std::size_t at = stack.find(package.name.str());
      if (at == Stack::kNowhere || reached[at] != 0)
        external.literals.push_back({one.package, Term::in(Range::one(one.version))});
    }
    external.literals.push_back(
        {id, Term::in(subtract(Range::between(0, choice_count(id)), why.first))});
    external.detail = note({.rule = why.second});
    learned.push_back(std::move(external));
  }
  return pep::Done{};
}

}  // namespace resolver::pipeline
