// The one Fetcher of a run.
#include "resolver/index/network.h"

#include <utility>

namespace resolver::index {

Fetcher::Ticket Network::get(FetchRequest request, std::function<void(FetchResponse)> handler) {
  if (!started()) {
    const std::lock_guard lock(mutex_);
    if (fetcher_ == nullptr) fetcher_ = Fetcher::start(options_);
    started_.store(true, std::memory_order_release);
  }
  return fetcher_->submit(
      std::move(request), [this, handler = std::move(handler)](FetchResponse response) {
        jobs_.post([handler, answer = std::make_shared<FetchResponse>(std::move(response))] {
          handler(std::move(*answer));
        });
      });
}

void Network::promote(Fetcher::Ticket ticket) {
  if (started() && ticket != 0) fetcher_->promote(ticket);
}

void Network::stop() {
  if (fetcher_ == nullptr) return;
  fetcher_->stop();
}

std::uint64_t Network::requests() const {
  return started() ? fetcher_->traffic.requests.load() : 0;
}

std::uint64_t Network::bytes() const { return started() ? fetcher_->traffic.bytes.load() : 0; }

void Network::note_no_ranges(std::string_view url) {
  const std::lock_guard lock(mutex_);
  no_ranges_.emplace(origin_of(url));
}

bool Network::has_no_ranges(std::string_view url) const {
  const std::lock_guard lock(mutex_);
  return no_ranges_.find(origin_of(url)) != no_ranges_.end();
}

}  // namespace resolver::index
