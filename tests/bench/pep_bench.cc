// What the resolve path asks of pep/ hundreds of thousands of times.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "pep/metadata.h"
#include "pep/tag.h"

namespace {

using pep::Version;

const std::vector<std::string> kVersions = {"1.34.162", "2.31.0",         "0.4.1",
                                            "3.0.0rc1", "2024.8.30",      "1.0.post1",
                                            "4.2.dev3", "2.31.0.20240406"};

void parse_version(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(Version::try_parse(kVersions[i++ % kVersions.size()]));
}
BENCHMARK(parse_version);

void parse_version_with_local(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Version::try_parse("2.3.1+cu121"));
}
BENCHMARK(parse_version_with_local);

void version_from_store(benchmark::State& state) {
  const Version version = *Version::try_parse("1.34.162");
  const std::string text = version.str();
  for (auto _ : state) benchmark::DoNotOptimize(Version::from_store(version.key(), text));
}
BENCHMARK(version_from_store);

void print_version(benchmark::State& state) {
  const Version version = *Version::try_parse("1.34.162");
  for (auto _ : state) benchmark::DoNotOptimize(version.str());
}
BENCHMARK(print_version);

void compare_versions(benchmark::State& state) {
  const Version a = *Version::try_parse("1.34.162");
  const Version b = *Version::try_parse("1.34.163");
  for (auto _ : state) benchmark::DoNotOptimize(a < b);
}
BENCHMARK(compare_versions);

void compare_with_local(benchmark::State& state) {
  const Version a = *Version::try_parse("2.3.1+cu121");
  const Version b = *Version::try_parse("2.3.1");
  for (auto _ : state) benchmark::DoNotOptimize(a < b);
}
BENCHMARK(compare_with_local);

void parse_specifiers(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(pep::SpecifierSet::parse(">=1.21,!=1.25.*,<3"));
}
BENCHMARK(parse_specifiers);

void specifiers_contain(benchmark::State& state) {
  const auto set = pep::SpecifierSet::parse(">=1.21,!=1.25.*,<3").value();
  const Version version = *Version::try_parse("2.31.0");
  for (auto _ : state) benchmark::DoNotOptimize(set.contains(version));
}
BENCHMARK(specifiers_contain);

void parse_requirement(benchmark::State& state, const char* text) {
  for (auto _ : state) benchmark::DoNotOptimize(pep::Requirement::parse(text));
}
BENCHMARK_CAPTURE(parse_requirement, plain, "apache-airflow-providers-common-sql>=1.3.1");
BENCHMARK_CAPTURE(parse_requirement, extra, "requests[socks] >=2.27,<3 ; extra == 'amazon'");
BENCHMARK_CAPTURE(parse_requirement, marker,
                  "importlib-metadata>=1.7; python_version < '3.8' and sys_platform != 'win32'");

void evaluate_marker(benchmark::State& state, const char* text) {
  const auto marker = pep::Marker::parse(text).value();
  pep::Environment environment;
  environment.python_version = "3.12";
  environment.python_full_version = "3.12.4";
  const std::vector<pep::Name> extras = {pep::Name::of("amazon")};
  for (auto _ : state) benchmark::DoNotOptimize(marker.holds(environment, extras));
}
BENCHMARK_CAPTURE(evaluate_marker, extra, "extra == 'google'");
BENCHMARK_CAPTURE(evaluate_marker, version, "python_version < '3.8'");
BENCHMARK_CAPTURE(evaluate_marker, both, "python_version >= '3.8' and sys_platform == 'linux'");

void view_wheel_filename(benchmark::State& state) {
  const std::string name =
      "numpy-1.26.4-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
  for (auto _ : state) benchmark::DoNotOptimize(pep::view_wheel_filename(name));
}
BENCHMARK(view_wheel_filename);

void parse_wheel_filename(benchmark::State& state) {
  const std::string name =
      "numpy-1.26.4-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
  for (auto _ : state) benchmark::DoNotOptimize(pep::parse_wheel_filename(name));
}
BENCHMARK(parse_wheel_filename);

void rank_tags(benchmark::State& state, const char* triple) {
  const auto tags =
      pep::cpython_tags(3, 12, "cp312", pep::expand_platform("manylinux_2_28_x86_64"));
  for (auto _ : state) benchmark::DoNotOptimize(tags.rank(triple));
}
BENCHMARK_CAPTURE(rank_tags, native, "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64");
BENCHMARK_CAPTURE(rank_tags, foreign, "cp312-cp312-win_amd64");
BENCHMARK_CAPTURE(rank_tags, pure, "py2.py3-none-any");

void parse_metadata(benchmark::State& state) {
  std::string text =
      "Metadata-Version: 2.1\nName: apache-airflow\nVersion: 2.9.3\n"
      "Requires-Python: <3.13,~=3.8\n";
  for (int i = 0; i < 200; ++i) {
    text += "Provides-Extra: extra" + std::to_string(i) + "\nRequires-Dist: project-" +
            std::to_string(i) + ">=1." + std::to_string(i) + "; extra == 'extra" +
            std::to_string(i) + "'\n";
  }
  text += "\n" + std::string(50'000, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(pep::Metadata::parse(text));
  state.SetItemsProcessed(state.iterations() * 200);
}
BENCHMARK(parse_metadata);

}  // namespace
