#include "resolver/learn/space.h"

#include <algorithm>
#include <unordered_map>

namespace resolver::learn {

using solve::PackageId;
using solve::Range;
using solve::VersionIndex;

namespace {
constexpr std::size_t kMostVersions = 200;  // of one package
constexpr std::uint32_t kMostRounds = 200;
}  // namespace

pep::Status Space::explore(const std::vector<solve::Provider::Chosen>& first) {
  auto root = needs_of(solve::kRootPackage, 0);
  if (!root) return std::move(root).error();
  root_ = std::move(**root);
  if (auto done = need(root_); !done) return done;
  for (const auto& chosen : first) {
    if (chosen.package == solve::kRootPackage || problem_.base(chosen.package) != solve::kNoPackage)
      continue;
    know(chosen.package).first = chosen.version;
    if (auto done = look(chosen.package, chosen.version); !done) return done;
  }
  for (std::uint32_t round = 1; round <= kMostRounds; ++round) {
    left_ = false;
    while (true) {
      auto looked = look_further(round);
      if (!looked) return std::move(looked).error();
      if (*looked == 0 || stopped_) break;
    }
    if (stopped_ || !left_ || read_ >= options_.scored) break;
  }
  complete_ = complete_ && !left_ && !stopped_;
  gather();
  return pep::Done{};
}

Space::Knowledge& Space::know(PackageId base) {
  Knowledge& known = known_[base];
  if (known.known) return known;
  known.known = true;
  const auto& package = problem_.package(base);
  const auto scores = [](const std::vector<const pipeline::StackRule*>& rules) {
    return std::any_of(rules.begin(), rules.end(), [](const pipeline::StackRule* rule) {
      return rule->effect == pipeline::Effect::kScore && rule->score != 0;
    });
  };
  known.scored = scores(problem_.plan().of(package.name.str()).stack) ||
                 scores(problem_.plan().general().stack) || !problem_.plan().appraisers().empty();
  if (package.page == nullptr) return known;
  for (const pipeline::RootRequirement& constraint : problem_.question().constraints) {
    const pep::Requirement& requirement = constraint.requirement;
    if (requirement.name != package.name) continue;
    if (requirement.marker && !requirement.marker->holds(problem_.target().environment)) continue;
    known.constrained =
        intersect(known.constrained, problem_.admitted(base, requirement.specifiers));
  }
  return known;
}

// Makes known what is required: new packages, new ranges, new extras.
pep::Status Space::need(const Needs& needs) {
  for (const solve::Dependency& dependency : needs) {
    const PackageId base = problem_.base(dependency.package);
    if (base == solve::kNoPackage) {
      Knowledge& known = know(dependency.package);
      if (std::find(known.ranges.begin(), known.ranges.end(), dependency.range) !=
          known.ranges.end()) {
        continue;
      }
      known.ranges.push_back(dependency.range);
      known.stale = true;
      continue;
    }
    Knowledge& known = know(base);
    if (std::find(known.extras.begin(), known.extras.end(), dependency.package) !=
        known.extras.end()) {
      continue;
    }
    known.extras.push_back(dependency.package);
    for (auto& [version, looked] : known.looked) {
      if (!looked.usable) continue;
      auto found = needs_of(dependency.package, version);
      if (!found) return std::move(found).error();
      if (*found) {
        auto [place, fresh] = looked.extras.emplace(dependency.package, std::move(**found));
        if (auto done = need(Needs(place->second)); !done) return done;
      }
    }
  }
  return pep::Done{};
}

// None: the version cannot be taken.
pep::Result<std::optional<Space::Needs>> Space::needs_of(PackageId package, VersionIndex version) {
  auto found = problem_.dependencies(package, version);
  if (!found) return std::move(found).error();
  if (auto* needs = std::get_if<Needs>(&*found)) return std::optional<Needs>(std::move(*needs));
  return std::optional<Needs>();
}

pep::Status Space::look(PackageId base, VersionIndex version) {
  Knowledge& known = know(base);
  if (known.looked.contains(version)) return pep::Done{};
  ++read_;
  auto found = needs_of(base, version);
  if (!found) return std::move(found).error();
  Looked& looked = known.looked[version];
  if (!*found) return pep::Done{};
  looked.usable = true;
  looked.needs = std::move(**found);
  if (auto done = need(looked.needs); !done) return done;
  auto possible = problem_.possible_additions(base, version);
  if (!possible) return std::move(possible).error();
  if (auto done = need(*possible); !done) return done;
  for (std::size_t i = 0; i < known.extras.size(); ++i) {
    const PackageId extra = known.extras[i];
    if (looked.extras.contains(extra)) continue;
    auto more = needs_of(extra, version);
    if (!more) return std::move(more).error();
    if (!*more) continue;
    auto [place, fresh] = looked.extras.emplace(extra, std::move(**more));
    if (auto done = need(Needs(place->second)); !done) return done;
  }
  return pep::Done{};
}

// Candidates that some requirement admits, in the order in which the policy prefers them. Versions
// that the policy takes only where nothing else fits are left to the solver.
pep::Status Space::put_in_order(PackageId base, Knowledge& known) {
  known.stale = false;
  known.order.clear();
  const auto& package = problem_.package(base);
  if (package.page == nullptr) return pep::Done{};
  Range open;
  for (const Range& range : known.ranges) open = unite(open, range);
  open = problem_.existing(base, intersect(open, known.constrained));
  const bool all = problem_.question().policy.prerelease == pipeline::Prerelease::kAllow;
  const std::size_t most =
      std::min<std::size_t>(options_.latest_versions.value_or(kMostVersions), kMostVersions);
  bool finals = false;
  while (!open.empty()) {
    auto chosen = problem_.choose(base, open);
    if (!chosen) return std::move(chosen).error();
    if (!*chosen) break;
    const bool prerelease = !all && problem_.version(base, **chosen).is_prerelease();
    finals = finals || !prerelease;
    if (prerelease && finals) break;
    if (known.order.size() == most) {
      complete_ = false;
      break;
    }
    known.order.push_back(**chosen);
    open = subtract(open, Range::one(**chosen));
  }
  if (known.first &&
      std::find(known.order.begin(), known.order.end(), *known.first) == known.order.end()) {
    known.order.push_back(*known.first);
  }
  return pep::Done{};
}

const std::string& Space::marks(PackageId base, Knowledge& known, VersionIndex version) {
  auto [place, fresh] = known.marks.try_emplace(version);
  if (!fresh) return place->second;
  if (const pipeline::StandIn* instead = problem_.left_out(base, version)) {
    place->second = "rule " + std::to_string(instead->head().id);
    if (instead->pseudonym != nullptr) place->second += " " + std::to_string(version);
    return place->second;
  }
  const auto& package = problem_.package(base);
  const pep::Version value = package.page->version(version);
  const pipeline::PackageView view{.name = package.name.str(),
                                   .version = value,
                                   .index_url = problem_.index_url(base, version),
                                   .develop = false};
  const auto add = [&](const std::vector<const pipeline::StackRule*>& rules) {
    for (const pipeline::StackRule* rule : rules) {
      for (const auto* patterns : {&rule->all_of, &rule->parents}) {
        for (const pipeline::PackagePattern& pattern : *patterns) {
          if (!pattern.name.empty() && pattern.name != package.name.str()) continue;
          place->second += pipeline::meets(pattern, view) ? '1' : '0';
        }
      }
    }
  };
  add(problem_.plan().of(package.name.str()).stack);
  add(problem_.plan().general().stack);
  if (!problem_.plan().appraisers().empty())
    place->second += " " + std::to_string(problem_.appraisal(base, version));
  return place->second;
}

// Reads the next versions: of each kind the first `round`. Returns how many were read.
pep::Result<std::size_t> Space::look_further(std::uint32_t round) {
  struct Wanted {
    PackageId base;
    VersionIndex version;
  };
  std::vector<Wanted> wanted;
  left_ = false;
  std::size_t budget = read_;
  for (auto& [base, known] : known_) {
    if (known.stale) {
      if (auto done = put_in_order(base, known); !done) return std::move(done).error();
    }
    std::unordered_map<std::string, std::uint32_t> seen;
    for (VersionIndex version : known.order) {
      std::string kind = marks(base, known, version);
      for (const Range& range : known.ranges) kind += range.contains(version) ? '1' : '0';
      std::uint32_t& count = seen[kind];
      auto looked = known.looked.find(version);
      if (looked != known.looked.end()) {
        count += looked->second.usable ? 1U : 0U;
        continue;
      }
      const bool affordable =
          round == 1 || budget < (known.scored ? options_.scored : options_.others);
      if (count >= round || !affordable) {
        left_ = true;
        continue;
      }
      ++count;
      ++budget;
      wanted.push_back({base, version});
    }
  }
  for (const Wanted& one : wanted) {
    if (problem_.left_out(one.base, one.version) != nullptr) continue;
    client_.want_metadata(*problem_.package(one.base).page,
                          problem_.candidate(one.base, one.version).metadata_file);
  }
  for (const Wanted& one : wanted) {
    stopped_ = stopped_ || (options_.stopped && options_.stopped());
    if (stopped_) break;
    if (auto done = look(one.base, one.version); !done) return std::move(done).error();
  }
  return wanted.size();
}

void Space::gather() {
  for (auto& [base, known] : known_) {
    Package package{.id = base, .scored = known.scored, .versions = {}, .extras = {}};
    for (PackageId extra : known.extras) package.extras[extra];
    for (VersionIndex version : known.order) {
      auto found = known.looked.find(version);
      if (found == known.looked.end() || !found->second.usable) continue;
      package.versions.push_back({version, std::move(found->second.needs)});
      for (auto& [extra, needs] : package.extras)
        needs.push_back(std::move(found->second.extras[extra]));
    }
    packages_.push_back(std::move(package));
  }
}

}  // namespace resolver::learn
