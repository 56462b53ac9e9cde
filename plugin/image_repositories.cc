#include "plugin/image_repositories.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <set>

#include "plugin/index_settings.h"
#include "plugin/rules.h"
#include "resolver/index/digest.h"
#include "resolver/index/fetch.h"
#include "resolver/index/url.h"
#include "rpmenv/rpm_md.h"
#include "rpmenv/yum_repositories.h"

namespace plugin {

namespace {

namespace fs = std::filesystem;
namespace index = resolver::index;

constexpr std::uint64_t kMaxSmall = 16u << 20;  // repomd.xml, lists of mirrors
constexpr std::uint64_t kMaxList = 512u << 20;  // of packages, compressed
constexpr std::size_t kMaxMirrors = 3;          // that are tried for one repository
constexpr std::size_t kMaxDeadHosts = 3;        // then there is no network
constexpr double kPatience = 10;  // seconds without progress; the answer can do without
constexpr const char* kKept = "/rpm-md";

using Bytes = pep::Result<std::string>;

// Files of this image and of HTTP servers, one at a time.
class Source {
 public:
  Source(const rpmenv::Root& root, const IndexOptions& options,
         std::vector<std::string> trusted_hosts)
      : root_(root), offline_(options.offline) {
    IndexOptions asked = options;
    asked.no_index = true;  // no index is asked, so none need be known
    const auto settings = index_settings(asked, {}, {});
    if (!settings) return;
    fetch_.retries = std::min(settings->client.retries, 1);
    fetch_.timeout = std::min(settings->client.timeout, kPatience);
    fetch_.ca_bundle = settings->client.ca_bundle;
    fetch_.client_certificate = settings->client.client_certificate;
    fetch_.proxy = settings->client.proxy;
    fetch_.trusted_hosts = settings->client.trusted_hosts;
    fetch_.trusted_hosts.insert(fetch_.trusted_hosts.end(), trusted_hosts.begin(),
                                trusted_hosts.end());
  }

  static bool is_in_image(const std::string& url) { return url.starts_with("file:"); }

  Bytes get(const std::string& url, std::uint64_t limit) {
    if (is_in_image(url)) {
      const std::string path = index::local_path(url);
      auto file =
          root_.read(path.substr(std::min(path.find_first_not_of('/'), path.size())), limit);
      if (!file) return std::move(file).error();
      return std::string((*file)->view());
    }
    if (!url.starts_with("http://") && !url.starts_with("https://"))
      return pep::error(pep::Fault::kConfig,
                        index::redacted(url) + " is of a kind that is not read");
    if (offline_) return pep::error(pep::Fault::kUnreachable, "--offline");
    const std::string host(index::host_of(url));
    if (dead_.contains(host) || dead_.size() >= kMaxDeadHosts)
      return pep::error(pep::Fault::kUnreachable, "no answer before");
    if (!fetcher_) fetcher_ = index::Fetcher::start(fetch_);
    std::promise<index::FetchResponse> promise;
    auto answer = promise.get_future();
    fetcher_->submit(
        {.url = url, .limit = limit, .compressed = false},
        [&](index::FetchResponse response) { promise.set_value(std::move(response)); });
    index::FetchResponse response = answer.get();
    if (response.error && response.status == 0) dead_.insert(host);
    if (response.error) return *std::move(response.error);
    if (response.status != 200) return index::status_error(index::redacted(url), response.status);
    return std::move(response.body);
  }

 private:
  const rpmenv::Root& root_;
  bool offline_;
  index::FetchOptions fetch_;
  std::unique_ptr<index::Fetcher> fetcher_;
  std::set<std::string> dead_;
};

// One place that may have the repository, and the digests that its repomd.xml may then have.
struct Mirror {
  std::string base;  // ends with "/"
  std::vector<std::string> sha256;
};

std::string with_slash(std::string url) {
  if (!url.ends_with('/')) url += '/';
  return url;
}

pep::Result<std::vector<Mirror>> mirrors_of(const rpmenv::YumRepository& repository,
                                            Source& source) {
  std::vector<Mirror> mirrors;
  for (const std::string& url : repository.base_urls) mirrors.push_back({with_slash(url), {}});
  if (!mirrors.empty()) return mirrors;
  const bool is_metalink = !repository.metalink.empty();
  auto text = source.get(is_metalink ? repository.metalink : repository.mirror_list, kMaxSmall);
  if (!text) return std::move(text).error();
  if (!is_metalink) {
    for (std::string& url : rpmenv::parse_mirror_list(*text))
      mirrors.push_back({with_slash(std::move(url)), {}});
  } else {
    const rpmenv::Metalink link = rpmenv::parse_metalink(*text);
    for (const std::string& url : link.urls)
      mirrors.push_back({url.substr(0, url.rfind("repodata/")), link.sha256});
  }
  if (mirrors.empty()) return pep::error(pep::Fault::kMalformed, "its list of mirrors names none");
  if (mirrors.size() > kMaxMirrors) mirrors.resize(kMaxMirrors);
  return mirrors;
}

// Everything in the directory but repomd.xml and the list that it names.
void remove_superseded(const std::string& directory, const std::string& list) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory + "/repodata", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name != "repomd.xml" && "repodata/" + name != list) fs::remove(entry.path(), ignored);
  }
}

pep::Status bring(const Mirror& mirror, const std::string& directory, Source& source) {
  auto repomd = source.get(mirror.base + "repodata/repomd.xml", kMaxSmall);
  if (!repomd) return std::move(repomd).error();
  const std::string digest = index::hex(index::sha256_of(*repomd));
  if (!mirror.sha256.empty() && std::ranges::find(mirror.sha256, digest) == mirror.sha256.end())
    return pep::error(pep::Fault::kIntegrity, "its repomd.xml is not what the metalink says");
  std::error_code failed;
  fs::create_directories(directory + "/repodata", failed);
  const std::string fresh = fmt::format("{}/repodata/{}.new", directory, getpid());
  if (auto written = write_rules(fresh, *repomd); !written) return written;
  const auto list = rpmenv::package_list(fresh);
  if (!list) {
    unlink(fresh.c_str());
    return list.error();
  }
  const std::string path = directory + "/" + list->location;
  fs::create_directories(fs::path(path).parent_path(), failed);
  // Without a checksum nobody knows whether what is there is the same still.
  const auto intact = rpmenv::is_intact(path, *list);
  if (!intact || !*intact || list->checksum.empty()) {
    auto bytes = source.get(index::join_url(mirror.base, list->location), kMaxList);
    auto written = bytes ? write_rules(path, *bytes) : pep::Status(std::move(bytes).error());
    const auto good = written ? rpmenv::is_intact(path, *list) : pep::Result<bool>(false);
    if (written && (!good || !*good))
      written = pep::error(pep::Fault::kIntegrity, "its list of packages is not what it says");
    if (!written) {
      unlink(fresh.c_str());
      return written;
    }
  }
  fs::rename(fresh, directory + "/repodata/repomd.xml", failed);
  if (failed) return pep::error(pep::Fault::kIo, failed.message());
  remove_superseded(directory, list->location);
  return pep::Done{};
}

pep::Status bring_any(const rpmenv::YumRepository& repository, const std::string& directory,
                      Source& source) {
  auto mirrors = mirrors_of(repository, source);
  if (!mirrors) return std::move(mirrors).error();
  pep::Status last = pep::Done{};
  for (const Mirror& mirror : *mirrors) {
    last = bring(mirror, directory, source);
    if (last) break;
  }
  return last;
}

std::string key_of(const rpmenv::YumRepository& repository) {
  std::string text = repository.mirror_list + "\n" + repository.metalink;
  for (const std::string& url : repository.base_urls) text += "\n" + url;
  return index::hex(index::sha256_of(text)).substr(0, 32);
}

}  // namespace

ImageRepositories image_repositories(const rpmenv::Root& root, const rpmenv::Facts& facts,
                                     const IndexOptions& options) {
  ImageRepositories found;
  const auto repositories = rpmenv::yum_repositories(root, facts);
  if (repositories.empty()) return found;
  std::vector<std::string> trusted;
  for (const auto& one : repositories) {
    for (const std::string& url : one.base_urls) {
      if (!one.verifies_tls) trusted.emplace_back(index::host_of(url));
    }
  }
  Source source(root, options, std::move(trusted));
  const std::string place = options.no_cache ? "" : store_place(options.cache_dir).directory;
  for (const auto& repository : repositories) {
    const bool local = std::ranges::any_of(repository.base_urls, &Source::is_in_image);
    std::string directory = place + kKept + "/" + key_of(repository);
    if (place.empty() || local) {  // what is in one image is nothing for another
      auto scratch = direct::Scratch::make();
      if (!scratch) continue;
      directory = scratch->path();
      found.scratch.push_back(*std::move(scratch));
    }
    const auto brought = bring_any(repository, directory, source);
    // What was brought before is better than nothing.
    std::error_code failed;
    if (brought || fs::exists(directory + "/repodata/repomd.xml", failed)) {
      found.directories.push_back(directory);
      continue;
    }
    found.note += fmt::format("{}{}: {}", found.note.empty() ? "" : "; ", repository.id,
                              brought.error().what);
  }
  if (!found.note.empty())
    found.note = "of the image's repositories these could not be asked: " + found.note;
  return found;
}

std::uint64_t remove_kept_repositories(const std::string& cache_directory) {
  std::uint64_t freed = 0;
  std::error_code failure;
  const std::string place = cache_directory + kKept;
  for (const auto& entry : fs::recursive_directory_iterator(place, failure)) {
    std::error_code failed;
    if (entry.is_regular_file(failed)) freed += entry.file_size(failed);
  }
  fs::remove_all(place, failure);
  return freed;
}

}  // namespace plugin
