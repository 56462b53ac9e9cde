// How the solver's cost grows: with packages, with versions of each, and with conflicts. Synthetic
// layered graphs; the provider answers from tables, so that what is measured is the solver alone.
#include <benchmark/benchmark.h>

#include <random>

#include "resolver/solve/solver.h"
#include "tests/resolver/solve/table_provider.h"

namespace resolver::solve::test {
namespace {

// `packages` packages of `versions` versions. Each version needs four packages of deeper layers,
// from an older version on; of `conflicts` in a hundred, only the oldest half.
TableProvider layered(std::uint32_t packages, std::uint32_t versions, std::uint32_t conflicts) {
  TableProvider problem;
  std::mt19937 random(packages * 31 + versions);
  for (std::uint32_t i = 0; i < packages; ++i) problem.package(versions);
  for (std::uint32_t i = 1; i <= 10 && i <= packages; ++i) {
    problem.need(kRootPackage, 0, i, Range::between(0, versions));
  }
  for (std::uint32_t i = 1; i <= packages; ++i) {
    for (int k = 0; k < 4 && i < packages; ++k) {
      const PackageId of = i + 1 + random() % std::min(packages - i, 50U);
      const bool old_only = random() % 100 < conflicts;
      for (VersionIndex v = 0; v < versions; ++v) {
        const VersionIndex least = v * 3 / 4;
        const bool confined = old_only && v >= versions / 2;
        problem.need(i, v, of,
                     confined ? Range::between(0, versions / 2) : Range::between(least, versions));
      }
    }
  }
  return problem;
}

void solve(benchmark::State& state) {
  const auto argument = [&](std::size_t i) { return static_cast<std::uint32_t>(state.range(i)); };
  TableProvider problem = layered(argument(0), argument(1), argument(2));
  SolveFigures figures;
  for (auto _ : state) {
    Solver solver(problem);
    auto outcome = solver.solve();
    benchmark::DoNotOptimize(outcome);
    figures = solver.figures();
  }
  state.counters["decisions"] = static_cast<double>(figures.decisions);
  state.counters["conflicts"] = static_cast<double>(figures.conflicts);
  state.counters["visited"] = static_cast<double>(figures.versions_visited);
}

BENCHMARK(solve)
    ->ArgNames({"packages", "versions", "conflicts"})
    ->Args({100, 20, 0})
    ->Args({400, 20, 0})
    ->Args({1600, 20, 0})
    ->Args({400, 80, 0})
    ->Args({400, 320, 0})
    ->Args({400, 20, 2})
    ->Args({400, 20, 5})
    ->Args({400, 20, 10})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace resolver::solve::test
