#include "resolver/solve/explain.h"

#include <fmt/format.h>

#include <map>
#include <unordered_map>
#include <unordered_set>

namespace resolver::solve {

namespace {

class Report {
 public:
  Report(const Solver& solver, const Describer& describer)
      : solver_(solver), describer_(describer) {}

  void tell(IncompatibilityId failure) {
    failure = skip_links(failure);
    count_uses(failure);
    if (at(failure).cause == Cause::kDerived) {
      visit(failure);
    } else {
      lines_.push_back(sentence(
          fmt::format("because {}, your requirements cannot be satisfied", clause(failure))));
    }
  }

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  const Incompatibility& at(IncompatibilityId id) const { return solver_.incompatibility(id); }
  bool derived(IncompatibilityId id) const { return at(id).cause == Cause::kDerived; }

  // That an extra is of its package's version goes without saying.
  IncompatibilityId skip_links(IncompatibilityId id) const {
    while (derived(id)) {
      if (at(at(id).left).cause == Cause::kSameVersion) {
        id = at(id).right;
      } else if (at(at(id).right).cause == Cause::kSameVersion) {
        id = at(id).left;
      } else {
        break;
      }
    }
    return id;
  }
  IncompatibilityId left(IncompatibilityId id) const { return skip_links(at(id).left); }
  IncompatibilityId right(IncompatibilityId id) const { return skip_links(at(id).right); }

  void count_uses(IncompatibilityId id) {
    std::vector<IncompatibilityId> stack{id};
    while (!stack.empty()) {
      IncompatibilityId next = stack.back();
      stack.pop_back();
      if (++uses_[next] > 1 || !derived(next)) continue;
      stack.push_back(left(next));
      stack.push_back(right(next));
    }
  }

  // An iterative walk would hide the rules; depth is bounded by kDeepest instead.
  static constexpr int kDeepest = 2000;

  void visit(IncompatibilityId id) {
    if (depth_ >= kDeepest) return;
    ++depth_;
    IncompatibilityId one = left(id);
    IncompatibilityId two = right(id);
    if (derived(one) && derived(two)) {
      both_derived(id, one, two);
    } else if (derived(one) || derived(two)) {
      one_derived(id, derived(one) ? one : two, derived(one) ? two : one);
    } else {
      write(id, fmt::format("because {} and {}", clause(one), clause(two)));
    }
    --depth_;
  }

  void both_derived(IncompatibilityId id, IncompatibilityId one, IncompatibilityId two) {
    if (numbered(one) && numbered(two)) {
      write(id, fmt::format("because {} and {}", clause(one), clause(two)));
    } else if (numbered(one) || numbered(two)) {
      if (!numbered(one)) std::swap(one, two);
      visit(two);
      write(id, fmt::format("and because {}", clause(one)));
    } else {
      if (simple(one) && !simple(two)) std::swap(one, two);
      visit(one);
      if (simple(two)) {
        visit(two);
        write(id, "thus");
      } else {
        number_last(one);
        visit(two);
        write(id, fmt::format("and because {}", clause(one)));
      }
    }
  }

  void one_derived(IncompatibilityId id, IncompatibilityId derived_cause, IncompatibilityId fact) {
    if (numbered(derived_cause)) {
      write(id, fmt::format("because {} and {}", clause(fact), clause(derived_cause)));
      return;
    }
    IncompatibilityId one = left(derived_cause);
    IncompatibilityId two = right(derived_cause);
    if (derived(one) != derived(two) && uses_[derived_cause] == 1) {
      visit(derived(one) ? one : two);
      write(id,
            fmt::format("and because {} and {}", clause(derived(one) ? two : one), clause(fact)));
    } else {
      visit(derived_cause);
      write(id, fmt::format("and because {}", clause(fact)));
    }
  }

  bool simple(IncompatibilityId id) const { return !derived(left(id)) && !derived(right(id)); }
  bool numbered(IncompatibilityId id) const { return numbers_.contains(id); }

  void write(IncompatibilityId id, const std::string& reason) {
    std::string line = reason + ", " + conclusion(at(id));
    lines_.push_back(sentence(line));
    if (uses_[id] > 1) number_last(id);
  }
  void number_last(IncompatibilityId id) {
    if (numbered(id) || lines_.empty()) return;
    numbers_[id] = ++last_number_;
    lines_.back() += fmt::format(" ({})", last_number_);
  }

  static std::string sentence(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
      text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text + ".";
  }

  std::string clause(IncompatibilityId id) const {
    const Incompatibility& incompatibility = at(id);
    const auto& literals = incompatibility.literals;
    switch (incompatibility.cause) {
      case Cause::kRoot:
        return "the application is to be installed";
      case Cause::kNoVersions:
        return describer_.no_versions(literals[0].package, literals[0].term.range);
      case Cause::kDependency:
        return describer_.depends(literals[0].package, literals[0].term.range,
                                  incompatibility.detail);
      case Cause::kExternal:
        return describer_.external(incompatibility);
      case Cause::kSameVersion:
        return "an extra has the version of its package";
      case Cause::kDerived:
        break;
    }
    std::string text = conclusion(incompatibility);
    auto number = numbers_.find(id);
    return number == numbers_.end() ? text : fmt::format("{} ({})", text, number->second);
  }

  std::string name(const Literal& literal) const {
    return describer_.versions(literal.package, literal.term.range);
  }

  // What a derived incompatibility says.
  std::string conclusion(const Incompatibility& incompatibility) const {
    std::vector<std::string> present;
    std::vector<std::string> absent;
    for (const Literal& literal : incompatibility.literals) {
      if (literal.package == kRootPackage) continue;
      (literal.term.positive ? present : absent).push_back(name(literal));
    }
    if (present.empty() && absent.empty()) return "your requirements cannot be satisfied";
    if (present.empty()) return fmt::format("your requirements need {}", fmt::join(absent, " or "));
    if (absent.empty() && present.size() == 1) return fmt::format("{} cannot be used", present[0]);
    if (absent.empty())
      return fmt::format("{} cannot be used together", fmt::join(present, " and "));
    return fmt::format("{} {} {}", fmt::join(present, " and "),
                       present.size() == 1 ? "needs" : "together need", fmt::join(absent, " or "));
  }

  const Solver& solver_;
  const Describer& describer_;
  std::unordered_map<IncompatibilityId, int> uses_;
  std::unordered_map<IncompatibilityId, int> numbers_;
  std::vector<std::string> lines_;
  int last_number_ = 0;
  int depth_ = 0;
};

// The facts alone, dependencies of one package on another joined over their versions.
std::string explain_by_facts(const Solver& solver, IncompatibilityId failure,
                             const Describer& describer, std::size_t most) {
  struct Joined {
    PackageId package;
    Range range;
    std::uint32_t detail;
    IncompatibilityId id;
  };
  std::vector<Joined> told;
  std::map<std::pair<PackageId, PackageId>, std::size_t> places;
  for (IncompatibilityId id : facts_of(solver, failure)) {
    const Incompatibility& fact = solver.incompatibility(id);
    if (fact.cause == Cause::kRoot || fact.cause == Cause::kSameVersion) continue;
    const PackageId package = fact.literals[0].package;
    const bool dependency = fact.cause == Cause::kDependency;
    const PackageId of = fact.literals.size() > 1 ? fact.literals[1].package : kNoPackage;
    auto [place, fresh] =
        places.try_emplace({package, dependency ? of : kNoPackage - 1 - id}, told.size());
    if (fresh) {
      told.push_back({package, fact.literals[0].term.range, fact.detail, id});
    } else {
      told[place->second].range = unite(told[place->second].range, fact.literals[0].term.range);
    }
  }
  std::string text = "No choice of versions satisfies all of these:\n";
  for (std::size_t i = 0; i < told.size() && i < most; ++i) {
    const Incompatibility& fact = solver.incompatibility(told[i].id);
    std::string clause;
    if (fact.cause == Cause::kDependency) {
      clause = describer.depends(told[i].package, told[i].range, told[i].detail);
    } else if (fact.cause == Cause::kNoVersions) {
      clause = describer.no_versions(told[i].package, told[i].range);
    } else {
      clause = describer.external(fact);
    }
    text += "- " + clause + "\n";
  }
  if (told.size() > most) text += fmt::format("- and {} more\n", told.size() - most);
  return text;
}

}  // namespace

std::vector<IncompatibilityId> facts_of(const Solver& solver, IncompatibilityId failure) {
  std::vector<IncompatibilityId> facts;
  std::vector<IncompatibilityId> stack{failure};
  std::unordered_set<IncompatibilityId> seen;
  while (!stack.empty()) {
    IncompatibilityId id = stack.back();
    stack.pop_back();
    if (!seen.insert(id).second) continue;
    const Incompatibility& incompatibility = solver.incompatibility(id);
    if (incompatibility.cause != Cause::kDerived) {
      facts.push_back(id);
      continue;
    }
    stack.push_back(incompatibility.right);
    stack.push_back(incompatibility.left);
  }
  return facts;
}

std::string explain(const Solver& solver, IncompatibilityId failure, const Describer& describer,
                    std::size_t most) {
  if (facts_of(solver, failure).size() > 2 * most)
    return explain_by_facts(solver, failure, describer, most);
  Report report(solver, describer);
  report.tell(failure);
  if (report.lines().size() > most) return explain_by_facts(solver, failure, describer, most);
  std::string text;
  for (const std::string& line : report.lines()) text += line + "\n";
  return text;
}

}  // namespace resolver::solve
