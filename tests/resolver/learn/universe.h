// Small random universes of packages with rules, and an independent reading of both: every stack is
// tried and weighed here without any code of the resolver.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/loopback_server.h"

namespace resolver::learn::test {

struct Universe {
  struct Need {
    std::size_t package = 0;
    int least = 1;
    int most = 9;
    bool extra = false;    // asks for the target's extra "x"
    bool develop = false;  // of roots: for development
  };
  struct Release {
    std::vector<Need> needs;
    std::vector<Need> extra_needs;  // of the extra "x"
  };
  struct Item {
    std::size_t package = 0;
    int least = 1;
    int most = 9;
    std::optional<bool> develop = {};
  };
  struct Rule {
    std::vector<Item> all_of;
    std::optional<Item> parent;   // of the first
    std::optional<double> score;  // none: not acceptable
  };

  struct Skip {
    Item item;
    bool always = false;  // a sieve.SkipPackage, of any version
  };
  struct Pseudonym {
    Item match;
    std::size_t yield = 0;
    bool same = false;  // the version that matched
    int locked = 0;     // only this one; 0: any
  };

  std::string prefix;
  std::vector<std::vector<Release>> packages;  // by package and version, from 1
  std::vector<Need> roots;
  std::vector<Rule> rules;
  std::vector<Skip> skips;            // at most one of a package
  std::vector<Pseudonym> pseudonyms;  // at most one of a package, of none that a skip is of
  std::vector<Item> sieves;

  std::string name(std::size_t package) const;
  std::string requirement(const Need& need) const;
  std::string prescription() const;
  void publish(support::LoopbackServer& server) const;

  using Stack = std::map<std::string, std::string>;
  // Null if a requirement or a rule is violated, or something is there that nothing needs.
  std::optional<double> weigh(const std::vector<int>& versions) const;  // 0: absent
  std::vector<std::pair<double, Stack>> try_all() const;                // best first

 private:
  struct Reached;
  bool reach(const std::vector<int>& versions, bool develop, Reached& reached) const;
  bool left_out_rightly(const std::vector<int>& versions, const Reached& reached) const;
  std::string item_text(const Item& item, const std::string& indent) const;
};

Universe make_universe(std::uint64_t seed);
// With packages that are skipped, replaced, and removed if they are for development only.
Universe make_edited_universe(std::uint64_t seed);

}  // namespace resolver::learn::test
