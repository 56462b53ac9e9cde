// What a run asks of resolver/index/: reading a page once when it arrives, and opening, finding and
// decoding it in every later run.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "pep/metadata.h"
#include "resolver/index/checksum.h"
#include "resolver/index/simple_api.h"
#include "resolver/index/store.h"
#include "resolver/index/stored_page.h"
#include "resolver/index/wheel.h"

namespace {

using namespace resolver::index;  // NOLINT

const pep::Name kName = pep::Name::of("demo");
constexpr const char* kUrl = "https://pypi.example/simple/demo/";

// A page of `versions` versions with four files each, as an index writes it.
std::string json_page(int versions) {
  std::string files;
  const std::string digest(64, 'a');
  for (int v = 0; v < versions; ++v) {
    const std::string version = "1." + std::to_string(v) + ".0";
    for (const char* tail : {"-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
                             "-cp311-cp311-win_amd64.whl", "-py3-none-any.whl", ".tar.gz"}) {
      const std::string filename = "demo-" + version + tail;
      files += std::string(files.empty() ? "" : ",") + "{\"filename\":\"" + filename +
               "\",\"url\":\"../../files/" + filename + "\",\"hashes\":{\"sha256\":\"" + digest +
               "\"},\"size\":123456,\"upload-time\":\"2024-01-02T03:04:05.678901Z\",\"requires-"
               "python\":\">=3.8\","
               "\"yanked\":false,\"core-metadata\":{\"sha256\":\"" +
               digest + "\"}}";
    }
  }
  return "{\"meta\":{\"api-version\":\"1.1\"},\"name\":\"demo\",\"files\":[" + files + "]}";
}

std::shared_ptr<PageView> page_of(const std::string& json) {
  PageText text{.body = json, .content_type = "application/json", .url = kUrl};
  PageBuilder builder(kName, "https://pypi.example/simple/", kUrl);
  if (!read_page(text, builder)) return nullptr;
  return PageView::own(builder.finish());
}

void read_json_page(benchmark::State& state) {
  const std::string json = json_page(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(page_of(json));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * json.size()));
}
BENCHMARK(read_json_page)->Arg(20)->Arg(2000);

struct FilledStore {
  std::string directory = "/tmp/seshat-bench-XXXXXX";
  FilledStore(int pages, int versions) {
    if (mkdtemp(directory.data()) == nullptr) std::abort();
    auto store = Store::open(directory, std::uint64_t{1} << 40);
    const auto page = page_of(json_page(versions));
    for (int i = 0; i < pages; ++i) {
      put_page(*store, "page " + std::to_string(i), page_of(json_page(versions)), "", "",
               INT64_MAX);
    }
  }
  ~FilledStore() {
    std::error_code code;
    std::filesystem::remove_all(directory, code);
  }
};

void open_store(benchmark::State& state) {
  const FilledStore filled(600, 2);
  for (auto _ : state)
    benchmark::DoNotOptimize(Store::open(filled.directory, std::uint64_t{1} << 40));
}
BENCHMARK(open_store);

void find_page_in_store(benchmark::State& state) {
  const FilledStore filled(10, static_cast<int>(state.range(0)));
  auto store = Store::open(filled.directory, std::uint64_t{1} << 40);
  for (auto _ : state) benchmark::DoNotOptimize(find_page(*store, "page 3", 0));
}
BENCHMARK(find_page_in_store)->Arg(20)->Arg(2000);

void decode_page(benchmark::State& state) {
  const auto page = page_of(json_page(500));
  for (auto _ : state) {
    for (std::uint32_t v = 0; v < page->version_count(); ++v) {
      benchmark::DoNotOptimize(page->version(v));
      const FileRange range = page->files(v);
      for (std::uint32_t f = range.begin; f < range.end; ++f)
        benchmark::DoNotOptimize(page->facts(f));
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 2000);
}
BENCHMARK(decode_page);

void load_metadata(benchmark::State& state) {
  std::string text = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Python: >=3.8\n";
  for (int i = 0; i < 25; ++i)
    text += "Requires-Dist: other-" + std::to_string(i) + " (>=1.2,<3) ; python_version < '3.12'\n";
  const std::string kept = condensed(text + "\n" + std::string(20'000, 'x'));
  for (auto _ : state) benchmark::DoNotOptimize(pep::Metadata::parse(kept));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 25);
}
BENCHMARK(load_metadata);

void checksum_a_megabyte(benchmark::State& state) {
  const std::string bytes(1 << 20, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(checksum(bytes));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) << 20);
}
BENCHMARK(checksum_a_megabyte);

}  // namespace
