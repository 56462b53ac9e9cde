// The search for the best assignments of a model: episodes of a predictor, each polished by local
// search, under a bound that says when nothing better is left; then branch and bound on what the
// bound leaves open. Anytime: what was found so far can be had at any moment. Knows nothing of the
// solver; whoever takes a stack from here has it checked.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "resolver/learn/model.h"
#include "resolver/learn/predictor.h"

namespace resolver::learn {

// How an episode ended, for those who watch.
struct Observation {
  std::uint64_t episode = 0;
  double score = 0;  // of its stack; NaN if that is refused
  double best = 0;   // so far
  double temperature = 0;
  double upper = 0;  // no stack scores higher; infinite if not known
  bool explored = false;
};

// What is looked for: the best stacks, or, whatever they score, one after the other or drawn.
enum class Aim : std::uint8_t { kBest, kAll, kRandom };

struct SearchOptions {
  Aim aim = Aim::kBest;
  std::string predictor = "td";
  TdOptions td;
  std::uint64_t seed = 0;
  std::uint64_t limit = 10000;  // episodes
  std::uint32_t count = 1;      // stacks wanted
  std::uint32_t beam = 64;      // good stacks that episodes may go on from
  double seconds = 60;
  bool prove = true;                            // false: episodes only
  std::uint64_t nodes = 200000;                 // of branch and bound
  std::size_t table_limit = 1U << 15;           // entries of one table of the bound
  const std::atomic<bool>* stop = nullptr;      // becomes true: report what there is
  const std::atomic<bool>* exploit = nullptr;   // becomes true: no more exploration
  std::size_t memory = std::size_t{256} << 20;  // bytes of the beam: beyond, it is narrower
  std::function<void(const Observation&)> observe;
};

struct Ranked {
  std::vector<Value> values;
  double score = 0;
  double freshness = 0;
  std::uint64_t episode = 0;  // that found it
};

struct SearchFigures {
  std::uint64_t episodes = 0;
  std::uint64_t best_episode = 0;
  std::uint64_t iterations = 0;  // changes of a package's version
  std::uint64_t accepted = 0;    // episodes that ended in an acceptable stack
  std::uint64_t rejected = 0;
  double seconds = 0;
};

struct SearchResult {
  std::vector<Ranked> best;  // best first, distinct, somewhat more than were wanted
  bool optimal = false;      // proven: no assignment of the model scores higher than the first
  bool proven = false;       // and none is missing among the first `count`
  bool interrupted = false;
  double upper = 0;
  SearchFigures figures;
};

// The best distinct assignments that were seen.
class Podium {
 public:
  explicit Podium(std::size_t places) : places_(places) {}
  // True if it is the best so far.
  bool add(const Model& model, const std::vector<Value>& values, double score,
           std::uint64_t episode);
  const std::vector<Ranked>& ranked() const { return ranked_; }
  // What an assignment must exceed to be among the first `count`: its score with its freshness, or
  // its score alone.
  double floor(std::size_t count) const;
  double score_floor(std::size_t count) const;

 private:
  std::size_t places_;
  std::vector<Ranked> ranked_;
};

// `first`: an acceptable assignment, e.g. that of a plain resolve.
SearchResult search(const Model& model, const std::vector<Value>& first,
                    const SearchOptions& options);

}  // namespace resolver::learn
