// The client: how its parts are put together.
#include "resolver/index/client.h"

#include <ctime>

#include "resolver/index/checksum.h"
#include "resolver/index/client_state.h"

namespace resolver::index {
namespace {

FetchOptions fetch_options(const ClientOptions& options, const Sources& sources) {
  FetchOptions fetch;
  fetch.connections = options.connections;
  fetch.retries = options.retries;
  fetch.timeout = options.timeout;
  fetch.ca_bundle = options.ca_bundle;
  fetch.client_certificate = options.client_certificate;
  fetch.trusted_hosts = options.trusted_hosts;
  fetch.proxy = options.proxy;
  fetch.credentials = sources.credentials;
  return fetch;
}

}  // namespace

pep::Result<std::unique_ptr<Client>> Client::open(ClientOptions options) {
  return std::unique_ptr<Client>(std::make_unique<ClientState>(std::move(options)));
}

ClientState::ClientState(ClientOptions options)
    : options_(std::move(options)),
      sources_(Sources::of(options_)),
      now_(static_cast<std::int64_t>(std::time(nullptr))),
      jobs_(1),
      network_(fetch_options(options_, sources_), jobs_) {
  flats_.resize(sources_.find_links.size());
  if (!options_.remote_cache.empty() && !options_.offline) {
    remote_ =
        std::make_unique<RemoteCache>(options_.remote_cache, options_.fresh_for, network_, jobs_);
  }
  if (!options_.cache_dir.empty()) store_ = Store::open(options_.cache_dir, options_.cache_limit);
}

ClientState::~ClientState() { close(); }

void ClientState::close() {
  if (remote_ != nullptr) remote_->wait_for_puts();
  jobs_.stop();  // first, since a job may be asking the network
  network_.stop();
  if (store_ != nullptr) store_->flush();  // while what is to be called afterwards still exists
}

std::vector<std::string> ClientState::warnings() const {
  auto all = store_ != nullptr ? store_->warnings() : std::vector<std::string>();
  if (remote_ != nullptr) {
    for (std::string& one : remote_->warnings()) all.push_back(std::move(one));
  }
  return all;
}

// Written by whoever is free, after the jobs that are waiting now: what they find out goes into the
// same commit.
void ClientState::schedule_flush() {
  if (flush_scheduled_.exchange(true)) return;
  jobs_.post([this] {
    flush_scheduled_ = false;
    store_->flush();
  });
}

void ClientState::make_claims() {
  std::call_once(claims_once_, [this] { claims_ = std::make_unique<Claims>(options_.cache_dir); });
}

// Once what was fetched is written, or was found not to be worth it.
void ClientState::release_claim(const std::string& key) {
  if (claims_ == nullptr) return;
  store_->after_flush([this, hash = checksum(key)] { claims_->release(hash); });
  schedule_flush();
}

Statistics ClientState::statistics() const {
  Statistics sum{.requests = network_.requests(),
                 .bytes = network_.bytes(),
                 .pages_known = pages_known_,
                 .metadata_known = metadata_known_};
  const auto add = [&sum](const Traffic& traffic) {
    sum.requests += traffic.requests;
    sum.bytes += traffic.bytes;
  };
  const std::lock_guard lock(jobs_.mutex());
  for (const auto& [name, slot] : pages_) {
    if (!slot.asked) continue;
    add(slot.traffic);
    if (slot.state == SlotState::kReady && slot.view != nullptr) ++sum.pages;
  }
  for (const auto& [key, slot] : metadata_) {
    if (!slot.asked) continue;
    add(slot.traffic);
    if (slot.state == SlotState::kReady && slot.metadata) ++sum.metadata;
  }
  return sum;
}

}  // namespace resolver::index
