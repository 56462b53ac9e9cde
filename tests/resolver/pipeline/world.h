// Small random indexes with a question, and an independent reading of both: what may be installed,
// what is a solution and what is preferred, told without any code of the resolver.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "resolver/pipeline/question.h"
#include "tests/resolver/pipeline/memory_index.h"

namespace resolver::pipeline {

// Versions that a package may have, in order.
struct Spelling {
  const char* text;
  int release;  // pre-releases share that of their final
  int major;
  bool pre;
};
inline constexpr std::array<Spelling, 9> kSpellings = {{{"0.9", 0, 0, false},
                                                        {"1.0rc1", 1, 1, true},
                                                        {"1.0", 1, 1, false},
                                                        {"1.1", 2, 1, false},
                                                        {"1.2", 3, 1, false},
                                                        {"2.0b1", 4, 2, true},
                                                        {"2.0", 4, 2, false},
                                                        {"2.1.dev1", 5, 2, true},
                                                        {"3.0", 6, 3, false}}};

struct World {
  struct Clause {
    enum class Op { kAtLeast, kBelow, kEqual, kNot, kMajor };
    Op op = Op::kAtLeast;
    int spelling = 0;
    bool admits(int other) const;
    std::string text() const;
  };
  struct Need {
    int package = 0;  // one that does not exist where it is the number of packages
    std::vector<Clause> clauses;
    bool extra = false;      // asks for the extra "x" of the package
    bool of_extra = false;   // holds for the extra "x" of the one that needs
    bool elsewhere = false;  // its marker is false in the target
    bool admits(int spelling) const;
    bool pins(int spelling) const;
    std::string text() const;
  };
  struct Release {
    int spelling = 0;
    bool yanked = false;
    bool python = true;   // Requires-Python admits the target's
    bool wheel = true;    // one that the target can use
    bool foreign = true;  // a wheel that it cannot use
    bool sdist = false;
    bool damaged = false;  // its metadata are of another project
    std::vector<Need> needs;
  };

  std::vector<std::vector<Release>> packages;  // versions ascending
  std::vector<Need> roots;
  std::vector<Need> constraints;
  Policy policy;

  // By package: the number of a release.
  using Stack = std::map<int, int>;

  static World random(unsigned seed);
  std::string name(int package) const { return "p" + std::to_string(package); }
  void publish(MemoryIndex& index) const;
  Question question() const;

  bool is_candidate(int package, int release) const;
  // The releases of a package from the most to the least wanted.
  std::vector<int> preferred(int package) const;
  bool is_solution(const Stack& stack) const;  // complete, nothing superfluous
  // Whether some solution has all that `fixed` says.
  bool completes(const Stack& fixed) const;
  std::string text() const;

 private:
  bool pinned_by_user(int package, int spelling) const;
  bool admitted(int package, int spelling, const std::vector<const Need*>& needs) const;
  std::vector<const Need*> needs_of(const Stack& stack) const;
  bool search(Stack& stack, const Stack& fixed) const;
};

}  // namespace resolver::pipeline
