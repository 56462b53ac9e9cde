// What one run has to obey: the included units, as facts about packages and finished stacks. Built
// by build.h; the solver's problem consumes it. No meaning depends on the order in which packages
// are resolved. Knows nothing of the solver. Not safe to share between threads (rules of a name are
// looked up when first asked for).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pep/name.h"
#include "pep/result.h"
#include "prescriptions/match.h"
#include "prescriptions/unit.h"
#include "resolver/pipeline/appraisal.h"

namespace resolver::pipeline {

using prescriptions::Entry;
using prescriptions::Notices;
using prescriptions::PackagePattern;
using prescriptions::PackageView;

// What every rule has. `unit` is what reports call it; rules of one unit share it and its notices:
// stack_info and log are said once a run, a justification once a stack. Entries are reported in the
// order of ids: by kind, then by the unit's name, so that no order of files shows.
struct RuleHead {
  std::uint32_t id = 0;       // below Plan::rule_count()
  std::uint32_t unit_id = 0;  // below Plan::units_total()
  std::string unit;
  prescriptions::Kind kind = prescriptions::Kind::kStep;
  const Notices* notices = nullptr;  // never null
};

// A sieve: packages that match are no candidates.
struct SieveRule {
  RuleHead head;
  PackagePattern removes;                // pre-releases included
  const VersionSet* versions = nullptr;  // and only these; null: all
};

// A sieve.SkipPackage: the name vanishes from every stack, with all that only it required.
struct SkipNameRule {
  RuleHead head;
  std::string name;
};

// A pseudonym: where a package that matches is required, `name` may be taken instead.
struct PseudonymRule {
  RuleHead head;
  PackagePattern match;  // pre-releases included; always has a name
  std::string name;
  bool same_version = false;             // of the package that matched
  std::optional<pep::Version> version;   // exactly this one; none and not same_version: any
  std::optional<std::string> index_url;  // only from there
};

// What a rule does to a stack in which it fires.
enum class Effect : std::uint8_t {
  kNote,           // nothing but its notices
  kScore,          // `score` is added
  kNotAcceptable,  // the stack is refused: `message`
  kStop,           // the search ends with what was found before: `message`
  kSkipPackage,    // the candidate, and what only it requires, is not part of the stack
  kAddPackage,  // `added` becomes part of the stack, unless a version of its name is in it anyway
};

// step, step.*, step.Group and stride. Fires in a finished stack if each pattern of `all_of` is met
// by the package of that name. Without any pattern it fires in every stack. The first may have no
// name: then the rule fires once for each package that meets it (the others always have names).
struct StackRule {
  RuleHead head;
  std::vector<PackagePattern> all_of;  // the first is the candidate; pre-releases only where named
  // Parents of the candidate (packages of the stack that require it) which must be there and meet
  // their pattern.
  std::vector<PackagePattern> parents;
  bool allow_other_parents = true;  // false: the candidate has no parent in the stack beside those
  Effect effect = Effect::kNote;
  double score = 0;  // within [-1, 1]
  std::string message;
  const prescriptions::PackageChoice* added = nullptr;
};

// wrap and wrap.GHReleaseNotes: says something about a chosen stack. Fires at most once a stack, if
// all patterns of one of the lists are met (an empty list always is).
struct WrapRule {
  RuleHead head;
  std::vector<std::vector<PackagePattern>> any_of;
  const std::string* advised_manifest_changes = nullptr;           // JSON; null: none
  const prescriptions::ReleaseNotesWrap* release_notes = nullptr;  // null: an ordinary wrap
};

// The rules that name one package.
struct PackageRules {
  std::vector<const SieveRule*> sieves;
  const SkipNameRule* skip = nullptr;
  std::vector<const PseudonymRule*> pseudonyms;  // whose match names it
  std::vector<const StackRule*>
      stack;  // with a pattern, of all_of or parents, that names it; each once
  std::vector<const WrapRule*> wraps;  // with a list whose first pattern names it; each once
  bool empty() const {
    return sieves.empty() && skip == nullptr && pseudonyms.empty() && stack.empty() &&
           wraps.empty();
  }
};

struct ReportedEntry {
  const Entry* entry = nullptr;
  std::string unit;
};

struct LogLine {
  std::string unit;
  const prescriptions::Log* log = nullptr;
};

// A boot that ended the run before anything was resolved.
struct Veto {
  std::string unit;
  std::string message;
  bool is_stop = false;  // eager_stop_pipeline rather than not_acceptable
};

class Plan {
 public:
  struct Parts;  // private to plan*.cc and build*.cc

  Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;
  ~Plan();

  // Rules that name `name`; an empty one if none does. O(1) but for the first time, when the units
  // that name it are found, decoded and turned into rules. The reference stays valid as long as the
  // plan.
  const PackageRules& of(std::string_view name) const;
  // Rules that name no package: sieves, stack rules whose candidate has no name, and wraps or
  // strides that always fire.
  const PackageRules& general() const;

  // The first sieve that removes this version, or null. Bound sieves before general ones. Where
  // there are requirements for development, who is needed for those only shows in the finished
  // stack: sieves that ask for it are left to it then.
  enum class Develop : std::uint8_t { kNone, kUnknown };
  const SieveRule* removed(const PackageView& package, Develop develop = Develop::kNone) const;
  // Of a package in a finished stack: the first of those that were left to it.
  const SieveRule* removed_late(const PackageView& package) const;
  // Every sieve that removes it, for the report.
  std::vector<const SieveRule*> removals(const PackageView& package) const;

  const std::vector<ReportedEntry>& boot_entries() const;  // in order
  const std::vector<LogLine>& boot_log() const;
  const std::optional<Veto>& veto() const;

  bool scores() const;  // whether an included unit can change a score
  const std::vector<const Appraiser*>& appraisers() const;  // scores of single packages
  const std::vector<const StackRule*>& scoring() const;     // the rules that can
  bool has_stack_rules() const;              // whether any step or stride is included
  bool has_edits() const;                    // whether a unit adds, skips or replaces packages
  bool yields(std::string_view name) const;  // whether a pseudonym offers the package
  std::size_t rule_count() const;            // ids are below it
  std::size_t units_included() const;
  std::size_t units_total() const;
  // Compiled prescriptions that turned out to be damaged when they were asked for.
  const std::optional<pep::Error>& fault() const;

 private:
  friend class PlanBuilder;
  std::unique_ptr<Parts> parts_;
};

// Whether the package of a stack meets a pattern of a StackRule or WrapRule.
bool meets(const PackagePattern& pattern, const PackageView& package);
// What a wrap.GHReleaseNotes says of the package that met it.
Entry release_notes_of(const prescriptions::ReleaseNotesWrap& wrap, const PackageView& package);
// Whether a PseudonymRule's match holds.
bool meets(const PseudonymRule& rule, const PackageView& package);

}  // namespace resolver::pipeline
