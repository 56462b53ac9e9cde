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

std::string Universe::item_text(const Item& item, const std::string& indent) const {
  return indent + "name: " + name(item.package) + "\n" + indent + "version: \"" +
         range_text(item.least, item.most) + "\"\n" +
         (item.develop ? indent + "develop: " + (*item.develop ? "true" : "false") + "\n" : "");
}

std::string Universe::prescription() const {
  const std::string included = "    should_include:\n      adviser_pipeline: true\n    match:\n";
  std::string steps;
  std::string others;
  int number = 0;
  const auto begin = [&](const std::string& type) {
    return "  - name: Rule" + std::to_string(number++) + "\n    type: " + type + "\n" + included;
  };
  for (const Rule& rule : rules) {
    const bool group = rule.all_of.size() > 1;
    steps += begin(group ? "step.Group" : "step");
    if (group) {
      steps += "      group:\n";
      for (const Item& one : rule.all_of)
        steps += "      - package_version:\n" + item_text(one, "          ");
    } else {
      steps += "      package_version:\n" + item_text(rule.all_of[0], "        ");
      if (rule.parent) {
        steps += "      state:\n        package_version_from:\n        - name: " +
                 name(rule.parent->package) + "\n          version: \"" +
                 range_text(rule.parent->least, rule.parent->most) +
                 "\"\n        package_version_from_allow_other: true\n";
      }
    }
    steps += "    run:\n      " +
             (rule.score ? "score: " + std::to_string(*rule.score)
                         : std::string("not_acceptable: \"no\"")) +
             "\n";
  }
  for (const Skip& skip : skips) {
    if (!skip.always)
      steps +=
          begin("step.SkipPackage") + "      package_version:\n" + item_text(skip.item, "        ");
  }
  std::string text = "units:\n  steps:\n" + steps;
  for (const Skip& skip : skips) {
    if (skip.always)
      others +=
          begin("sieve.SkipPackage") + "      package_name: " + name(skip.item.package) + "\n";
  }
  for (const Item& sieve : sieves)
    others += begin("sieve") + "      package_version:\n" + item_text(sieve, "        ");
  if (!others.empty()) text += "  sieves:\n" + others;
  if (!pseudonyms.empty()) text += "  pseudonyms:\n";
  for (const Pseudonym& one : pseudonyms) {
    text +=
        begin("pseudonym") + "      package_version:\n" + item_text(one.match, "        ") +
        "    run:\n      yield:\n" + (one.same ? "        yield_matched_version: true\n" : "") +
        "        package_version:\n          name: " + name(one.yield) + "\n" +
        (one.locked != 0 ? "          locked_version: \"==" + std::to_string(one.locked) + ".0\"\n"
                         : "");
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

// What is needed once `versions` are chosen.
struct Universe::Reached {
  std::set<std::pair<std::size_t, bool>> packages;            // package, its extra
  std::set<std::pair<std::size_t, std::size_t>> requires_it;  // parent, child
  std::map<std::size_t, std::vector<Need>> of_absent;
};

// False if something that is there does not meet what is required of it. `develop`: roots for
// development too.
bool Universe::reach(const std::vector<int>& versions, bool develop, Reached& reached) const {
  std::vector<std::pair<std::size_t, bool>> open;
  const auto enter = [&](std::size_t package, bool extra) {
    if (reached.packages.emplace(package, extra).second) open.emplace_back(package, extra);
  };
  const auto meet = [&](const Need& need, const std::size_t* parent) {
    const auto skipped = std::any_of(skips.begin(), skips.end(), [&](const Skip& skip) {
      return skip.always && skip.item.package == need.package;
    });
    if (skipped) return true;
    if (versions[need.package] == 0) {
      const bool known = reached.of_absent.contains(need.package);
      reached.of_absent[need.package].push_back(need);
      for (const Pseudonym& one : pseudonyms) {
        if (one.match.package != need.package) continue;
        if (parent != nullptr) reached.requires_it.emplace(*parent, one.yield);
        if (!known) enter(one.yield, false);
      }
      return true;
    }
    if (!within(versions[need.package], need.least, need.most)) return false;
    if (parent != nullptr) reached.requires_it.emplace(*parent, need.package);
    enter(need.package, false);
    if (need.extra) enter(need.package, true);
    return true;
  };
  for (const Need& need : roots) {
    if ((develop || !need.develop) && !meet(need, nullptr)) return false;
  }
  while (!open.empty()) {
    const auto [package, extra] = open.back();
    open.pop_back();
    if (versions[package] == 0) return false;
    const Release& release = packages[package][static_cast<std::size_t>(versions[package] - 1)];
    for (const Need& need : extra ? release.extra_needs : release.needs) {
      if (!meet(need, &package)) return false;
    }
  }
  return true;
}

// A package that is required and absent: some version that meets all requirements is skipped or
// replaced.
bool Universe::left_out_rightly(const std::vector<int>& versions, const Reached& reached) const {
  for (const auto& [package, needs] : reached.of_absent) {
    bool right = false;
    for (int v = 1; v <= static_cast<int>(packages[package].size()); ++v) {
      if (!std::all_of(needs.begin(), needs.end(),
                       [&](const Need& need) { return within(v, need.least, need.most); })) {
        continue;
      }
      for (const Skip& skip : skips)
        right =
            right || (skip.item.package == package && within(v, skip.item.least, skip.item.most));
      for (const Pseudonym& one : pseudonyms) {
        if (one.match.package != package || !within(v, one.match.least, one.match.most)) continue;
        const int taken = versions[one.yield];
        right = right || (one.same ? taken == v : one.locked == 0 || taken == one.locked);
      }
    }
    if (!right) return false;
  }
  return true;
}

std::optional<double> Universe::weigh(const std::vector<int>& versions) const {
  Reached reached;
  if (!reach(versions, true, reached) || !left_out_rightly(versions, reached)) return std::nullopt;
  Reached used;
  if (!reach(versions, false, used)) return std::nullopt;
  for (std::size_t package = 0; package < versions.size(); ++package) {
    if ((versions[package] != 0) != reached.packages.contains({package, false}))
      return std::nullopt;
  }
  const auto met = [&](const Item& item) {
    return within(versions[item.package], item.least, item.most) &&
           (!item.develop || *item.develop != used.packages.contains({item.package, false}));
  };
  for (const Item& sieve : sieves) {
    if (versions[sieve.package] != 0 && met(sieve)) return std::nullopt;
  }
  for (const Skip& skip : skips) {
    if (versions[skip.item.package] != 0 && (skip.always || met(skip.item))) return std::nullopt;
  }
  double score = 0;
  for (const Rule& rule : rules) {
    bool fires = std::all_of(rule.all_of.begin(), rule.all_of.end(), met);
    if (rule.parent) {
      fires = fires && met(*rule.parent) &&
              reached.requires_it.contains({rule.parent->package, rule.all_of[0].package});
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

Universe make_edited_universe(std::uint64_t seed) {
  Universe made = make_universe(seed);
  made.prefix = "e" + std::to_string(seed);
  Rng rng(seed + 1'000'000);
  const auto count = static_cast<std::uint32_t>(made.packages.size());
  std::set<std::size_t> edited;
  const auto item = [&](std::size_t package) {
    Universe::Item found{.package = package};
    found.least = 1 + static_cast<int>(rng.below(3));
    found.most = found.least + static_cast<int>(rng.below(3));
    return found;
  };
  if (rng.below(2) == 0) {
    const std::size_t package = 1 + rng.below(count - 1);
    made.skips.push_back({item(package), rng.below(3) == 0});
    edited.insert(package);
  }
  if (rng.below(2) == 0) {
    const std::size_t package = rng.below(count);
    const std::size_t other = rng.below(count);
    if (package != other && !edited.contains(package) && !edited.contains(other)) {
      made.pseudonyms.push_back({.match = item(package), .yield = other});
      if (rng.below(3) == 0)
        made.pseudonyms.back().same = true;
      else if (rng.below(2) == 0)
        made.pseudonyms.back().locked = 1 + static_cast<int>(rng.below(3));
      edited.insert(package);
    }
  }
  if (rng.below(2) == 0) {
    made.roots.push_back({.package = 1 + rng.below(count - 1), .develop = true});
    for (std::uint32_t i = rng.below(3); i-- > 0;) {
      made.sieves.push_back(item(rng.below(count)));
      made.sieves.back().develop = rng.below(3) != 0;
    }
    for (Universe::Rule& rule : made.rules) {
      if (rng.below(4) == 0) rule.all_of[0].develop = rng.below(2) == 0;
    }
  }
  const auto plain = [&](std::vector<Universe::Need>& needs) {
    for (Universe::Need& need : needs) need.extra = need.extra && !edited.contains(need.package);
  };
  plain(made.roots);
  for (auto& releases : made.packages) {
    for (Universe::Release& release : releases) {
      plain(release.needs);
      plain(release.extra_needs);
    }
  }
  return made;
}

}  // namespace resolver::learn::test
