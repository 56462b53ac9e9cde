// What the index tests share: a client on the loopback index, and short ways to ask it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "resolver/index/client.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace resolver::index {

inline std::unique_ptr<Client> open_client(ClientOptions options) {
  options.timeout = 5;
  auto client = Client::open(std::move(options));
  EXPECT_TRUE(client) << (client ? "" : client.error().what);
  return client ? std::move(*client) : nullptr;
}

inline std::unique_ptr<Client> open_client(const support::LoopbackServer& server) {
  return open_client(ClientOptions{.index_urls = {server.url()}});
}

inline std::vector<std::string> versions(const Page& page) {
  std::vector<std::string> result;
  for (std::uint32_t i = 0; i < page.version_count(); ++i) result.push_back(page.version(i).str());
  return result;
}

inline std::vector<std::string> filenames(const Page& page) {
  std::vector<std::string> result;
  for (std::uint32_t v = 0; v < page.version_count(); ++v) {
    for (std::uint32_t f = page.files(v).begin; f < page.files(v).end; ++f)
      result.emplace_back(page.file(f).filename);
  }
  return result;
}

inline const Page* must_page(Client& client, const char* name) {
  auto page = client.page(pep::Name::of(name));
  EXPECT_TRUE(page) << (page ? "" : page.error().what);
  return page ? *page : nullptr;
}

inline std::vector<std::string> needs(const pep::Metadata& metadata) {
  std::vector<std::string> result;
  for (const auto& requirement : metadata.requires_dist) result.push_back(requirement.str());
  return result;
}

}  // namespace resolver::index
