#include "resolver/index/remote_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>

#include "resolver/index/digest.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/remote_entry.h"
#include "resolver/index/stored_page.h"
#include "resolver/index/url.h"

namespace resolver::index {

namespace {

using Clock = std::chrono::steady_clock;

// A holder that is alive has kept its answer by then.
constexpr auto kLongestClaim = std::chrono::seconds(15);
constexpr auto kPause = std::chrono::milliseconds(125);
constexpr std::uint64_t kLargestEntry = std::uint64_t{96} << 20;
constexpr std::uint64_t kLargestFile = std::uint64_t{256} << 20;

bool is_web(std::string_view place) {
  return place.starts_with("http://") || place.starts_with("https://");
}

bool is_answer(const FetchResponse& response) {
  return !response.error &&
         (response.status == 200 || response.status == 404 || response.status == 410);
}

FetchResponse answered(long status, std::string body = {}) {
  FetchResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

bool write_beside(const std::string& path, std::string_view body) {
  std::string temporary = path + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return false;
  bool whole = true;
  while (whole && !body.empty()) {
    const ssize_t n = ::write(descriptor, body.data(), body.size());
    whole = n > 0;
    if (whole) body.remove_prefix(static_cast<std::size_t>(n));
  }
  whole = whole && ::fchmod(descriptor, 0664) == 0;
  ::close(descriptor);
  if (whole && ::rename(temporary.c_str(), path.c_str()) == 0) return true;
  ::unlink(temporary.c_str());
  return false;
}

}  // namespace

struct RemoteCache::Ask {
  std::string name;
  std::string key;
  bool immutable = false;
  Origin origin;
  Done done;
  int generation = 1;  // of the claim: one more for each holder that died
  bool claimed = false;
  int waited = 0;  // times; each is longer, up to a second
  Clock::time_point deadline;
};

RemoteCache::RemoteCache(std::string place, std::int64_t fresh_for, Network& network, Jobs& jobs)
    : place_(place.ends_with('/') || !is_web(place) ? std::move(place) : place + "/"),
      fresh_for_(fresh_for),
      directory_(!is_web(place_)),
      network_(network),
      jobs_(jobs) {
  std::error_code failed;
  if (directory_) std::filesystem::create_directories(local_path(place_), failed);
  if (failed) warning_ = "the cache " + place_ + " cannot be used: " + failed.message();
  in_trouble_ = static_cast<bool>(failed);
}

std::string RemoteCache::file_place(const Sha256& sha256) const {
  return directory_ ? local_path(place_) + "/sha256-" + hex(sha256)
                    : place_ + "sha256-" + hex(sha256);
}

FetchResponse RemoteCache::in_directory(const std::string& method, const std::string& name,
                                        const std::string& body) const {
  const std::string path = local_path(place_) + "/" + name;
  if (method == "GET") {
    const auto file = MappedFile::open(path);
    return file ? answered(200, std::string(file->bytes())) : answered(404);
  }
  if (method == "PUT") return answered(write_beside(path, body) ? 201 : 507);
  if (method == "DELETE") return answered(::rmdir(path.c_str()) == 0 ? 204 : 404);
  struct stat known {};
  const bool old = ::stat(path.c_str(), &known) == 0 &&
                   known.st_mtime + kLongestClaim.count() < std::time(nullptr);
  if (old) ::rmdir(path.c_str());
  if (::mkdir(path.c_str(), 0775) == 0) return answered(201);
  return answered(errno == EEXIST ? 405 : 507);
}

void RemoteCache::exchange(const char* method, const std::string& name, std::string body,
                           std::vector<std::string> headers, Done done) {
  if (directory_) return done(in_directory(method, name, body));
  FetchRequest request;
  request.url = place_ + name;
  request.method = method;
  request.payload = std::move(body);
  request.headers = std::move(headers);
  request.limit = kLargestEntry;
  request.compressed = false;
  request.retry = false;
  network_.get(std::move(request), std::move(done));
}

void RemoteCache::trouble(const FetchResponse& response) {
  if (in_trouble_.exchange(true)) return;
  const std::lock_guard lock(mutex_);
  warning_ = "the cache " + redacted(place_) + " is not used in this run: " +
             (response.error ? response.error->what : status_error(place_, response.status).what);
}

void RemoteCache::obtain(const char* kind, const std::string& key, bool immutable, Origin origin,
                         Done done) {
  if (in_trouble_) return origin(std::move(done));
  auto ask = std::make_shared<Ask>();
  ask->name = std::string(kind) + "-" + hex(sha256_of(key));
  ask->key = key;
  ask->immutable = immutable;
  ask->origin = std::move(origin);
  ask->done = std::move(done);
  ask->deadline = Clock::now() + kLongestClaim;
  look(ask);
}

void RemoteCache::look(const Shared& ask) {
  exchange("GET", ask->name, {}, {}, [this, ask](FetchResponse response) {
    const bool absent = response.status == 404 || response.status == 410;
    if (response.error || (response.status != 200 && !absent)) {
      trouble(response);
      return ask->origin(ask->done);
    }
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    if (!absent) {
      if (auto kept = read_entry(response.body, ask->key, ask->immutable, now)) {
        if (ask->claimed) release(ask);
        return ask->done(*std::move(kept));
      }
    }
    if (ask->claimed) return ask_origin(ask);
    if (Clock::now() >= ask->deadline) {
      ++ask->generation;
      ask->deadline = Clock::now() + kLongestClaim;
    }
    claim(ask);
  });
}

std::string RemoteCache::claim_name(const Ask& ask) const {
  const bool collection = directory_ || claiming_ == Claiming::kCollection;
  return "claim-" + ask.name + "-" + std::to_string(ask.generation) + (collection ? "/" : "");
}

// A server that does not know the method says the same as one where the collection is there.
void RemoteCache::find_out_how_to_claim(const Shared& ask) {
  std::random_device random;
  const std::string probe =
      "claim-probe-" + std::to_string(random()) + std::to_string(random()) + "/";
  exchange("MKCOL", probe, {}, {}, [this, ask, probe](const FetchResponse& response) {
    const bool works = !response.error && response.status == 201;
    claiming_ = works ? Claiming::kCollection : Claiming::kCondition;
    if (works) exchange("DELETE", probe, {}, {}, [](const FetchResponse&) {});
    claim(ask);
  });
}

// Who gets the claim looks once more: what was kept since then is there.
void RemoteCache::claim(const Shared& ask) {
  if (claiming_ == Claiming::kUnknown && !directory_) return find_out_how_to_claim(ask);
  const bool collection = directory_ || claiming_ == Claiming::kCollection;
  if (claiming_ == Claiming::kNone) return ask_origin(ask);
  std::vector<std::string> headers;
  if (!collection) headers.emplace_back("If-None-Match: *");
  exchange(collection ? "MKCOL" : "PUT", claim_name(*ask), collection ? "" : "claimed",
           std::move(headers), [this, ask](const FetchResponse& response) {
             if (response.error) {
               trouble(response);
               return ask->origin(ask->done);
             }
             if (response.status == 405 || response.status == 412) return wait(ask);
             ask->claimed = response.status / 100 == 2;
             if (ask->claimed) return look(ask);
             claiming_ = Claiming::kNone;  // it may still give what it has
             ask_origin(ask);
           });
}

void RemoteCache::wait(const Shared& ask) {
  ask->waited = std::min(ask->waited + 1, 8);
  const auto until = Clock::now() + kPause * ask->waited;
  jobs_.poll([this, ask, until] {
    if (Clock::now() < until) return false;
    look(ask);
    return true;
  });
}

void RemoteCache::ask_origin(const Shared& ask) {
  ask->origin([this, ask](FetchResponse response) {
    if (is_answer(response)) {
      keep(ask, response);
    } else if (ask->claimed) {
      release(ask);
    }
    ask->done(std::move(response));
  });
}

void RemoteCache::keep(const Shared& ask, const FetchResponse& response) {
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  const std::int64_t until = expiry(response.cache_control, false, now, fresh_for_);
  {
    const std::lock_guard lock(jobs_.mutex());
    ++puts_;
  }
  exchange("PUT", ask->name, entry_of(response, ask->key, until),
           {"Content-Type: application/octet-stream"}, [this, ask](const FetchResponse& put) {
             if (put.error || put.status / 100 != 2) trouble(put);
             if (ask->claimed) release(ask);
             jobs_.publish([this] { --puts_; });
           });
}

// With it those of the holders before, who died.
void RemoteCache::release(const Shared& ask) {
  Ask one = *ask;
  for (; one.generation >= 1; --one.generation) {
    {
      const std::lock_guard lock(jobs_.mutex());
      ++puts_;
    }
    exchange("DELETE", claim_name(one), {}, {},
             [this](const FetchResponse&) { jobs_.publish([this] { --puts_; }); });
  }
}

void RemoteCache::keep_file(const Sha256& sha256, const std::string& path) {
  if (in_trouble_) return;
  const auto file = MappedFile::open(path);
  if (!file || file->bytes().size() > kLargestFile) return;
  if (directory_) {
    write_beside(file_place(sha256), file->bytes());
    return;
  }
  std::optional<FetchResponse> answer;
  exchange("PUT", "sha256-" + hex(sha256), std::string(file->bytes()),
           {"Content-Type: application/octet-stream"},
           [&](FetchResponse response) { jobs_.publish([&] { answer = std::move(response); }); });
  jobs_.work_until([&] { return answer.has_value(); });
  if (answer->error || answer->status / 100 != 2) trouble(*answer);
}

void RemoteCache::wait_for_puts() {
  jobs_.work_until([this] { return puts_ == 0; });
}

std::vector<std::string> RemoteCache::warnings() const {
  const std::lock_guard lock(mutex_);
  return warning_.empty() ? std::vector<std::string>() : std::vector<std::string>{warning_};
}

}  // namespace resolver::index
