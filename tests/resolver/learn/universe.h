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
    bool extra = false;  // asks for the target's extra "x"
  };
  struct Release {
    std::vector<Need> needs;
    std::vector<Need> extra_needs;  // of the extra "x"
  };
  struct Item {
    std::size_t package = 0;
    int least = 1;
    int most = 9;
  };
  struct Rule {
    std::vector<Item> all_of;
    std::optional<Item> parent;   // of the first
    std::optional<double> score;  // none: not acceptable
  };

  std::string prefix;
  std::vector<std::vector<Release>> packages;  // by package and version, from 1
  std::vector<Need> roots;
  std::vector<Rule> rules;

  std::string name(std::size_t package) const;
  std::string requirement(const Need& need) const;
  std::string prescription() const;
  void publish(support::LoopbackServer& server) const;

  using Stack = std::map<std::string, std::string>;
  // Null if a requirement or a rule is violated, or something is there that nothing needs.
  std::optional<double> weigh(const std::vector<int>& versions) const;  // 0: absent
  std::vector<std::pair<double, Stack>> try_all() const;                // best first
};

Universe make_universe(std::uint64_t seed);

}  // namespace resolver::learn::test
