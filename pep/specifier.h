// Version specifiers (PEP 440): "~=1.4", "==2.*", "!=1.5,>=1.0", "===anything".
// A SpecifierSet is a conjunction; the empty set admits every version.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/version.h"

namespace pep {

enum class Operator { kCompatible, kEqual, kNotEqual, kLessEqual, kGreaterEqual, kLess, kGreater, kArbitrary };

class Specifier {
 public:
  static Result<Specifier> parse(std::string_view text);

  Operator op() const { return op_; }
  const Version& version() const { return version_; }  // meaningless under kArbitrary
  bool wildcard() const { return wildcard_; }          // "==1.*", "!=1.*"
  const std::string& text() const { return text_; }    // operand as written, for kArbitrary
  // Whether the specifier itself names a pre-release.
  bool names_prerelease() const;
  std::string str() const;
  // PEP 440 containment without any pre-release policy: ">=1" contains "2a1" here.
  bool contains(const Version& version) const;

 private:
  Operator op_ = Operator::kEqual;
  Version version_;
  bool wildcard_ = false;
  std::string text_;
};

class SpecifierSet {
 public:
  SpecifierSet() = default;
  static Result<SpecifierSet> parse(std::string_view text);

  bool empty() const { return specifiers_.empty(); }
  const std::vector<Specifier>& specifiers() const { return specifiers_; }
  std::string str() const;  // canonical: sorted, comma separated
  bool contains(const Version& version) const;  // every specifier, no pre-release policy
  // The default policy of PEP 440 and `packaging`: a pre-release is contained only if a specifier names one,
  // or if `prereleases` says so.
  bool contains(const Version& version, std::optional<bool> prereleases) const;
  bool names_prerelease() const;
  // True if one of "==X" (no wildcard) or "===X" is among them: a pin.
  bool pins() const;

 private:
  std::vector<Specifier> specifiers_;
};

}  // namespace pep
