// What the solver asks of the world. It works on numbers only: packages are dense ids, versions are
// indices into a package's versions in ascending order. Names, specifiers, files and the network
// are the provider's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pep/result.h"
#include "resolver/solve/incompatibility.h"
#include "resolver/solve/term.h"

namespace resolver::solve {

// Package 0 is the root; it has one version, 0.
inline constexpr PackageId kRootPackage = 0;
inline constexpr PackageId kNoPackage = UINT32_MAX;

struct Dependency {
  PackageId package;
  Range range;
  std::uint32_t detail = 0;  // the provider's number for the requirement, for explanations
};

// A version that cannot be taken at all, e.g. invalid metadata.
struct Unusable {
  std::uint32_t detail = 0;  // the provider's number for the reason
};

// A set of literals that cannot all hold, stated by the provider.
struct External {
  std::vector<Literal> literals;
  std::uint32_t detail = 0;
};

// Lower is decided earlier.
struct Priority {
  std::uint32_t rank = 0;   // kPinnedRank for a pin of the user, kUsualRank for others
  std::uint32_t order = 0;  // among equals: first seen first
};
inline constexpr std::uint32_t kPinnedRank = 1;
inline constexpr std::uint32_t kUsualRank = 3;

class Provider {
 public:
  virtual ~Provider() = default;

  // The base package of an extra; kNoPackage for a base package.
  virtual PackageId base(PackageId package) const = 0;
  // The part of `range` that there are versions for.
  virtual Range existing(PackageId package, const Range& range) const = 0;
  // False for a choice that only stands for a version, and is not to be counted as one.
  virtual bool is_version(PackageId /*package*/, VersionIndex /*version*/) const { return true; }
  // Asked once per package; the solver itself puts packages with one version left, and those that
  // conflict, first.
  virtual Priority priority(PackageId package) const = 0;

  // The version to try first in `allowed`, or none if no version there is usable.
  virtual pep::Result<std::optional<VersionIndex>> choose(PackageId package,
                                                          const Range& allowed) = 0;
  // Called once per version that is about to be decided.
  virtual pep::Result<std::variant<std::vector<Dependency>, Unusable>> dependencies(
      PackageId package, VersionIndex version) = 0;
  // Externals that became known since the last call; asked after each call of dependencies().
  virtual std::vector<External> take_externals() = 0;

  // The complete assignment (root and extras included). Externals that it violates: the solver
  // learns them and goes on.
  struct Chosen {
    PackageId package;
    VersionIndex version;
  };
  virtual pep::Result<std::vector<External>> check(const std::vector<Chosen>& solution) = 0;
};

}  // namespace resolver::solve
