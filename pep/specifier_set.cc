// Conjunctions of specifiers and the policy for pre-releases.
#include <algorithm>

#include "pep/ascii.h"
#include "pep/specifier.h"

namespace pep {

Result<SpecifierSet> SpecifierSet::parse(std::string_view text) {
  SpecifierSet set;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view part = trim(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (part.empty()) continue;
    auto specifier = Specifier::parse(part);
    if (!specifier) return std::move(specifier).error();
    set.specifiers_.push_back(*std::move(specifier));
  }
  return set;
}

std::string SpecifierSet::str() const {
  std::vector<std::string> texts;
  texts.reserve(specifiers_.size());
  for (const Specifier& specifier : specifiers_) texts.push_back(specifier.str());
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  std::string joined;
  for (const std::string& text : texts) {
    if (!joined.empty()) joined += ',';
    joined += text;
  }
  return joined;
}

bool SpecifierSet::contains(const Version& version) const {
  return std::all_of(specifiers_.begin(), specifiers_.end(),
                     [&](const Specifier& specifier) { return specifier.contains(version); });
}

bool SpecifierSet::contains_text(std::string_view version) const {
  return std::all_of(specifiers_.begin(), specifiers_.end(),
                     [&](const Specifier& specifier) { return specifier.contains_text(version); });
}

bool SpecifierSet::contains(const Version& version, std::optional<bool> prereleases) const {
  if (version.is_prerelease() && !(prereleases ? *prereleases : names_prerelease())) return false;
  return contains(version);
}

std::vector<std::size_t> SpecifierSet::filter(std::span<const std::string> versions,
                                              std::optional<bool> prereleases) const {
  const bool last_resort = !prereleases && !names_prerelease();
  std::vector<std::size_t> others;  // all but pre-releases
  std::vector<std::size_t> all;
  bool final_found = false;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (!contains_text(versions[i])) continue;
    const auto version = Version::try_parse(versions[i]);
    all.push_back(i);
    if (version && version->is_prerelease()) continue;
    others.push_back(i);
    final_found = final_found || version.has_value();
  }
  if (last_resort) return final_found ? others : all;
  return prereleases.value_or(true) ? all : others;
}

bool SpecifierSet::names_prerelease() const {
  return std::any_of(specifiers_.begin(), specifiers_.end(),
                     [](const Specifier& specifier) { return specifier.names_prerelease(); });
}

bool SpecifierSet::pins() const {
  return std::any_of(specifiers_.begin(), specifiers_.end(), [](const Specifier& specifier) {
    return specifier.op() == Operator::kArbitrary ||
           (specifier.op() == Operator::kEqual && !specifier.wildcard());
  });
}

bool SpecifierSet::operator==(const SpecifierSet& other) const {
  const auto covers = [](const std::vector<Specifier>& all, const std::vector<Specifier>& some) {
    return std::all_of(some.begin(), some.end(), [&](const Specifier& specifier) {
      return std::find(all.begin(), all.end(), specifier) != all.end();
    });
  };
  return covers(specifiers_, other.specifiers_) && covers(other.specifiers_, specifiers_);
}

}  // namespace pep
