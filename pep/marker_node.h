// The tree of a marker. Internal to this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pep/marker.h"
#include "pep/specifier.h"

namespace pep {

enum class Variable : std::uint8_t {
  kImplementationName,
  kImplementationVersion,
  kOsName,
  kPlatformMachine,
  kPlatformPythonImplementation,
  kPlatformRelease,
  kPlatformSystem,
  kPlatformVersion,
  kPythonFullVersion,
  kPythonVersion,
  kSysPlatform,
  kExtra,
  kExtras,            // a set (PEP 751)
  kDependencyGroups,  // a set (PEP 751)
};

enum class MarkerOperator : std::uint8_t {
  kCompatible,
  kEqual,
  kNotEqual,
  kLessEqual,
  kGreaterEqual,
  kLess,
  kGreater,
  kArbitrary,  // as in pep::Operator
  kIn,
  kNotIn,
};

// One comparison. If both sides were literals there is no variable, and it is false.
struct Comparison {
  std::optional<Variable> variable;
  bool variable_left = true;
  MarkerOperator op = MarkerOperator::kEqual;
  std::string literal;        // names are normalised where the variable is a name
  std::string other_literal;  // only if there is no variable: the right side
  std::optional<Specifier>
      specifier;  // if the comparison is one of versions and the variable stands left
};

// Either a comparison or, in parentheses, a sequence: alternatives of conjunctions.
struct Marker::Node {
  std::optional<Comparison> comparison;
  std::vector<Node> sequence;
  bool begins_alternative = false;              // "or" stands before it
  bool names_extra = false;                     // it or one below it
  const std::string* required_extra = nullptr;  // of the root: Marker::required_extra()
};

std::string_view spelling(Variable variable);
std::string_view spelling(MarkerOperator op);
bool is_version(Variable variable);
inline bool is_set(Variable variable) { return variable >= Variable::kExtras; }
inline bool is_name(Variable variable) { return variable >= Variable::kExtra; }

// Reads a marker that begins at `*position` of `text` and goes to its end; the error's column
// counts from the begin of `text`. Stops at the first character that can't belong to a marker.
Result<Marker::Node> parse_marker(std::string_view text, std::size_t* position);
Error malformed_at(std::string_view text, std::size_t position, std::string what);

}  // namespace pep
