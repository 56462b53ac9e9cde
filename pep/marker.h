// Environment markers (PEP 508, 751), parsed once into a small tree and evaluated against a
// target's environment. Comparisons are those of pypa/packaging: as versions where the variable is
// one and the literal a specifier's operand, as strings else; a comparison that is undefined there
// ("os_name ~= 'x'") is false here. Immutable, cheap to copy.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "pep/name.h"
#include "pep/result.h"

namespace pep {

// The variables a marker can ask for (PEP 508). All are strings; versions are compared as versions.
struct Environment {
  std::string implementation_name = "cpython";
  std::string implementation_version;
  std::string os_name = "posix";
  std::string platform_machine;
  std::string platform_python_implementation = "CPython";
  std::string platform_release;
  std::string platform_system = "Linux";
  std::string platform_version;
  std::string python_full_version;
  std::string python_version;  // "3.12"
  std::string sys_platform = "linux";
};

class Marker {
 public:
  // Malformed with a column (from 1) and the text as excerpt.
  static Result<Marker> parse(std::string_view text);

  // `extras`: the extras that are asked for; "extra == 'x'" is true if x is among them (none: extra
  // is ""). As pip does it: the marker holds if it holds for one of them. `extras` and `groups` are
  // also the sets that the variables of lock files (PEP 751), `extras` and `dependency_groups`,
  // stand for.
  bool holds(const Environment& environment, std::span<const Name> extras = {},
             std::span<const Name> groups = {}) const;
  // Whether the answer can depend on `extra` at all.
  bool names_extra() const;
  // The normalised name of the extra without which it cannot hold, if it has one of the commonest
  // forms ("extra == 'x'", alone or joined to others by "and"); else null. A package with a hundred
  // extras is asked of each which of its hundreds of requirements apply: this answers most of them
  // without evaluation.
  const std::string* required_extra() const;
  std::string str() const;  // canonical, as `packaging` prints it
  bool operator==(const Marker& other) const {
    return root_ == other.root_ || str() == other.str();
  }

  struct Node;  // marker_node.h, internal to this room
  static Marker of(Node node);

 private:
  explicit Marker(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
  std::shared_ptr<const Node> root_;  // never null
};

}  // namespace pep
