// What an episode costs, and how that grows with packages, versions and rules; and a table of what
// each predictor finds on problems whose best stack is known: `learn_bench --table [SEEDS]`.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "resolver/learn/bound.h"
#include "resolver/learn/rng.h"
#include "resolver/learn/search.h"
#include "tests/resolver/learn/planted.h"

namespace resolver::learn {
namespace {

constexpr const char* kPredictors[] = {
    "td",     "annealing",   "hill-climbing", "mcts",
    "latest", "random-walk", "sampling",      "package-combinations"};

void run_episodes(benchmark::State& state, const test::Planted& made) {
  std::uint64_t episodes = 0;
  for (auto _ : state) {
    const SearchResult found =
        search(made.model, made.first, {.seed = ++episodes, .limit = 5000, .prove = false});
    benchmark::DoNotOptimize(found.best.size());
  }
  state.counters["episodes/s"] = benchmark::Counter(
      5000.0 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

// Packages and versions.
void BM_Episodes(benchmark::State& state) {
  run_episodes(state, test::make_planted(static_cast<std::uint32_t>(state.range(0)),
                                         static_cast<std::uint32_t>(state.range(1)), 1));
}
BENCHMARK(BM_Episodes)
    ->ArgNames({"packages", "versions"})
    ->Args({6, 5})
    ->Args({10, 8})
    ->Args({20, 10})
    ->Args({40, 10})
    ->Args({100, 20})
    ->Args({40, 5})
    ->Args({40, 20})
    ->Args({40, 80})
    ->Args({140, 10})
    ->Args({560, 10})
    ->Args({2240, 10});

// Rules: so many pairs of versions with a score, of 100 packages of 10 versions.
void BM_Units(benchmark::State& state) {
  Rng rng(1);
  test::Planted made;
  Model& model = made.model;
  for (int v = 0; v < 100; ++v) model.add_variable(10, false);
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const Variable u = rng.below(99);
    const Variable w = u + 1 + rng.below(99 - u);
    std::vector<std::uint8_t> first(10, 0);
    std::vector<std::uint8_t> second(10, 0);
    first[rng.below(10)] = 1;
    second[rng.below(10)] = 1;
    model.add_pair(u, first, w, second, 2 * rng.unit() - 1);
  }
  model.finish();
  made.first.assign(100, 0);
  run_episodes(state, made);
}
BENCHMARK(BM_Units)->ArgName("units")->Arg(100)->Arg(1000)->Arg(10000);

void BM_Proof(benchmark::State& state) {
  const test::Planted made = test::make_planted(static_cast<std::uint32_t>(state.range(0)),
                                                static_cast<std::uint32_t>(state.range(1)), 1);
  bool proven = true;
  for (auto _ : state) {
    const SearchResult found = search(made.model, made.first, {.limit = 1});
    proven = proven && found.proven;
  }
  state.counters["proven"] = proven ? 1 : 0;
}
BENCHMARK(BM_Proof)
    ->ArgNames({"packages", "versions"})
    ->Args({10, 8})
    ->Args({40, 10})
    ->Args({100, 20})
    ->Args({560, 10});

struct Row {
  int found = 0;
  double ratio = 0;
  std::vector<double> episodes;
  double total = 0;
  double seconds = 0;
};

// Ends at the optimum: how many episodes it took is what is asked.
void attempt(const test::Planted& made, double best, const char* predictor, std::uint64_t seed,
             std::uint64_t limit, Row& row) {
  std::atomic<bool> there{false};
  SearchOptions options{.predictor = predictor, .seed = seed, .limit = limit, .prove = false};
  options.stop = &there;
  options.observe = [&](const Observation& seen) {
    if (seen.best >= best - 1e-6) there.store(true);
  };
  const SearchResult found = search(made.model, made.first, options);
  const bool optimum = found.best[0].score >= best - 1e-6;
  row.found += optimum ? 1 : 0;
  row.ratio += found.best[0].score / best;
  if (optimum) row.episodes.push_back(static_cast<double>(found.figures.best_episode));
  row.total += static_cast<double>(found.figures.episodes);
  row.seconds += found.figures.seconds;
}

double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void print_table(std::uint64_t seeds, std::uint64_t limit) {
  constexpr std::uint32_t kSizes[][2] = {{6, 5}, {10, 8}, {20, 10}, {40, 10}, {100, 20}};
  for (const bool forest : {false, true}) {
    for (const auto& size : kSizes) {
      for (const char* predictor : kPredictors) {
        Row row;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
          const test::Planted made = forest ? test::make_forest(size[0], size[1], seed)
                                            : test::make_planted(size[0], size[1], seed);
          const double best = forest ? Bound(made.model, std::size_t{1} << 15).upper()
                                     : made.model.total(made.best);
          attempt(made, best, predictor, seed, limit, row);
        }
        std::printf("| %s %ux%u | %s | %d of %d | %.3f | %.0f | %.0f | %.0f |\n",
                    forest ? "oracle's class" : "planted", size[0], size[1], predictor, row.found,
                    static_cast<int>(seeds), row.ratio / static_cast<double>(seeds),
                    quantile(row.episodes, 0.5), quantile(row.episodes, 0.9),
                    row.total / row.seconds);
        std::fflush(stdout);
      }
    }
  }
}

}  // namespace
}  // namespace resolver::learn

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--table") == 0) {
    resolver::learn::print_table(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100,
                                 argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 10000);
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
