// Asks package indexes, and remembers what they said in the store. Blocking calls with prefetching:
// `want_*` returns at once and lets the background thread work; the call without "want" waits. A
// warm run starts no thread and opens no socket. Knows nothing of targets, policies or
// prescriptions. All members may be called from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/metadata.h"
#include "pep/result.h"
#include "resolver/index/page.h"

namespace resolver::index {

struct ClientOptions {
  std::vector<std::string>
      index_urls;           // in order; the first that has a name is the only one asked for it
  bool best_match = false;  // --index-strategy unsafe-best-match: merge the pages of all indexes
  // Names that one index alone is asked for: its place in index_urls.
  std::map<pep::Name, std::size_t> only_index;
  std::vector<std::string> find_links;  // directories or URLs
  std::string cache_dir;                // empty: no store, memory only
  std::string remote_cache;             // a URL or a directory that many share; empty: none
  bool offline = false;
  bool refresh = false;          // ignore the freshness of stored pages
  std::int64_t fresh_for = 600;  // seconds a page without validators stays fresh
  int connections = 50;          // requests under way at once
  int retries = 3;
  double timeout = 30;             // seconds without progress
  std::string ca_bundle;           // empty: looked for in the places of all distributions
  std::string client_certificate;  // PEM with its key; empty: none
  std::vector<std::string> trusted_hosts;
  std::string proxy;
  std::uint64_t cache_limit = std::uint64_t{1} << 30;  // bytes; beyond them the longest unused go
};

struct FetchedFile {
  std::array<std::uint8_t, 32> sha256{};
  std::uint64_t size = 0;
};

// What page() and metadata() were asked for: how much was fetched ahead and never needed depends on
// how fast answers came, and so is not counted.
struct Statistics {
  std::uint64_t pages = 0;
  std::uint64_t metadata = 0;
  std::uint64_t requests = 0;                         // HTTP requests sent
  std::uint64_t bytes = 0;                            // body bytes received
  std::uint64_t pages_known = 0, metadata_known = 0;  // those not needed too
};

// Called on an unspecified thread, soon after a page or a metadata file became known for the first
// time in this run; may call want_page and want_metadata. This is how a resolver prefetches the
// closure while it works.
struct Hooks {
  std::function<void(const Page&)> on_page;
  std::function<void(const Page&, std::uint32_t file_number, const pep::Metadata&)> on_metadata;
};

class Client {
 public:
  static pep::Result<std::unique_ptr<Client>> open(ClientOptions options);
  virtual ~Client() = default;
  // Returns when no call of those before is under way any more.
  virtual void set_hooks(Hooks hooks) = 0;

  virtual void want_page(const pep::Name& name) = 0;
  // Null if no index has the name. unreachable if an index did not answer, malformed if it answered
  // with nonsense. The pointer lives as long as the client.
  virtual pep::Result<const Page*> page(const pep::Name& name) = 0;

  virtual void want_metadata(const Page& page, std::uint32_t file_number) = 0;
  // The metadata of one wheel or sdist: PEP 658 file, else range requests into the wheel's end,
  // else the wheel, else the sdist's static PKG-INFO. malformed if it is invalid or of another
  // project or version (the version is then no candidate); not_found for an sdist without static
  // metadata. Lives as long as the client.
  virtual pep::Result<const pep::Metadata*> metadata(const Page& page,
                                                     std::uint32_t file_number) = 0;

  // Downloads a file whole into `path` (written temp, renamed), verified against its SHA-256.
  // integrity on a mismatch.
  virtual pep::Status download(const std::string& url, const std::array<std::uint8_t, 32>& sha256,
                               const std::string& path) = 0;

  // The same for a file whose hash nobody has said yet.
  virtual pep::Result<FetchedFile> fetch_file(const std::string& url, const std::string& path) = 0;

  // What others found out by means of the index (the metadata of a repository's commit), kept in
  // the store. None if it is not known, or not fresh any more; offline however old it is.
  virtual std::optional<std::string> recall(const std::string& key) = 0;
  // `immutable`: fresh for ever, otherwise as long as a page without validators.
  virtual void remember(const std::string& key, std::string_view text, bool immutable) = 0;
  virtual const ClientOptions& options() const = 0;

  // Names of the index that resemble `name`, for an error message; empty if the index can't tell
  // cheaply.
  virtual Statistics statistics() const = 0;
  // Stops the threads and writes what is left to write; nothing may be asked afterwards. The
  // destructor does the same and frees all memory, which a program that is about to end can spare
  // itself.
  virtual void close() = 0;
  // What went wrong without stopping the run, e.g. a store that cannot be written; each once, for a
  // person to read.
  virtual std::vector<std::string> warnings() const = 0;
};

}  // namespace resolver::index
