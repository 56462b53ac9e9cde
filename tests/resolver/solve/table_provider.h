// A problem written down as a table, for the solver's tests. Version i of a package is i; the
// newest is tried first.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "resolver/solve/provider.h"

namespace resolver::solve::test {

struct Need {
  PackageId package;
  Range range;
};

class TableProvider : public Provider {
 public:
  // Package 0 is the root.
  PackageId package(std::uint32_t versions, PackageId base_of = kNoPackage) {
    counts_.push_back(versions);
    bases_.push_back(base_of);
    return static_cast<PackageId>(counts_.size() - 1);
  }
  TableProvider() { package(1); }

  void need(PackageId package, VersionIndex version, PackageId of, Range range) {
    needs_[{package, version}].push_back({of, std::move(range)});
  }
  void unusable(PackageId package, VersionIndex version) { unusable_[{package, version}] = true; }
  void forbid(std::vector<Literal> literals) { forbidden_.push_back({std::move(literals), 7}); }
  void forbid_at_the_end(std::vector<Literal> literals) {
    late_.push_back({std::move(literals), 8});
  }

  PackageId base(PackageId package) const override { return bases_[package]; }
  Range existing(PackageId package, const Range& range) const override {
    return intersect(range, Range::between(0, counts_[package]));
  }
  Priority priority(PackageId package) const override { return {kUsualRank, package}; }
  pep::Result<std::optional<VersionIndex>> choose(PackageId package,
                                                  const Range& allowed) override {
    ++choices;
    for (VersionIndex i = counts_[package]; i-- > 0;) {
      if (allowed.contains(i)) return std::optional<VersionIndex>(i);
    }
    return std::optional<VersionIndex>();
  }
  pep::Result<std::variant<std::vector<Dependency>, Unusable>> dependencies(
      PackageId package, VersionIndex version) override {
    using Answer = std::variant<std::vector<Dependency>, Unusable>;
    ++asked[{package, version}];
    if (unusable_.contains({package, version})) return Answer(Unusable{3});
    std::vector<Dependency> found;
    for (const Need& need : needs_[{package, version}])
      found.push_back({need.package, need.range, 1});
    return Answer(std::move(found));
  }
  std::vector<External> take_externals() override { return std::exchange(forbidden_, {}); }
  pep::Result<std::vector<External>> check(const std::vector<Chosen>& solution) override {
    std::vector<External> violated;
    for (const External& external : late_) {
      bool all = std::all_of(
          external.literals.begin(), external.literals.end(), [&](const Literal& literal) {
            auto chosen = std::find_if(solution.begin(), solution.end(), [&](const Chosen& c) {
              return c.package == literal.package;
            });
            return chosen != solution.end() && literal.term.range.contains(chosen->version);
          });
      if (all) violated.push_back(external);
    }
    return violated;
  }

  std::uint32_t count(PackageId package) const { return counts_[package]; }
  std::size_t packages() const { return counts_.size(); }
  bool is_unusable(PackageId package, VersionIndex version) const {
    return unusable_.contains({package, version});
  }
  const std::vector<Need>& needs(PackageId package, VersionIndex version) {
    return needs_[{package, version}];
  }
  const std::vector<External>& late() const { return late_; }

  int choices = 0;
  std::map<std::pair<PackageId, VersionIndex>, int> asked;

 private:
  std::vector<std::uint32_t> counts_;
  std::vector<PackageId> bases_;
  std::map<std::pair<PackageId, VersionIndex>, std::vector<Need>> needs_;
  std::map<std::pair<PackageId, VersionIndex>, bool> unusable_;
  std::vector<External> forbidden_;
  std::vector<External> late_;
};

// The chosen versions by package; empty if unsatisfiable.
inline std::map<PackageId, VersionIndex> chosen(const pep::Result<SolveOutcome>& outcome) {
  std::map<PackageId, VersionIndex> versions;
  if (!outcome) return versions;
  if (const auto* solution = std::get_if<Solution>(&*outcome)) {
    for (const auto& one : solution->chosen) versions[one.package] = one.version;
  }
  return versions;
}

}  // namespace resolver::solve::test
