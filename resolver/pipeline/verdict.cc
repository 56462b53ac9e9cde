#include "resolver/pipeline/verdict.h"

#include <algorithm>
#include <set>

#include "resolver/pipeline/problem.h"

namespace resolver::pipeline {

namespace {

bool met(const PackagePattern& pattern, const StackPackage& package) {
  return meets(pattern, {.name = package.name.str(),
                         .version = package.version,
                         .index_url = package.index_url,
                         .develop = package.develop});
}

bool parents_fit(const StackRule& rule, const Stack& stack, const StackPackage& candidate,
                 Firing& firing) {
  std::vector<std::uint32_t> named;
  for (const PackagePattern& pattern : rule.parents) {
    const std::size_t place = stack.find(pattern.name);
    if (place == Stack::kNowhere || !met(pattern, stack.packages[place])) return false;
    const auto found = std::find(candidate.parents.begin(), candidate.parents.end(), place);
    if (found == candidate.parents.end()) return false;
    named.push_back(static_cast<std::uint32_t>(place));
  }
  if (!rule.allow_other_parents) {
    for (std::uint32_t parent : candidate.parents) {
      if (std::find(named.begin(), named.end(), parent) == named.end()) return false;
    }
  }
  firing.places.insert(firing.places.end(), named.begin(), named.end());
  return true;
}

// Whether the patterns after the first, and those of parents, are met.
bool rest_fits(const StackRule& rule, const Stack& stack, const StackPackage& candidate,
               Firing& firing) {
  for (std::size_t i = 1; i < rule.all_of.size(); ++i) {
    const std::size_t place = stack.find(rule.all_of[i].name);
    if (place == Stack::kNowhere || !met(rule.all_of[i], stack.packages[place])) return false;
    firing.places.push_back(static_cast<std::uint32_t>(place));
  }
  return parents_fit(rule, stack, candidate, firing);
}

bool fires_at(const StackRule& rule, const Stack& stack, std::size_t place, Firing& firing) {
  firing = {.rule = &rule, .places = {static_cast<std::uint32_t>(place)}};
  const StackPackage& candidate = stack.packages[place];
  return met(rule.all_of[0], candidate) && rest_fits(rule, stack, candidate, firing);
}

class Judge {
 public:
  Judge(const Plan& plan, const Stack& stack) : plan_(plan), stack_(stack) {}

  Verdict run() {
    for (const StackRule* rule : rules()) hold(*rule);
    for (const WrapRule* wrap : wraps()) add(*wrap);
    if (!plan_.appraisers().empty()) appraise_all();
    return std::move(verdict_);
  }

 private:
  static bool earlier(const RuleHead& a, const RuleHead& b) { return a.id < b.id; }

  std::vector<const StackRule*> rules() const {
    std::vector<const StackRule*> found = plan_.general().stack;
    for (const StackPackage& package : stack_.packages) {
      const auto& named = plan_.of(package.name.str()).stack;
      found.insert(found.end(), named.begin(), named.end());
    }
    found.insert(found.end(), stack_.edits.begin(), stack_.edits.end());
    std::sort(found.begin(), found.end(),
              [](const StackRule* a, const StackRule* b) { return earlier(a->head, b->head); });
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  std::vector<const WrapRule*> wraps() const {
    std::vector<const WrapRule*> found;
    auto add = [&](const std::vector<const WrapRule*>& some) {
      for (const WrapRule* wrap : some) {
        const bool fits =
            wrap->any_of.empty() ||
            std::any_of(wrap->any_of.begin(), wrap->any_of.end(), [&](auto& all) {
              return std::all_of(all.begin(), all.end(), [&](const PackagePattern& pattern) {
                const std::size_t place = stack_.find(pattern.name);
                return place != Stack::kNowhere && met(pattern, stack_.packages[place]);
              });
            });
        if (fits) found.push_back(wrap);
      }
    };
    add(plan_.general().wraps);
    for (const StackPackage& package : stack_.packages) add(plan_.of(package.name.str()).wraps);
    std::sort(found.begin(), found.end(),
              [](const WrapRule* a, const WrapRule* b) { return earlier(a->head, b->head); });
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  void hold(const StackRule& rule) {
    Firing firing{.rule = &rule, .places = {}};
    if (rule.effect == Effect::kSkipPackage || rule.effect == Effect::kAddPackage) {
      const auto& edits = stack_.edits;
      if (std::find(edits.begin(), edits.end(), &rule) != edits.end()) say(rule.head);
    } else if (rule.all_of.empty()) {
      fire(firing);
    } else if (!rule.all_of[0].name.empty()) {
      const std::size_t first = stack_.find(rule.all_of[0].name);
      if (first != Stack::kNowhere && fires_at(rule, stack_, first, firing)) fire(firing);
    } else {
      for (std::size_t place = 0; place < stack_.packages.size(); ++place) {
        if (fires_at(rule, stack_, place, firing)) fire(firing);
      }
    }
  }

  void fire(Firing& firing) {
    const StackRule& rule = *firing.rule;
    say(rule.head);
    if (rule.effect == Effect::kScore) verdict_.score += rule.score;
    if (rule.effect == Effect::kStop && verdict_.stop == nullptr) verdict_.stop = &rule;
    if (rule.effect == Effect::kNotAcceptable) verdict_.refusals.push_back(std::move(firing));
  }

  void appraise_all() {
    std::vector<Entry> entries;
    for (const StackPackage& package : stack_.packages) {
      const AppraisedPackage appraised{.name = package.name.str(),
                                       .version = &package.version,
                                       .page = package.page,
                                       .version_index = package.version_index,
                                       .file = package.file,
                                       .metadata = package.metadata};
      verdict_.score += appraise(plan_.appraisers(), appraised);
      for (const Appraiser* appraiser : plan_.appraisers()) {
        entries.clear();
        appraiser->explain(appraised, entries);
        for (Entry& entry : entries) {
          verdict_.made.push_back(std::move(entry));
          verdict_.justification.push_back({&verdict_.made.back(), std::string(appraiser->unit())});
        }
      }
    }
  }

  void add(const WrapRule& wrap) {
    say(wrap.head);
    if (wrap.advised_manifest_changes != nullptr && !wrap.advised_manifest_changes->empty()) {
      verdict_.manifest_changes.push_back(*wrap.advised_manifest_changes);
    }
    if (wrap.release_notes == nullptr) return;
    for (const auto& patterns : wrap.any_of) {
      if (patterns.empty()) continue;
      const std::size_t place = stack_.find(patterns[0].name);
      if (place == Stack::kNowhere || !met(patterns[0], stack_.packages[place])) continue;
      const StackPackage& package = stack_.packages[place];
      verdict_.made.push_back(
          release_notes_of(*wrap.release_notes, {.name = package.name.str(),
                                                 .version = package.version,
                                                 .index_url = package.index_url}));
      verdict_.justification.push_back({&verdict_.made.back(), wrap.head.unit});
      return;
    }
  }

  void say(const RuleHead& head) {
    if (!said_.insert(head.unit_id).second) return;
    for (const Entry& entry : head.notices->justification)
      verdict_.justification.push_back({&entry, head.unit});
    for (const Entry& entry : head.notices->stack_info)
      verdict_.stack_info.push_back({&entry, head.unit});
  }

  const Plan& plan_;
  const Stack& stack_;
  Verdict verdict_;
  std::set<std::uint32_t> said_;
};

}  // namespace

Verdict judge(const Plan& plan, const Stack& stack) { return Judge(plan, stack).run(); }

bool fires(const StackRule& rule, const Stack& stack, const StackPackage& candidate,
           Firing& firing) {
  firing = {.rule = &rule, .places = {}};
  return !rule.all_of.empty() && met(rule.all_of[0], candidate) &&
         rest_fits(rule, stack, candidate, firing);
}

bool decidable_early(const StackRule& rule) {
  return rule.parents.empty() && rule.allow_other_parents && !rule.all_of.empty() &&
         std::all_of(rule.all_of.begin(), rule.all_of.end(), [](const PackagePattern& pattern) {
           return !pattern.name.empty() && !pattern.develop.has_value();
         });
}

bool depends_on_whole_stack(const StackRule& rule) {
  if (!rule.allow_other_parents) return true;
  auto of_development = [](const PackagePattern& pattern) { return pattern.develop.has_value(); };
  return std::any_of(rule.all_of.begin(), rule.all_of.end(), of_development) ||
         std::any_of(rule.parents.begin(), rule.parents.end(), of_development);
}

// A refusal that only a finished stack shows becomes an incompatibility of exactly these versions.
pep::Result<std::vector<solve::External>> Problem::check(const std::vector<Chosen>& solution) {
  std::vector<solve::External> learned;
  if (plan_.fault()) return *plan_.fault();
  if (!plan_.has_stack_rules() && !any_develop_) return learned;
  const Stack stack = stack_of(*this, solution);
  for (const Firing& firing : judge(plan_, stack).refusals) {
    solve::External external;
    for (std::uint32_t place : firing.places) {
      const StackPackage& package = stack.packages[place];
      const bool known =
          std::any_of(external.literals.begin(), external.literals.end(),
                      [&](const solve::Literal& literal) { return literal.package == package.id; });
      if (!known) {
        external.literals.push_back(
            {package.id, solve::Term::in(solve::Range::one(package.version_index))});
      }
    }
    if (depends_on_whole_stack(*firing.rule)) {
      // Who requires what, and what is for development only, is a matter of all packages.
      external.literals.clear();
      for (const Chosen& one : solution) {
        if (one.package != solve::kRootPackage)
          external.literals.push_back(
              {one.package, solve::Term::in(solve::Range::one(one.version))});
      }
    }
    if (external.literals.empty()) {
      external.literals.push_back({solve::kRootPackage, solve::Term::in(solve::Range::one(0))});
    }
    external.detail = note({.rule = firing.rule});
    learned.push_back(std::move(external));
  }
  if (any_develop_) check_late_sieves(stack, solution, learned);
  if (plan_.has_edits()) {
    if (auto checked = check_edits(stack, solution, learned); !checked)
      return std::move(checked).error();
  }
  return learned;
}

}  // namespace resolver::pipeline
