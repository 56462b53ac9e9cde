// Version specifiers (PEP 440): "~=1.4", "==2.*", "!=1.5,>=1.0", "===anything".
// A SpecifierSet is a conjunction; the empty set admits every version.
// Reading a specifier works out which packed keys it admits, so that asking costs one comparison.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pep/version.h"

namespace pep {

enum class Operator {
  kCompatible,
  kEqual,
  kNotEqual,
  kLessEqual,
  kGreaterEqual,
  kLess,
  kGreater,
  kArbitrary
};

// "~=", "==" …
std::string_view spelling(Operator op);

// The packed keys (Version::key) from `first` to `last`, both included; or all others, if
// `inverted`.
struct KeyRange {
  std::uint64_t first = 0;
  std::uint64_t last = UINT64_MAX;
  bool inverted = false;
  bool contains(std::uint64_t key) const { return (key - first <= last - first) != inverted; }
};

class Specifier {
 public:
  static Result<Specifier> parse(std::string_view text);
  // From an operator and its operand, e.g. ">=" and "1.0"; nullopt where parse gives an error.
  static std::optional<Specifier> of(Operator op, std::string_view operand);

  Operator op() const { return op_; }
  const Version& version() const { return version_; }  // meaningless under kArbitrary
  bool wildcard() const { return wildcard_; }          // "==1.*", "!=1.*"
  const std::string& text() const { return text_; }    // operand as written, with ".*"
  // Whether the specifier itself names a pre-release.
  bool names_prerelease() const;
  std::string str() const;
  // PEP 440 containment without any pre-release policy: ">=1" contains "2a1" here.
  bool contains(const Version& version) const {
    if (ranged_ && version.key() != 0) return range_.contains(version.key());
    return contains_exactly(version);
  }
  // The same for a version as a file or a person spells it, which only "===" tells apart; false for
  // what is no version, except under "===".
  bool contains_text(std::string_view version) const;
  // What it admits of versions that have a key; nullopt if keys can't tell ("===", or an operand
  // without a key).
  std::optional<KeyRange> key_range() const;
  // True if both admit the same versions by their spelling: "==1.0" and "==1.0.0" are equal,
  // "~=1.0" and "~=1.0.0" not.
  bool operator==(const Specifier& other) const;

 private:
  Specifier(Operator op, std::string_view operand) : op_(op), text_(operand) {}
  void find_range();
  bool contains_exactly(const Version& version) const;

  Operator op_ = Operator::kEqual;
  bool wildcard_ = false;
  bool ranged_ = false;  // whether range_ says it all for packed versions
  Version version_;
  KeyRange range_;
  std::string text_;
};

class SpecifierSet {
 public:
  SpecifierSet() = default;
  static Result<SpecifierSet> parse(std::string_view text);

  bool empty() const { return specifiers_.empty(); }
  const std::vector<Specifier>& specifiers() const { return specifiers_; }
  void add(Specifier specifier) { specifiers_.push_back(std::move(specifier)); }
  std::string str() const;                      // canonical: sorted, comma separated
  bool contains(const Version& version) const;  // every specifier, no pre-release policy
  bool contains_text(std::string_view version) const;
  // The policy a resolver asks with: a pre-release is contained only if a specifier names one, or
  // if `prereleases` says so. (`packaging` takes a lone pre-release under nullopt, since nothing
  // better is there: see filter.)
  bool contains(const Version& version, std::optional<bool> prereleases) const;
  // Positions of the versions that are contained, which are as a file or a person spells them.
  // Under nullopt, PEP 440's default: no pre-releases, unless a specifier names one or nothing else
  // is contained. What is no version counts as no pre-release; only "===" and the empty set contain
  // it.
  std::vector<std::size_t> filter(std::span<const std::string> versions,
                                  std::optional<bool> prereleases) const;
  bool names_prerelease() const;
  // True if one of "==X" (no wildcard) or "===X" is among them: a pin.
  bool pins() const;
  bool operator==(const SpecifierSet& other) const;  // the same specifiers, in any order

 private:
  std::vector<Specifier> specifiers_;
};

}  // namespace pep
