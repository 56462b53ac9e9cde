#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <filesystem>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/exit_code.h"
#include "plugin/image_repositories.h"
#include "plugin/index_settings.h"
#include "plugin/report/json.h"
#include "plugin/report/terminal_text.h"
#include "plugin/rules.h"
#include "resolver/index/store_layout.h"
#include "resolver/index/store_maintenance.h"

namespace plugin {

namespace {

using Action = CacheOptions::Action;
namespace index = resolver::index;

// What an index gave nothing to ask again with is fresh for so long.
constexpr std::int64_t kFreshFor = 600;

std::string readable(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// Every answer as JSON has the same first keys.
Json begun(const std::string& directory) {
  Json json;
  json.begin_object();
  json.key("schema");
  json.text("seshat.cache/1");
  json.key("directory");
  json.text(directory);
  return json;
}

void add(Json& json, const char* key, std::uint64_t number) {
  json.key(key);
  json.number(number);
}

int print(const CacheOptions& options, const std::string& text) {
  std::fputs((text + "\n").c_str(), stdout);
  if (std::fflush(stdout) == 0) return kDone;
  return report_failure(pep::error(pep::Fault::kIo, "standard output cannot be written"),
                        options.output);
}

int finish(const CacheOptions& options, Json json) {
  json.end_object();
  return print(options, std::move(json).take());
}

int say(const CacheOptions& options, const std::string& text) {
  return options.output.verbosity < 0 ? kDone : print(options, text);
}

void warn_of_damage(const CacheOptions& options, const std::string& directory, const char* remedy) {
  if (options.output.verbosity < 0) return;
  std::fputs(fmt::format("warning: the store {}/{} is damaged: {}\n", printable(directory),
                         index::store_layout::kFileName, remedy)
                 .c_str(),
             stderr);
}

int say_size(const CacheOptions& options, const std::string& directory) {
  const auto size = index::store_size(directory);
  if (!size) return report_failure(size.error(), options.output);
  if (size->damaged && size->bytes != 0) {
    warn_of_damage(options, directory, "what cannot be read is fetched again by the next run");
  }
  if (!options.json) {
    std::string text = fmt::format("{}: {} ({}, {}, {})", printable(directory),
                                   readable(size->bytes), counted(size->pages, "page", "pages"),
                                   counted(size->metadata, "metadata file", "metadata files"),
                                   counted(size->absent, "absent name", "absent names"));
    if (size->superseded != 0)
      text += fmt::format("; {} of it are superseded", readable(size->superseded));
    return say(options, text);
  }
  Json json = begun(directory);
  add(json, "bytes", size->bytes);
  add(json, "superseded_bytes", size->superseded);
  add(json, "pages", size->pages);
  add(json, "absent", size->absent);
  add(json, "metadata", size->metadata);
  json.key("damaged");
  json.boolean(size->damaged && size->bytes != 0);
  return finish(options, std::move(json));
}

int prune(const CacheOptions& options, const std::string& directory) {
  index::PruneOptions wanted;
  wanted.stale_before = static_cast<std::int64_t>(std::time(nullptr)) - kFreshFor;
  if (options.max_size) wanted.size_limit = *options.max_size;
  const auto pruned = index::store_prune(directory, wanted);
  if (!pruned) return report_failure(pruned.error(), options.output);
  if (pruned->damaged) warn_of_damage(options, directory, "what could be read was kept");
  if (!options.json) {
    return say(options,
               fmt::format("{}: {}, before it were {}; {} and {} were dropped",
                           printable(directory), readable(pruned->bytes),
                           readable(pruned->bytes_before), counted(pruned->pages, "page", "pages"),
                           counted(pruned->metadata, "metadata file", "metadata files")));
  }
  Json json = begun(directory);
  add(json, "bytes", pruned->bytes);
  add(json, "bytes_before", pruned->bytes_before);
  add(json, "pages_dropped", pruned->pages);
  add(json, "metadata_dropped", pruned->metadata);
  json.key("damaged");
  json.boolean(pruned->damaged);
  return finish(options, std::move(json));
}

int clear(const CacheOptions& options, const std::string& directory) {
  auto freed = index::store_clear(directory);
  if (!freed) return report_failure(freed.error(), options.output);
  *freed += remove_kept_rules(directory) + remove_kept_repositories(directory);
  if (!options.json)
    return say(options, fmt::format("{}: {} removed", printable(directory), readable(*freed)));
  Json json = begun(directory);
  add(json, "bytes", 0);
  add(json, "bytes_before", *freed);
  return finish(options, std::move(json));
}

int say_directory(const CacheOptions& options, const std::string& directory) {
  if (options.json) return finish(options, begun(directory));
  return print(options, directory);  // for scripts: as it is, even with --quiet
}

}  // namespace

int run_cache(const CacheOptions& options) {
  const StorePlace place = store_place(options.cache_dir);
  if (place.directory.empty()) {
    return report_failure(
        pep::error(pep::Fault::kConfig, "there is no place for the store: " + place.origin +
                                            "; give --cache-dir or set SESHAT_CACHE_DIR"),
        options.output);
  }
  switch (options.action) {
    case Action::kSize:
      return say_size(options, place.directory);
    case Action::kPrune:
      return prune(options, place.directory);
    case Action::kClear:
      return clear(options, place.directory);
    case Action::kDir:
      break;
  }
  return say_directory(options, place.directory);
}

}  // namespace plugin
