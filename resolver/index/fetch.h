// Requests to HTTP servers, many at once, by one background thread. Knows nothing of packages.
// submit() and promote() may be called from any thread; `done` is called on the background thread
// and must be quick.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pep/result.h"
#include "resolver/index/url.h"

namespace resolver::index {

struct FetchOptions {
  int connections = 50;  // requests under way at once, all of them to one host if need be
  int retries = 3;
  double timeout = 30;    // seconds without progress
  std::string ca_bundle;  // empty: find_ca_bundle()
  std::string client_certificate;
  std::vector<std::string> trusted_hosts;
  std::string proxy;
  std::vector<std::pair<std::string, Credentials>> credentials;  // by origin ("https://host:port")
};

// What was sent and received on behalf of somebody.
struct Traffic {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> bytes{0};
};

struct FetchRequest {
  std::string url;  // may hold credentials; they are sent as basic auth and never shown
  std::vector<std::string> headers;               // "Accept: text/html"
  std::string range;                              // "-32768", "100-199", "100-"; empty: everything
  std::uint64_t limit = std::uint64_t{64} << 20;  // bytes of body, as sent and as decoded
  std::string method;                             // empty: GET
  std::string payload;                            // of a PUT
  bool compressed = true;  // a compressed body is welcome; FetchResponse::encoding then names it
  bool retry = true;
  // Takes the body of a status 200 or 206 piece by piece, instead of FetchResponse::body; false
  // stops the transfer (FetchResponse::refused). `restart` is called before each attempt. Both on
  // the background thread.
  std::function<bool(long status, std::span<const char> piece)> sink;
  std::function<void()> restart;
  Traffic* traffic = nullptr;  // where the request is counted; null: among those of nobody
};

struct FetchResponse {
  long status = 0;   // 0 with an error
  std::string body;  // still encoded
  std::string url;   // after redirects, without credentials
  std::string content_type, encoding, etag, last_modified, cache_control, content_range;
  bool refused = false;  // the sink said no
  std::optional<pep::Error>
      error;  // unreachable after all retries; malformed if the body is larger than the limit
};

class Fetcher {
 public:
  using Done = std::function<void(FetchResponse)>;
  using Ticket = std::uint64_t;

  static std::unique_ptr<Fetcher> start(FetchOptions options);
  virtual ~Fetcher() = default;  // stops
  virtual void stop() = 0;       // abandons what is under way; `done` is not called any more
  virtual Ticket submit(FetchRequest request, Done done) = 0;
  virtual void promote(
      Ticket ticket) = 0;  // somebody waits for it: before those that were only prefetched

  Traffic traffic;  // of requests that are counted nowhere else
};

// Undoes gzip, br or zstd. Malformed if it is broken, cut short, or larger than `limit`.
pep::Result<std::string> decode_body(std::string body, const std::string& encoding,
                                     std::uint64_t limit, const std::string& url);

// What a status other than 200, 206 and 304 means, in one sentence; unreachable, except not_found
// for 404 and 410.
pep::Error status_error(const std::string& url, long status);

// The trust store of this machine, in the places of all distributions; empty if there is none.
std::string find_ca_bundle();

}  // namespace resolver::index
