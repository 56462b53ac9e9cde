// Holds conditions against a situation, and patterns against packages. Pure; safe to share between
// threads.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "pep/name.h"
#include "pep/version.h"
#include "prescriptions/situation.h"
#include "prescriptions/unit.h"

namespace prescriptions {

// yes, or no with the condition that failed ("runtime_environments.cuda_version") and a sentence
// that says why.
struct Answer {
  bool yes = true;
  std::string condition;
  std::string reason;
  explicit operator bool() const { return yes; }
};

// All of should_include but `dependencies`, for a run of `advise`.
Answer includes(const ShouldInclude& should_include, const Situation& situation);
// The same without the words, for many units.
bool is_included(const ShouldInclude& should_include, const Situation& situation);

// Whether `url` is the index that a rule names: a slash at the end says nothing, and "*/whl/cpu" is
// any index whose URL ends so, wherever it is mirrored.
bool is_index(std::string_view wanted, std::string_view url);

// A package as patterns see it.
struct PackageView {
  std::string_view name;  // normal form
  const pep::Version& version;
  std::string_view index_url = {};  // as it was given
  bool develop = false;
};

using Prereleases = VersionRange::Prereleases;
bool matches(const PackagePattern& pattern, const PackageView& package, Prereleases prereleases);

}  // namespace prescriptions
