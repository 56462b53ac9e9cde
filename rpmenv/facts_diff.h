// What changed between two images: packages, interpreters, distributions, libraries and the
// versions their symbols have, accelerators, what pip is configured to use. Knows nothing of how
// the facts were read.
#pragma once

#include <string>
#include <vector>

#include "rpmenv/facts.h"

namespace rpmenv {

// One thing that is in one image only, or in both with another value. A list stands for what has
// several values: the releases of a kernel that are installed side by side, the version nodes that
// a library defines.
struct FactChange {
  std::string name;
  std::vector<std::string> before;  // only what the other has not; empty: it is new
  std::vector<std::string> after;   // only what the other has not; empty: it is gone
  bool was = true, is = true;       // whether it is in the image at all
};

struct FactSection {
  std::string name;                 // a key of `inspect --json`: "packages", "libraries" …
  std::vector<FactChange> changes;  // sorted by name
};

struct FactsDiff {
  std::string before, after;          // the roots as given
  std::vector<FactSection> sections;  // those with changes only, in the order of inspect --json
  bool same() const { return sections.empty(); }
};

FactsDiff diff_facts(const Facts& before, const Facts& after);

// JSON of schema seshat.inspect-diff/1; ends with a newline.
std::string diff_json(const FactsDiff& diff);
// For a person: a line a change, "+", "-" or "~" before it.
std::string diff_summary(const FactsDiff& diff);

}  // namespace rpmenv
