#include "tests/resolver/learn/universe.h"

#include <algorithm>
#include <set>

#include "resolver/learn/rng.h"

namespace resolver::learn::test {

namespace {

std::string range_text(int least, int most) {
  return ">=" + std::to_string(least) + ",<=" + std::to_string(most);
}

bool within(int version, int least, int most) { return version >= least && version <= most; }

}  // namespace

std::string Universe::name(std::size_t package) const {
  return prefix + static_cast<char>('a' + package);
}

std::string Universe::requirement(const Need& need) const {
  return name(need.package) + (need.extra ? "[x]" : "") + range_text(need.least, need.most);
}

std::string Universe::prescription() const {
  std::string text = "units:\n  steps:\n";
  int number = 0;
  const auto item = [&](const Item& one, const std::string& indent) {
    return indent + "name: " + name(one.package) + "\n" + indent + "version: \"" +
           range_text(one.least, one.most) + "\"\n";
  };
  for (const Rule& rule : rules) {
    const bool group = rule.all_of.size() > 1;
    text += "  - name: Rule" + std::to_string(number++) +
            "\n    type: " + (group ? "step.Group" : "step") +
            "\n    should_include:\n      adviser_pipeline: true\n    match:\n";
    if (group) {
      text += "      group:\n";
      for (const Item& one : rule.all_of)
        text += "      - package_version:\n" + item(one, "          ");
    } else {
      text += "      package_version:\n" + item(rule.all_of[0], "        ");
      if (rule.parent) {
        text += "      state:\n        package_version_from:\n        - name: " +
                name(rule.parent->package) + "\n          version: \"" +
                range_text(rule.parent->least, rule.parent->most) +
                "\"\n        package_version_from_allow_other: true\n";
      }
    }
    text += "    run:\n      " +
            (rule.score ? "score: " + std::to_string(*rule.score)
                        : std::string("not_acceptable: \"no\"")) +
            "\n";
  }
  return text;
}

void Universe::publish(support::LoopbackServer& server) const {
  for (std::size_t package = 0; package < packages.size(); ++package) {
    for (std::size_t number = 0; number < packages[package].size(); ++number) {
      support::Release release{
          .name = name(package), .version = std::to_string(number + 1) + ".0", .extras = {"x"}};
      for (const Need& need : packages[package][number].needs)
        release.needs.push_back(requirement(need));
      for (const Need& need : packages[package][number].extra_needs)
        release.needs.push_back(requirement(need) + "; extra == 'x'");
      server.add(release);
    }
  }
}

std::optional<double> Universe::weigh(const std::vector<int>& versions) const {
  std::set<std::pair<std::size_t, bool>> reached;
  std::set<std::pair<std::size_t, std::size_t>> requires_it;  // parent, child
  std::vector<std::pair<std::size_t, bool>> open;
  const auto meet = [&](const Need& need) {
    if (!within(versions[need.package], need.least, need.most)) return false;
    for (bool extra : {false, true}) {
      if ((!extra || need.extra) && reached.emplace(need.package, extra).second)
        open.emplace_back(need.package, extra);
    }
    return true;
  };
  for (const Need& need : roots) {
    if (!meet(need)) return std::nullopt;
  }
  while (!open.empty()) {
    const auto [package, extra] = open.back();
    open.pop_back();
    const Release& release = packages[package][static_cast<std::size_t>(versions[package] - 1)];
    for (const Need& need : extra ? release.extra_needs : release.needs) {
      if (!meet(need)) return std::nullopt;
      requires_it.emplace(package, need.package);
    }
  }
  for (std::size_t package = 0; package < versions.size(); ++package) {
    if ((versions[package] != 0) != reached.contains({package, false})) return std::nullopt;
  }
  double score = 0;
  for (const Rule& rule : rules) {
    bool fires = std::all_of(rule.all_of.begin(), rule.all_of.end(), [&](const Item& item) {
      return within(versions[item.package], item.least, item.most);
    });
    if (rule.parent) {
      fires = fires &&
              within(versions[rule.parent->package], rule.parent->least, rule.parent->most) &&
              requires_it.contains({rule.parent->package, rule.all_of[0].package});
    }
    if (!fires) continue;
    if (!rule.score) return std::nullopt;
    score += *rule.score;
  }
  return score;
}

std::vector<std::pair<double, Universe::Stack>> Universe::try_all() const {
  std::vector<std::pair<double, Stack>> found;
  std::vector<int> versions(packages.size(), 0);
  while (true) {
    if (auto score = weigh(versions)) {
      Stack stack;
      for (std::size_t package = 0; package < versions.size(); ++package) {
        if (versions[package] != 0) stack[name(package)] = std::to_string(versions[package]) + ".0";
      }
      found.emplace_back(*score, std::move(stack));
    }
    std::size_t place = 0;
    while (place < versions.size() &&
           ++versions[place] > static_cast<int>(packages[place].size())) {
      versions[place++] = 0;
    }
    if (place == versions.size()) break;
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  return found;
}

Universe make_universe(std::uint64_t seed) {
  Rng rng(seed);
  Universe made{.prefix = "u" + std::to_string(seed), .packages = {}, .roots = {}, .rules = {}};
  const std::size_t count = 3 + rng.below(4);
  const auto range = [&](auto& item) {
    item.least = 1 + static_cast<int>(rng.below(3));
    item.most = item.least + static_cast<int>(rng.below(3));
  };
  const auto needs = [&](std::size_t self, std::uint32_t most) {
    std::vector<Universe::Need> found;
    for (std::uint32_t i = rng.below(most + 1); i-- > 0;) {
      // Mostly of later packages; now and then back, so that there are cycles.
      Universe::Need need{.package = rng.below(static_cast<std::uint32_t>(count))};
      if (need.package == self || (need.package < self && rng.below(4) != 0)) continue;
      range(need);
      need.extra = rng.below(5) == 0;
      found.push_back(need);
    }
    return found;
  };
  for (std::size_t package = 0; package < count; ++package) {
    made.packages.emplace_back();
    for (std::uint32_t i = 1 + rng.below(4); i-- > 0;)
      made.packages.back().push_back({needs(package, 3), needs(package, 1)});
  }
  for (std::uint32_t i = 1 + rng.below(2); i-- > 0;)
    made.roots.push_back({.package = i, .least = 1, .most = 9, .extra = rng.below(5) == 0});
  for (std::uint32_t i = 2 + rng.below(8); i-- > 0;) {
    Universe::Rule rule;
    const std::uint32_t members = 1 + rng.below(3);
    for (std::size_t package = 0; package < count && rule.all_of.size() < members; ++package) {
      if (rng.below(2) == 0) continue;
      Universe::Item item{.package = package};
      range(item);
      rule.all_of.push_back(item);
    }
    if (rule.all_of.empty()) continue;
    if (rule.all_of.size() == 1 && rng.below(4) == 0) {
      Universe::Item parent{.package = rng.below(static_cast<std::uint32_t>(count))};
      range(parent);
      if (parent.package != rule.all_of[0].package) rule.parent = parent;
    }
    if (rng.below(4) != 0) rule.score = 0.125 * (1 + rng.below(8)) * (rng.below(2) == 0 ? 1 : -1);
    made.rules.push_back(std::move(rule));
  }
  if (made.rules.empty()) made.rules.push_back({.all_of = {{.package = 0}}, .score = 0.125});
  return made;
}

}  // namespace resolver::learn::test
