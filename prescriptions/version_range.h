// The `version` of a rule: a PEP 440 specifier set, or older text such as "==r1512" that is no PEP
// 440 version and compares as text under "==" and "!=". Immutable.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "pep/specifier.h"
#include "pep/version.h"

namespace prescriptions {

class VersionRange {
 public:
  VersionRange() = default;  // any version
  // Malformed unless every part between commas is an operator and some text.
  static pep::Result<VersionRange> parse(std::string_view text);

  // A rule of a step or stride, and `python_packages`, follow PEP 440: a pre-release is meant only
  // if a specifier names one. Sieves and pseudonyms mean pre-releases always.
  enum class Prereleases { kIfNamed, kAlways };
  bool contains(const pep::Version& version, Prereleases prereleases) const;

  bool given() const { return given_; }  // false: there was no `version`
  bool any() const { return specifiers_.empty() && clauses_.empty(); }
  const std::string& text() const { return text_; }
  const pep::SpecifierSet& specifiers() const { return specifiers_; }

  struct TextClause {
    std::string
        op;  // "==", "!=", or an ordering, which text can't have: such a range contains nothing
    std::string text;
  };
  const std::vector<TextClause>& text_clauses() const {
    return clauses_;
  }                                      // parts that are not PEP 440
  bool never() const { return never_; }  // contains nothing, whatever the version

 private:
  std::string text_;
  pep::SpecifierSet specifiers_;
  std::vector<TextClause> clauses_;
  bool given_ = false;
  bool never_ = false;
};

}  // namespace prescriptions
