#include "tests/plugin/store_fixture.h"

#include <unistd.h>

#include <cstdlib>

namespace plugin::test {

std::vector<std::string> advise_words(const std::string& index_url, std::vector<std::string> more) {
  std::vector<std::string> all{
      "advise",      "--python-version", "3.11",   "--platform", "manylinux_2_28_x86_64",
      "--index-url", index_url,          "--with", "app",        "--output",
      "pylock.toml", "--cache-dir",      "cache"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

void add_application(support::LoopbackServer& server) {
  constexpr int kProjects = 30;
  std::vector<std::string> all;
  for (int project = 0; project < kProjects; ++project) {
    const std::string name = "p" + std::to_string(project);
    all.push_back(name);
    for (int version = 1; version <= 4; ++version) {
      std::vector<std::string> needs;
      // The newest of some projects cannot be had together, so that something has to be searched.
      for (int other = project * 2 + 1; other <= project * 2 + 2 && other < kProjects; ++other) {
        needs.push_back("p" + std::to_string(other) +
                        (project % 7 == 3 && version == 4 ? "<4" : ">=1"));
      }
      server.add({.name = name, .version = std::to_string(version) + ".0", .needs = needs});
    }
  }
  all.push_back("not-there; sys_platform == 'win32'");
  server.add({.name = "app", .needs = all});
}

StoreTest::StoreTest(support::ServerOptions options) : server_(std::move(options)) {
  add_application(server_);
}

std::vector<std::string> StoreTest::words(std::vector<std::string> more) const {
  return advise_words(server_.url(), std::move(more));
}

Ran StoreTest::advise(std::vector<std::string> more) {
  forget_lock();
  return run_program(words(std::move(more)), directory_.path());
}

// An earlier lock is preferred: without it, the store alone decides.
void StoreTest::forget_lock() const { unlink((directory_ / "pylock.toml").c_str()); }

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + part.size()))
    ++count;
  return count;
}

int number_from(const char* variable, int otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : std::atoi(value);
}

std::uint64_t Dice::below(std::uint64_t limit) {
  state_ += 0x9E3779B97F4A7C15ull;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ull;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBull;
  return (mixed ^ (mixed >> 31)) % limit;
}

}  // namespace plugin::test
