// What a plan holds, and how declarative units become rules. Private to plan*.cc and build*.cc.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "prescriptions/compiled.h"
#include "resolver/pipeline/plan.h"

namespace resolver::pipeline {

using prescriptions::CompiledRules;
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
  // Compiled rules, with the answer to each of their conditions.
  struct Book {
    CompiledRules rules;
    std::vector<char> included;
    bool includes(std::uint32_t unit) const {
      const std::uint32_t condition = rules.row(unit).condition;
      return condition < included.size() && included[condition] != 0;
    }
  };
  std::vector<Book> books;
  std::deque<Unit> units;  // decoded so far
  std::deque<Member> members;
  std::unordered_map<std::uint64_t, Member*> by_number;  // (book, unit)
  TextMap<std::vector<Member*>> naming;  // the units in C++ that name a package, in order
  std::vector<Member*> nameless;         // those that name none
  std::array<std::uint32_t, prescriptions::kKinds> native_units{};  // of this kind and those before
  std::array<std::uint32_t, prescriptions::kKinds> native_rules{};

  std::deque<SieveRule> sieves;
  std::deque<SkipNameRule> skips;
  std::deque<PseudonymRule> pseudonyms;
  std::deque<StackRule> stack_rules;
  std::deque<WrapRule> wraps;
  std::deque<Notices> own_notices;  // of units that are no prescriptions

  TextMap<std::unique_ptr<PackageRules>> by_name;  // asked for so far; null: none
  PackageRules general;
  bool general_made = false;
  std::vector<const StackRule*> scoring;
  bool scoring_made = false;
  PackageRules nothing;

  std::vector<ReportedEntry> boot_entries;
  std::vector<LogLine> boot_log;
  std::optional<Veto> veto;
  bool scores = false;
  std::vector<const Appraiser*> appraisers;
  bool has_stack_rules = false;
  bool has_edits = false;
  std::set<std::string, std::less<>> yielded;  // names that pseudonyms offer
  std::size_t rule_total = 0;
  std::size_t units_included = 0;
  std::size_t units_total = 0;

  std::optional<pep::Error> fault;

  const UnitRules& rules_of(Member& member);
  // An included unit of a book, decoded; null if it is damaged.
  Member* member(std::size_t book, std::uint32_t unit);
  // Appends the included units of some postings, boots aside or (`boots`) boots only.
  void gather(std::size_t book, CompiledRules::Postings postings, bool boots,
              std::vector<Member*>& into);
  // How many units and rules of all books come before this one.
  std::pair<std::uint32_t, std::uint32_t> place(std::size_t book, std::uint32_t unit) const;
};

// Makes the rules of `member`, in the deques of `parts`.
std::unique_ptr<UnitRules> make_rules(const Unit& unit, std::uint32_t unit_id,
                                      std::uint32_t first_rule, Plan::Parts& parts);

}  // namespace resolver::pipeline
