// Environment markers (PEP 508), parsed once into a small tree and evaluated against a target's environment.
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
  static Result<Marker> parse(std::string_view text);

  // `extras`: the extras that are asked for; "extra == 'x'" is true if x is among them (none: extra is "").
  bool holds(const Environment& environment, std::span<const Name> extras = {}) const;
  // Whether the answer can depend on `extra` at all.
  bool names_extra() const;
  std::string str() const;  // canonical, as `packaging` prints it

 private:
  struct Node;
  std::shared_ptr<const Node> root_;
};

}  // namespace pep
