#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <optional>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/direct/locked_source.h"
#include "plugin/exit_code.h"
#include "plugin/index_settings.h"
#include "resolver/index/client.h"
#include "resolver/index/digest.h"
#include "resolver/lock/readers.h"
#include "rpmenv/inspect.h"
#include "rpmenv/root.h"
#include "rpmenv/target.h"

namespace plugin {

namespace {

int fail(const pep::Error& error, const OutputOptions& output) {
  return report_failure(error, output, kLockStale);
}

// A name from a lock goes into a directory of ours: it must not lead out of it.
bool is_plain(const std::string& filename) {
  return !filename.empty() && filename[0] != '.' && filename.find('/') == std::string::npos &&
         filename.find('\0') == std::string::npos;
}

// What this machine can install; nothing is known of it where there is no Python.
using Here = std::optional<rpmenv::Target>;

// A lock of ours lists only what its target can use, best first; one of others may list all there
// is.
const resolver::lock::Artifact& best_of(const resolver::lock::Package& package, const Here& here) {
  const resolver::lock::Artifact* best = &package.artifacts[0];
  std::optional<std::uint32_t> best_rank;
  for (const resolver::lock::Artifact& artifact : package.artifacts) {
    if (!here || !artifact.wheel) continue;
    auto name = pep::parse_wheel_filename(artifact.filename);
    const auto rank = name ? here->tags.rank(name->triple) : std::nullopt;
    if (rank && (!best_rank || *rank < *best_rank)) {
      best = &artifact;
      best_rank = rank;
    }
  }
  return *best;
}

// Whether the lock says that the package is not for this machine.
bool left_out(const resolver::lock::Package& package, const Here& here) {
  if (!here || package.marker.empty()) return false;
  auto marker = pep::Marker::parse(package.marker);
  return marker && !marker->holds(here->environment);
}

// Downloads the best artifact of one package.
pep::Status fetch_one(resolver::index::Client& client, const resolver::lock::Package& package,
                      const std::string& directory, const Here& here) {
  if (direct::is_tree(package)) return direct::fetch_tree(client.options(), package, directory);
  if (package.artifacts.empty() || package.artifacts[0].url.empty()) {
    return pep::error(pep::Fault::kConfig,
                      fmt::format("the lock has no URL for {} {}; fetch needs a pylock.toml",
                                  package.name.str(), package.version.str()));
  }
  const resolver::lock::Artifact& best = best_of(package, here);
  if (!is_plain(best.filename)) {
    return pep::error(pep::Fault::kMalformed,
                      fmt::format("\"{}\" is no name of a file", best.filename));
  }
  const auto digest = resolver::index::sha256_from_hex(best.sha256);
  if (!digest) {
    return pep::error(pep::Fault::kMalformed,
                      fmt::format("\"{}\" is no SHA-256 digest", best.sha256));
  }
  return client.download(best.url, *digest,
                         (std::filesystem::path(directory) / best.filename).string());
}

}  // namespace

int run_fetch(const FetchOptions& options) {
  auto lock = resolver::lock::read_lock(options.lock);
  if (!lock) return fail(std::move(lock).error(), options.output);
  direct::find_from(*lock, options.lock);
  std::error_code failed;
  std::filesystem::create_directories(options.directory, failed);
  if (failed) {
    return fail(
        pep::error(pep::Fault::kIo, fmt::format("{}: {}", options.directory, failed.message())),
        options.output);
  }
  rpmenv::PipConfiguration pip;
  Here here;
  if (auto root = rpmenv::open_root(options.target.root.value_or("/"), options.target.image_config);
      root) {
    auto facts = rpmenv::inspect(**root, {.packages = false,
                                          .libraries = false,
                                          .distributions = false,
                                          .search_path = options.target.search_path});
    if (facts) pip = facts->pip;
    auto target = facts ? rpmenv::target_of(*facts, options.target.python,
                                            options.target.python_version, options.target.platform)
                        : pep::Result<rpmenv::Target>(pep::error(pep::Fault::kNotFound, ""));
    if (target) here = std::move(*target);
  }
  auto settings = index_settings(options.index, {}, pip);
  if (!settings) {
    // A lock has whole URLs: no index has to be known. Proxy, certificates and --offline still
    // count.
    IndexOptions without = options.index;
    without.index_url = "/";
    settings = index_settings(without, {}, pip);
  }
  auto client =
      resolver::index::Client::open(settings ? settings->client : resolver::index::ClientOptions{});
  if (!client) return fail(std::move(client).error(), options.output);
  std::size_t done = 0;
  for (const resolver::lock::Package& package : lock->packages) {
    if (left_out(package, here)) continue;
    if (auto fetched = fetch_one(**client, package, options.directory, here); !fetched) {
      return fail(std::move(fetched).error().in("fetching " + package.name.str()), options.output);
    }
    ++done;
  }
  if (options.output.verbosity >= 0) {
    std::printf("%zu artifacts in %s, each verified\n", done, options.directory.c_str());
  }
  return kDone;
}

}  // namespace plugin
