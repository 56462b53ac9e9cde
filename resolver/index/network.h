// The one Fetcher of a run, started with the first request, whose answers are handled as jobs.
// Knows nothing of packages. All members may be called from any thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "resolver/index/fetch.h"
#include "resolver/index/jobs.h"

namespace resolver::index {

class Network {
 public:
  Network(FetchOptions options, Jobs& jobs) : options_(std::move(options)), jobs_(jobs) {}

  // `handler` runs as a job.
  Fetcher::Ticket get(FetchRequest request, std::function<void(FetchResponse)> handler);
  void promote(Fetcher::Ticket ticket);
  bool started() const { return started_.load(std::memory_order_acquire); }
  void stop();  // no handler is called after this
  // What requests without a Traffic of their own took.
  std::uint64_t requests() const;
  std::uint64_t bytes() const;

  // Servers that answer a range request with the whole file are not asked for ranges again.
  void note_no_ranges(std::string_view url);
  bool has_no_ranges(std::string_view url) const;

 private:
  FetchOptions options_;
  Jobs& jobs_;
  mutable std::mutex mutex_;
  std::atomic<bool> started_ = false;
  std::unique_ptr<Fetcher> fetcher_;
  std::set<std::string, std::less<>> no_ranges_;  // origins
};

}  // namespace resolver::index
