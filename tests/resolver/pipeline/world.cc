#include "tests/resolver/pipeline/world.h"

#include <algorithm>

namespace resolver::pipeline {
namespace {

const Spelling& at(int spelling) { return kSpellings[static_cast<std::size_t>(spelling)]; }

template <class T>
const T& of(const std::vector<T>& list, int place) {
  return list[static_cast<std::size_t>(place)];
}

int count(const auto& list) { return static_cast<int>(list.size()); }

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::mt19937 random_;
};

World::Clause random_clause(Dice& dice) {
  using Op = World::Clause::Op;
  static constexpr std::array<Op, 8> kOps = {Op::kAtLeast, Op::kAtLeast, Op::kAtLeast, Op::kBelow,
                                             Op::kBelow,   Op::kEqual,   Op::kNot,     Op::kMajor};
  return {kOps[static_cast<std::size_t>(dice.below(count(kOps)))], dice.below(count(kSpellings))};
}

World::Need random_need(Dice& dice, int packages, bool in_release) {
  World::Need need;
  need.package = dice.one_in(60) ? packages : dice.below(packages);
  for (int n = dice.below(3); n-- > 0;) need.clauses.push_back(random_clause(dice));
  need.extra = dice.one_in(5);
  need.of_extra = in_release && dice.one_in(4);
  need.elsewhere = dice.one_in(12);
  return need;
}

World::Release random_release(Dice& dice, int spelling, int packages) {
  World::Release made;
  made.spelling = spelling;
  made.yanked = dice.one_in(12);
  made.python = !dice.one_in(10);
  made.wheel = !dice.one_in(8);
  made.foreign = dice.one_in(3);
  made.sdist = dice.one_in(4);
  made.damaged = dice.one_in(25);
  for (int n = dice.below(4); n-- > 0;) made.needs.push_back(random_need(dice, packages, true));
  return made;
}

std::string file_json(const std::string& filename, const World::Release& release) {
  return "{\"filename\":\"" + filename + "\",\"url\":\"" + filename +
         "\",\"hashes\":{\"sha256\":\"" + std::string(64, 'a') + "\"}" +
         (release.python ? "" : ",\"requires-python\":\">=3.12\"") +
         (release.yanked ? ",\"yanked\":true" : "") + ",\"core-metadata\":true}";
}

}  // namespace

bool World::Clause::admits(int other) const {
  const Spelling& bound = at(spelling);
  const Spelling& version = at(other);
  switch (op) {
    case Op::kAtLeast:
      return other >= spelling;
    case Op::kBelow:  // no pre-release of the bound itself
      return other < spelling && (bound.pre || version.release != bound.release);
    case Op::kEqual:
      return other == spelling;
    case Op::kNot:
      return other != spelling;
    case Op::kMajor:
      return version.major == bound.major;
  }
  return false;
}

std::string World::Clause::text() const {
  const std::string version = at(spelling).text;
  switch (op) {
    case Op::kAtLeast:
      return ">=" + version;
    case Op::kBelow:
      return "<" + version;
    case Op::kEqual:
      return "==" + version;
    case Op::kNot:
      return "!=" + version;
    case Op::kMajor:
      return "==" + std::to_string(at(spelling).major) + ".*";
  }
  return {};
}

bool World::Need::admits(int spelling) const {
  return std::all_of(clauses.begin(), clauses.end(),
                     [&](const Clause& clause) { return clause.admits(spelling); });
}

bool World::Need::pins(int spelling) const {
  return admits(spelling) && std::any_of(clauses.begin(), clauses.end(), [](const Clause& clause) {
           return clause.op == Clause::Op::kEqual;
         });
}

std::string World::Need::text() const {
  std::string text = "p" + std::to_string(package) + (extra ? "[x]" : "");
  for (std::size_t i = 0; i < clauses.size(); ++i) text += (i == 0 ? "" : ",") + clauses[i].text();
  std::string marker = of_extra ? "extra == \"x\"" : "";
  if (elsewhere) marker += std::string(marker.empty() ? "" : " and ") + "sys_platform == \"win32\"";
  return marker.empty() ? text : text + " ; " + marker;
}

World World::random(unsigned seed) {
  Dice dice(seed);
  World made;
  const int packages = 2 + dice.below(4);
  for (int p = 0; p < packages; ++p) {
    std::vector<Release> releases;
    for (int s = 0; s < count(kSpellings); ++s) {
      if (dice.one_in(2)) releases.push_back(random_release(dice, s, packages));
    }
    made.packages.push_back(std::move(releases));
  }
  for (int n = 1 + dice.below(3); n-- > 0;)
    made.roots.push_back(random_need(dice, packages, false));
  for (int n = dice.below(3); n-- > 0;) {
    Need constraint = random_need(dice, packages, false);
    constraint.extra = false;
    made.constraints.push_back(std::move(constraint));
  }
  static constexpr std::array<Prerelease, 5> kModes = {
      Prerelease::kIfNecessaryOrExplicit, Prerelease::kIfNecessaryOrExplicit,
      Prerelease::kIfNecessary, Prerelease::kAllow, Prerelease::kDisallow};
  made.policy.prerelease = kModes[static_cast<std::size_t>(dice.below(count(kModes)))];
  made.policy.allow_yanked = dice.one_in(10);
  made.policy.only_binary.all = dice.one_in(6);
  made.policy.no_binary.all = !made.policy.only_binary.all && dice.one_in(10);
  if (dice.one_in(5)) made.policy.resolution = Resolution::kLowest;
  return made;
}

void World::publish(MemoryIndex& index) const {
  for (int p = 0; p < count(packages); ++p) {
    std::string files;
    for (const Release& release : of(packages, p)) {
      const std::string version = at(release.spelling).text;
      const std::string stem = name(p) + "-" + version;
      const auto add = [&](const std::string& filename) {
        files += (files.empty() ? "" : ",") + file_json(filename, release);
      };
      if (release.foreign) add(stem + "-cp311-cp311-win_amd64.whl");
      if (release.wheel) add(stem + "-py3-none-any.whl");
      if (release.sdist) add(stem + ".tar.gz");
      std::string metadata =
          "Metadata-Version: 2.2\nName: " + (release.damaged ? std::string("other") : name(p)) +
          "\nVersion: " + version + "\nProvides-Extra: x\n";
      if (!release.python) metadata += "Requires-Python: >=3.12\n";
      for (const Need& need : release.needs) metadata += "Requires-Dist: " + need.text() + "\n";
      index.add_metadata(name(p), version, metadata);
    }
    index.add_page(name(p), "{\"meta\":{\"api-version\":\"1.1\"},\"name\":\"" + name(p) +
                                "\",\"files\":[" + files + "]}");
  }
}

Question World::question() const {
  Question asked;
  const auto add = [](const std::vector<Need>& from, std::vector<RootRequirement>& to) {
    for (const Need& need : from)
      to.push_back({.requirement = *pep::Requirement::parse(need.text()), .origin = "r.in:1"});
  };
  add(roots, asked.requirements);
  add(constraints, asked.constraints);
  asked.policy = policy;
  return asked;
}

bool World::pinned_by_user(int package, int spelling) const {
  const auto pins = [&](const Need& need) {
    return need.package == package && !need.elsewhere && need.pins(spelling);
  };
  return std::any_of(roots.begin(), roots.end(), pins) ||
         std::any_of(constraints.begin(), constraints.end(), pins);
}

bool World::is_candidate(int package, int number) const {
  const Release& release = of(of(packages, package), number);
  const Spelling& spelling = at(release.spelling);
  if (release.damaged || !release.python) return false;
  if (spelling.pre && policy.prerelease == Prerelease::kDisallow) return false;
  if (release.yanked && !policy.allow_yanked && !pinned_by_user(package, release.spelling))
    return false;
  const bool wheel = release.wheel && !policy.no_binary.all;
  const bool sdist = release.sdist && !policy.only_binary.all;
  return wheel || sdist;
}

std::vector<int> World::preferred(int package) const {
  std::vector<int> numbers;
  for (int number = 0; number < count(of(packages, package)); ++number) numbers.push_back(number);
  if (policy.resolution == Resolution::kHighest) std::reverse(numbers.begin(), numbers.end());
  if (policy.prerelease != Prerelease::kAllow) {
    std::stable_partition(numbers.begin(), numbers.end(), [&](int number) {
      return !at(of(of(packages, package), number).spelling).pre;
    });
  }
  return numbers;
}

// What applies once `stack` is chosen.
std::vector<const World::Need*> World::needs_of(const Stack& stack) const {
  std::vector<const Need*> found;
  std::set<int> extras;
  for (const Need& root : roots) {
    if (!root.elsewhere) found.push_back(&root);
  }
  std::set<const Need*> seen(found.begin(), found.end());
  // A need of an extra applies once something asks for the extra.
  for (bool changed = true; changed;) {
    changed = false;
    for (const Need* need : found) {
      if (need->extra) extras.insert(need->package);
    }
    std::set<int> reached;
    for (const Need* need : found) reached.insert(need->package);
    for (const int package : reached) {
      const auto chosen = stack.find(package);
      if (chosen == stack.end()) continue;
      for (const Need& need : of(of(packages, package), chosen->second).needs) {
        if (need.elsewhere || (need.of_extra && !extras.contains(package))) continue;
        if (!seen.insert(&need).second) continue;
        found.push_back(&need);
        changed = true;
      }
    }
  }
  return found;
}

bool World::admitted(int package, int spelling, const std::vector<const Need*>& needs) const {
  const auto admits = [&](const Need& need) {
    return need.package != package || need.admits(spelling);
  };
  return std::all_of(needs.begin(), needs.end(), [&](const Need* need) { return admits(*need); }) &&
         std::all_of(constraints.begin(), constraints.end(),
                     [&](const Need& need) { return need.elsewhere || admits(need); });
}

bool World::is_solution(const Stack& stack) const {
  const auto needs = needs_of(stack);
  std::set<int> wanted;
  for (const Need* need : needs) wanted.insert(need->package);
  if (wanted.size() != stack.size()) return false;
  for (const int package : wanted) {
    const auto chosen = stack.find(package);
    if (chosen == stack.end() || !is_candidate(package, chosen->second)) return false;
    if (!admitted(package, of(of(packages, package), chosen->second).spelling, needs)) return false;
  }
  return true;
}

bool World::search(Stack& stack, const Stack& fixed) const {
  const auto needs = needs_of(stack);
  for (const auto& [package, number] : stack) {
    if (!admitted(package, of(of(packages, package), number).spelling, needs)) return false;
  }
  for (const Need* need : needs) {
    const int package = need->package;
    if (stack.contains(package)) continue;
    if (package >= count(packages)) return false;
    const auto one = fixed.find(package);
    for (int number = 0; number < count(of(packages, package)); ++number) {
      if (one != fixed.end() && one->second != number) continue;
      if (!is_candidate(package, number)) continue;
      stack[package] = number;
      if (search(stack, fixed)) return true;
      stack.erase(package);
    }
    return false;
  }
  // Complete; what is fixed must be a part of it.
  return std::all_of(fixed.begin(), fixed.end(),
                     [&](const auto& one) { return stack.contains(one.first); });
}

bool World::completes(const Stack& fixed) const {
  Stack stack;
  return search(stack, fixed);
}

std::string World::text() const {
  std::string text;
  for (const Need& root : roots) text += "root " + root.text() + "\n";
  for (const Need& one : constraints) text += "constraint " + one.text() + "\n";
  for (int p = 0; p < count(packages); ++p) {
    for (int number = 0; number < count(of(packages, p)); ++number) {
      const Release& release = of(of(packages, p), number);
      text += name(p) + " " + at(release.spelling).text +
              (is_candidate(p, number) ? "" : " (no candidate)") +
              (release.yanked ? " yanked" : "") + (release.wheel ? " wheel" : "") +
              (release.sdist ? " sdist" : "") + (release.damaged ? " damaged" : "") + "\n";
      for (const Need& need : release.needs) text += "    " + need.text() + "\n";
    }
  }
  return text;
}

}  // namespace resolver::pipeline
