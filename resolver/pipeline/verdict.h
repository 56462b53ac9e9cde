// Holds the rules of a plan against a finished stack: its score, what it is told, and why it is
// refused if it is.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "resolver/pipeline/plan.h"
#include "resolver/pipeline/stack.h"

namespace resolver::pipeline {

// A rule that fires, with the places of the packages that met its patterns.
struct Firing {
  const StackRule* rule = nullptr;
  std::vector<std::uint32_t> places;
};

struct Verdict {
  double score = 0;
  std::vector<Firing> refusals;     // not acceptable: empty for an acceptable stack
  const StackRule* stop = nullptr;  // a rule that ends the search before this stack
  std::deque<Entry> made;           // entries that no prescription holds, pointed to below
  std::vector<std::string> manifest_changes;  // JSON, one change set each, in the order of units
  std::vector<ReportedEntry> justification;   // each unit's once
  std::vector<ReportedEntry> stack_info;      // each unit's once, in the order of units
};

Verdict judge(const Plan& plan, const Stack& stack);

// Whether `rule` fires for a candidate, which may be one that is left out of the stack; with the
// places of those of the stack that it needs.
bool fires(const StackRule& rule, const Stack& stack, const StackPackage& candidate,
           Firing& firing);

// Whether a refusal is known from versions alone, so that the solver can be told before any stack
// exists: all patterns name a package, and nothing is asked of parents or of development packages.
bool decidable_early(const StackRule& rule);

}  // namespace resolver::pipeline
