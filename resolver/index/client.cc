// The client: how its parts are put together.
#include "resolver/index/client.h"

#include "resolver/index/client_state.h"

namespace resolver::index {
namespace {

FetchOptions fetch_options(const ClientOptions& options, const Sources& sources) {
  FetchOptions fetch;
  fetch.connections = options.connections;
  fetch.retries = options.retries;
  fetch.timeout = options.timeout;
  fetch.ca_bundle = options.ca_bundle;
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
      jobs_(1),
      network_(fetch_options(options_, sources_), jobs_) {
  flats_.resize(sources_.find_links.size());
}

ClientState::~ClientState() {
  jobs_.stop();  // first, since a job may be asking the network
  network_.stop();
}

Statistics ClientState::statistics() const {
  return {.pages = pages_known_,
          .metadata = metadata_known_,
          .requests = network_.requests(),
          .bytes = network_.bytes()};
}

}  // namespace resolver::index
