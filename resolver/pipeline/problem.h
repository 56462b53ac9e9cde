// One resolution as the solver's Provider: the user's question, the target, the index and the plan
// of prescriptions turned into packages, ranges and incompatibilities. Prescriptions are part of
// the problem: a sieve removes candidates, a rule that refuses a combination is an incompatibility.
// One thread at a time.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "pep/metadata.h"
#include "resolver/index/client.h"
#include "resolver/pipeline/candidate.h"
#include "resolver/pipeline/plan.h"
#include "resolver/pipeline/prefetch.h"
#include "resolver/pipeline/question.h"
#include "resolver/pipeline/stack.h"
#include "resolver/pipeline/stand_in.h"
#include "resolver/solve/provider.h"
#include "rpmenv/target.h"

namespace resolver::pipeline {

class Problem final : public solve::Provider {
 public:
  // All must outlive the problem. Asks the index for the pages of the direct requirements at once.
  Problem(const rpmenv::Target& target, index::Client& client, const Plan& plan,
          const Question& question);
  ~Problem() override;

  solve::PackageId base(solve::PackageId package) const override { return packages_[package].base; }
  solve::Range existing(solve::PackageId package, const solve::Range& range) const override {
    return intersect(range, solve::Range::between(0, choice_count(package)));
  }
  bool is_version(solve::PackageId package, solve::VersionIndex choice) const override {
    return left_out(package, choice) == nullptr;
  }
  solve::Priority priority(solve::PackageId package) const override;
  pep::Result<std::optional<solve::VersionIndex>> choose(solve::PackageId package,
                                                         const solve::Range& allowed) override;
  pep::Result<std::variant<std::vector<solve::Dependency>, solve::Unusable>> dependencies(
      solve::PackageId package, solve::VersionIndex version) override;
  std::vector<solve::External> take_externals() override;
  pep::Result<std::vector<solve::External>> check(const std::vector<Chosen>& solution) override;

  // What a number given to the solver as `detail` stands for.
  struct Detail {
    const pep::Requirement* requirement = nullptr;  // a dependency or a constraint
    const StackRule* rule = nullptr;                // a combination that is refused, or an edit
    const PseudonymRule* pseudonym = nullptr;       // whose alternative is needed
    const SieveRule* sieve = nullptr;               // that removes a package of a finished stack
    std::string text = {};  // a reason why a version is unusable, or an origin
    bool constraint = false;
  };
  const Detail& detail(std::uint32_t number) const { return details_[number]; }

  struct Package {
    pep::Name name;
    std::optional<pep::Name> extra;
    solve::PackageId base = solve::kNoPackage;
    const index::Page* page = nullptr;  // null: no index has the name, or the root
    std::uint32_t order = 0;            // of first sight
    solve::Range pinned;                // versions that a "==" or "===" of the user names
    bool names_prerelease = false;      // a requirement of the user names a pre-release
    bool direct = false;
    bool keyed = false;                 // every version has a packed key
    std::vector<Candidate> candidates;  // by version, valid where looked_at
    std::vector<char> looked_at;
    std::vector<const SieveRule*> sieved;  // by version; null: not removed
    // Choices beyond the versions: version v under stand-in k is number count * (1 + k) + v.
    std::vector<StandIn> stand_ins;
    std::vector<StandIn> skipped;  // rules that leave versions out whatever else is in a stack
    bool is_yielded = false;       // a pseudonym offers it: sieves count for requirements only
    solve::Range sieved_out;       // what they remove then
  };
  const Package& package(solve::PackageId id) const { return packages_[id]; }
  std::size_t package_count() const { return packages_.size(); }
  const rpmenv::Target& target() const { return target_; }
  const Plan& plan() const { return plan_; }
  const Question& question() const { return question_; }
  CandidateFilter& filter() { return filter_; }

  // The candidate of a version, computed when first asked for.
  const Candidate& candidate(solve::PackageId base, solve::VersionIndex version);
  // Its files that may be installed, best first, without those of indexes that a sieve removes.
  std::vector<std::uint32_t> usable_files(solve::PackageId base, solve::VersionIndex version);
  // The index that a version comes from.
  const std::string& index_url(solve::PackageId base, solve::VersionIndex version) const;
  // The metadata that a decided version was resolved with; null if it was never asked for.
  const pep::Metadata* metadata_of(solve::PackageId base, solve::VersionIndex version) const;
  // The requirements that apply to a version in the target: of the base package, or of an extra.
  void for_each_requirement(solve::PackageId package, solve::VersionIndex version,
                            const std::function<void(const pep::Requirement&)>& use) const;
  solve::PackageId find(const pep::Name& name) const;  // kNoPackage if it was never seen
  // What holds in place of a requirement: an override of its name, or itself.
  const pep::Requirement& overridden(const pep::Requirement& requirement) const;
  // Versions and what may stand in their place: how many choices there are, the version that one is
  // about, and by which rule it is no part of a stack (null: it is one).
  solve::VersionIndex choice_count(solve::PackageId package) const;
  solve::VersionIndex version_index(solve::PackageId package, solve::VersionIndex choice) const;
  const StandIn* left_out(solve::PackageId package, solve::VersionIndex choice) const;
  pep::Version version(solve::PackageId package, solve::VersionIndex choice) const {
    return packages_[package].page->version(version_index(package, choice));
  }
  // The choices that meet a requirement.
  solve::Range admitted(solve::PackageId id, const pep::SpecifierSet& specifiers) {
    return range(id, specifiers);
  }
  // The package and version that a step.AddPackage adds; none if it has no effect here.
  struct Addition {
    solve::PackageId package = solve::kNoPackage;
    solve::VersionIndex version = 0;
  };
  pep::Result<std::optional<Addition>> addition(const StackRule& rule);
  // The same, as far as it was asked for already.
  std::optional<Addition> known_addition(const StackRule& rule) const;
  // Packages that a rule may add beside a version, if more than the version is in the stack.
  pep::Result<std::vector<solve::Dependency>> possible_additions(solve::PackageId base,
                                                                 solve::VersionIndex version);
  // What units say of a version by itself.
  double appraisal(solve::PackageId base, solve::VersionIndex version);
  // No stack of this problem scores higher; infinite if nothing is known.
  double best_score() const;
  // Pseudonyms whose match a version meets that the stack could have, in the order of units.
  std::vector<const PseudonymRule*> pseudonyms_met(const Stack& stack);

  // Extras that were asked for and do not exist: of all versions that were looked at.
  struct MissingExtra {
    solve::PackageId package;  // the extra's
    solve::VersionIndex version;
    std::string text;  // a sentence
  };
  const std::vector<MissingExtra>& missing_extras() const { return missing_extras_; }
  // Why a version is no candidate, as a predicate ("was yanked"); empty if it is one.
  std::string why_not(solve::PackageId id, solve::VersionIndex version);
  // ", and there is no such version …" if no version at all meets the requirement; else empty.
  std::string why_none(const pep::Requirement& requirement);
  // Whether any version that `specifiers` admit has a file for the target, rules left aside.
  bool fits_any(solve::PackageId package, const pep::SpecifierSet& specifiers);
  // Sieves that removed a version which a requirement of the stack admits, in the order of units.
  std::vector<const SieveRule*> sieves_that_removed(const Stack& stack);
  // Requirements on skipped names (sieve.SkipPackage), for the report.
  const std::vector<const SkipNameRule*>& skipped() const { return skipped_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  pep::Result<solve::PackageId> intern(const pep::Name& name);
  solve::PackageId intern_extra(solve::PackageId base, const pep::Name& extra);
  void know_user_wishes(Package& package);
  void add_constraints(solve::PackageId id);
  void add_rules(const pep::Name& name);
  bool emit_rule(const StackRule& rule);
  void keep_apart(const pep::Name& name);
  solve::Range range(solve::PackageId id, const pep::SpecifierSet& specifiers);
  std::optional<solve::VersionIndex> first_fit(solve::PackageId id, const solve::Range& allowed,
                                               bool lowest, bool prereleases, bool finals);
  std::optional<solve::VersionIndex> first_choice(solve::PackageId id, const solve::Range& allowed,
                                                  bool lowest);
  bool usable(solve::PackageId id, solve::VersionIndex version);
  bool is_given(const pep::Requirement& requirement) const;
  bool rules_tell_indexes(const Package& package) const;
  double worth_of_index(const Package& package, const pep::Version& version,
                        const std::string& index_url) const;
  void take_best_index(Package& package, solve::VersionIndex version, Candidate& found);
  const std::string& chosen_index_url(solve::PackageId base, solve::VersionIndex version);
  pep::Status depend(const pep::Requirement& requirement, std::uint32_t detail,
                     std::vector<solve::Dependency>& dependencies);
  pep::Result<std::vector<solve::Dependency>> root_dependencies();
  pep::Result<const pep::Metadata*> load_metadata(solve::PackageId base,
                                                  solve::VersionIndex version,
                                                  std::string& unusable);
  bool skips(const pep::Name& name);
  void add_override(const pep::Requirement& requirement);
  const SieveRule* removed(const Package& package, solve::VersionIndex version,
                           const std::string& index_url) const;
  bool may_fire(const StackRule& rule) const;
  void check_late_sieves(const Stack& stack, const std::vector<Chosen>& solution,
                         std::vector<solve::External>& learned);
  std::optional<solve::VersionIndex> preference(solve::PackageId id, const solve::Range& allowed);
  std::optional<solve::VersionIndex> preferred_stand_in(solve::PackageId id,
                                                        const solve::Range& allowed);
  void know_stand_ins(Package& package);
  void know_what_sieves_remove(solve::PackageId id);
  solve::Range with_stand_ins(const Package& package, solve::Range versions) const;
  std::optional<solve::VersionIndex> fit_or_stand_in(solve::PackageId id,
                                                     const solve::Range& allowed, bool lowest,
                                                     bool prereleases, bool finals);
  pep::Result<std::variant<std::vector<solve::Dependency>, solve::Unusable>> replacement(
      solve::PackageId id, solve::VersionIndex version, const StandIn& stand_in);
  pep::Status add_packages(solve::PackageId id, solve::VersionIndex version,
                           std::vector<solve::Dependency>& dependencies);
  pep::Result<std::optional<Addition>> find_addition(const StackRule& rule);
  pep::Status check_edits(const Stack& stack, const std::vector<Chosen>& solution,
                          std::vector<solve::External>& learned);
  void check_skips(const Stack& stack, const std::vector<Chosen>& solution,
                   std::vector<solve::External>& learned);
  pep::Status check_additions(const Stack& stack, const std::vector<Chosen>& solution,
                              std::vector<solve::External>& learned);
  std::uint32_t note(Detail detail);

  const rpmenv::Target& target_;
  index::Client& client_;
  const Plan& plan_;
  const Question& question_;
  CandidateFilter filter_;
  std::shared_ptr<Prefetcher> prefetcher_;
  std::deque<Package> packages_;                                      // 0 is the root
  std::unordered_map<std::string, solve::PackageId> ids_;             // "name" or "name[extra]"
  std::unordered_map<std::uint64_t, const pep::Metadata*> metadata_;  // (base, version)
  std::unordered_map<std::string, pep::Requirement> overrides_;       // those that apply, by name
  std::unordered_map<std::uint32_t, char> emitted_rules_;
  bool any_develop_ = false;  // there are requirements for development
  std::unordered_map<std::uint32_t, std::optional<Addition>> additions_;  // by rule
  std::vector<solve::External> externals_;
  std::deque<Detail> details_;
  std::vector<const SkipNameRule*> skipped_;
  std::vector<std::string> warnings_;
  std::vector<MissingExtra> missing_extras_;
};

}  // namespace resolver::pipeline
