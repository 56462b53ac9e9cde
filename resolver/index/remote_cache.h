// A cache that many machines share: a directory, or any HTTP server that takes GET and PUT. What an
// index said is kept under the digest of its key, files under their own; everything is held against
// its digest when it is read, so that a damaged entry is one that is not there. Pages are believed
// as far as the cache is: who may write to it may answer for the index.
// Of builds that begin at once one asks the index: it makes a claim (MKCOL, else PUT with
// If-None-Match), and the others wait for what it keeps. A claim whose holder died is passed over
// after a while. A cache in trouble costs one warning, and the index is asked. Knows nothing of
// pages. All members may be called from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "resolver/index/network.h"
#include "resolver/index/page_record.h"

namespace resolver::index {

class RemoteCache {
 public:
  // `place`: a URL or a directory. `fresh_for`: seconds that an answer without validity is fresh.
  RemoteCache(std::string place, std::int64_t fresh_for, Network& network, Jobs& jobs);

  using Done = std::function<void(FetchResponse)>;
  using Origin = std::function<void(Done)>;
  // Answers from the cache, else from `origin`, whose answer is kept if it is one. An answer that
  // is `immutable` never ages. Both are called as jobs, or at once.
  void obtain(const char* kind, const std::string& key, bool immutable, Origin origin, Done done);

  // Where a file with this digest is kept, for who reads it as any other: a URL or a path.
  std::string file_place(const Sha256& sha256) const;
  bool is_directory() const { return directory_; }
  bool usable() const { return !in_trouble_; }
  // Keeps the file at `path`, whose digest was checked. Waits.
  void keep_file(const Sha256& sha256, const std::string& path);

  void wait_for_puts();  // before the network stops
  std::vector<std::string> warnings() const;

 private:
  struct Ask;
  using Shared = std::shared_ptr<Ask>;
  void exchange(const char* method, const std::string& name, std::string body,
                std::vector<std::string> headers, Done done);
  FetchResponse in_directory(const std::string& method, const std::string& name,
                             const std::string& body) const;
  void look(const Shared& ask);
  void claim(const Shared& ask);
  void find_out_how_to_claim(const Shared& ask);
  void wait(const Shared& ask);
  void ask_origin(const Shared& ask);
  void keep(const Shared& ask, const FetchResponse& response);
  std::string claim_name(const Ask& ask) const;
  void release(const Shared& ask);
  void trouble(const FetchResponse& response);

  enum class Claiming { kUnknown, kCollection, kCondition, kNone };
  const std::string place_;
  const std::int64_t fresh_for_;
  const bool directory_;
  Network& network_;
  Jobs& jobs_;
  std::atomic<Claiming> claiming_ = Claiming::kUnknown;
  std::atomic<bool> in_trouble_ = false;
  int puts_ = 0;  // under way; guarded by jobs_.mutex()
  mutable std::mutex mutex_;
  std::string warning_;
};

}  // namespace resolver::index
