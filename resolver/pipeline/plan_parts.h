// What a plan holds, and how declarative units become rules. Private to plan*.cc and build*.cc.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "resolver/pipeline/plan.h"

namespace resolver::pipeline {

using prescriptions::Unit;

// The rules of one unit. Owned by deques, so that addresses stay.
struct UnitRules {
  std::vector<const SieveRule*> sieves;
  std::vector<const SkipNameRule*> skips;
  std::vector<const PseudonymRule*> pseudonyms;
  std::vector<const StackRule*> stack;
  const WrapRule* wrap = nullptr;
};

// Text keys that are looked up without a copy.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

struct Plan::Parts {
  // An included unit. `unit` is null for one that is written in C++: its rules are there from the
  // start.
  struct Member {
    const Unit* unit = nullptr;
    std::uint32_t unit_id = 0;
    std::uint32_t first_rule = 0;
    std::unique_ptr<UnitRules> rules;  // null: not made yet
  };
  std::deque<Member> members;
  TextMap<std::vector<Member*>> naming;  // the units that name a package, in order
  std::vector<Member*> nameless;

  std::deque<SieveRule> sieves;
  std::deque<SkipNameRule> skips;
  std::deque<PseudonymRule> pseudonyms;
  std::deque<StackRule> stack_rules;
  std::deque<WrapRule> wraps;
  std::deque<Notices> own_notices;  // of units that are no prescriptions

  TextMap<std::unique_ptr<PackageRules>> by_name;  // made so far
  PackageRules general;
  PackageRules nothing;

  std::vector<ReportedEntry> boot_entries;
  std::vector<LogLine> boot_log;
  std::optional<Veto> veto;
  bool scores = false;
  bool has_stack_rules = false;
  bool has_edits = false;
  std::set<std::string, std::less<>> yielded;  // names that pseudonyms offer
  std::size_t rules = 0;
  std::size_t units_included = 0;
  std::size_t units_total = 0;

  const UnitRules& rules_of(Member& member);
};

// How many rules a unit has; ids are given out before the rules are made.
std::uint32_t rule_count_of(const Unit& unit);
// Calls `use(name)` for each package that the unit's rules are looked up by, some maybe twice; an
// empty name where a rule names none.
void for_each_name(const Unit& unit, const std::function<void(std::string_view)>& use);
bool can_score(const Unit& unit);
// Makes the rules of `member`, in the deques of `parts`.
std::unique_ptr<UnitRules> make_rules(const Unit& unit, std::uint32_t unit_id,
                                      std::uint32_t first_rule, Plan::Parts& parts);

}  // namespace resolver::pipeline
