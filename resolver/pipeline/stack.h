// A finished stack: the packages that a solution selects, with what is known of each. What rules
// are held against and locks are made from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/metadata.h"
#include "pep/name.h"
#include "pep/version.h"
#include "resolver/index/page.h"
#include "resolver/solve/solver.h"

namespace resolver::pipeline {

class Problem;
struct StackRule;
struct StandIn;

struct StackPackage {
  solve::PackageId id = 0;
  solve::VersionIndex version_index = 0;
  pep::Name name;
  pep::Version version;
  const index::Page* page = nullptr;
  std::optional<std::uint32_t> file;        // that would be installed, as far as it was looked at
  const pep::Metadata* metadata = nullptr;  // null: not read
  std::string_view index_url;
  std::vector<pep::Name> extras;            // asked for and provided, sorted
  std::vector<std::uint32_t> dependencies;  // places in the stack, sorted, never the package itself
  std::vector<std::uint32_t> parents;       // the reverse
  std::vector<std::string> origins;         // of direct requirements
  bool direct = false;
  bool develop = false;                // only requirements for development lead to it
  bool required_for_use = false;       // by the user or a rule, not for development only
  bool added_for_development = false;  // by a rule
};

// A package that is required and, by a rule, not there.
struct LeftOut {
  StackPackage package;  // with its parents; it has no dependencies
  const StandIn* by = nullptr;
  bool is_choice = false;  // of the solver: the rule's other conditions must hold
};

struct Stack {
  std::vector<StackPackage> packages;   // sorted by name
  std::vector<LeftOut> left_out;        // sorted by name
  std::vector<const StackRule*> edits;  // that took effect, each once, in the order of units
  // Place of a name, or kNowhere.
  std::size_t find(std::string_view name) const;
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
};

Stack stack_of(const Problem& problem, const std::vector<solve::Provider::Chosen>& chosen);

}  // namespace resolver::pipeline
