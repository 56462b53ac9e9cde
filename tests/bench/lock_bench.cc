// Locks and reports of the size of a large application: 584 packages with five files each.
#include <benchmark/benchmark.h>

#include "plugin/report/report.h"
#include "resolver/lock/readers.h"

namespace {

resolver::lock::Lock large_lock() {
  resolver::lock::Lock lock;
  for (int i = 0; i < 584; ++i) {
    resolver::lock::Package package;
    const std::string number = std::to_string(1000 + i);
    package.name = pep::Name::of("package-" + number);
    package.version = *pep::Version::parse("1.2." + number);
    package.index = "http://127.0.0.1:3141/simple";
    package.required_by = {"package-1000", "package-1001"};
    for (int d = 0; d < 4; ++d)
      package.dependencies.push_back(pep::Name::of("package-" + std::to_string(1000 + d)));
    for (int f = 0; f < 5; ++f) {
      resolver::lock::Artifact artifact;
      artifact.filename = "package_" + number + "-1.2." + number +
                          "-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
      artifact.url =
          "http://127.0.0.1:3141/files/" + std::string(60, 'c') + "/" + artifact.filename;
      artifact.sha256 = std::string(64, 'a');
      artifact.size = 123456;
      artifact.upload_time = 1712505600;
      package.artifacts.push_back(std::move(artifact));
    }
    lock.packages.push_back(std::move(package));
  }
  return lock;
}

plugin::Report large_report() {
  plugin::Report report;
  report.outcome = plugin::Outcome::kLocked;
  plugin::Product product;
  product.lock = large_lock();
  report.products.push_back(std::move(product));
  return report;
}

void write_json_report(benchmark::State& state) {
  const plugin::Report report = large_report();
  for (auto _ : state) benchmark::DoNotOptimize(plugin::report_json(report));
}
BENCHMARK(write_json_report)->Unit(benchmark::kMillisecond);

void write_table(benchmark::State& state) {
  const plugin::Report report = large_report();
  for (auto _ : state) benchmark::DoNotOptimize(plugin::report_table(report, {}));
}
BENCHMARK(write_table)->Unit(benchmark::kMillisecond);

void write_pylock(benchmark::State& state) {
  const resolver::lock::Lock lock = large_lock();
  for (auto _ : state) benchmark::DoNotOptimize(resolver::lock::write_pylock(lock));
}
BENCHMARK(write_pylock)->Unit(benchmark::kMillisecond);

void read_pylock(benchmark::State& state) {
  const std::string text = resolver::lock::write_pylock(large_lock());
  for (auto _ : state) benchmark::DoNotOptimize(resolver::lock::read_pylock(text, "pylock.toml"));
}
BENCHMARK(read_pylock)->Unit(benchmark::kMillisecond);

}  // namespace
