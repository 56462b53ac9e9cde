// Serves a directory of wheels and sdists as a package index, for end-to-end tests written in
// shell.
//   loopback_index DIR [--port 0] [--html] [--no-core-metadata] [--no-ranges] [--etag] [--gzip]
//   [--max-age N]
//                  [--user NAME:PASSWORD] [--fault NAME=STATUS]… [--port-file FILE]
// Prints the URL of the index on one line when it is ready; ends on SIGTERM, SIGINT or when its
// input is closed
// (--wait-input).
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/loopback_server.h"

namespace {

int usage(const char* what) {
  std::fprintf(stderr,
               "loopback_index: %s; usage: loopback_index DIR [--port N] [--fault NAME=STATUS]\n",
               what);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  support::ServerOptions options;
  std::string directory;
  std::string port_file;
  bool wait_input = false;
  std::vector<std::pair<std::string, int>> faults;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
    if (word == "--port")
      options.port = std::atoi(value().c_str());
    else if (word == "--html")
      options.json = false;
    else if (word == "--no-core-metadata")
      options.core_metadata = false;
    else if (word == "--no-ranges")
      options.ranges = false;
    else if (word == "--etag")
      options.etag = true;
    else if (word == "--gzip")
      options.gzip = true;
    else if (word == "--max-age")
      options.max_age = std::atoi(value().c_str());
    else if (word == "--user")
      options.user = value();
    else if (word == "--port-file")
      port_file = value();
    else if (word == "--wait-input")
      wait_input = true;
    else if (word == "--fault") {
      const std::string text = value();
      const std::size_t equals = text.rfind('=');
      if (equals == std::string::npos) return usage("--fault wants NAME=STATUS");
      faults.emplace_back(text.substr(0, equals), std::atoi(text.c_str() + equals + 1));
    } else if (word.starts_with("-") || !directory.empty())
      return usage("what is that word?");
    else
      directory = word;
  }
  if (directory.empty()) return usage("no directory");

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGUSR1);
  if (!wait_input) pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  support::LoopbackServer server(options);
  server.add_directory(directory);
  for (const auto& [name, status] : faults) server.fail(name, {.status = status});
  std::printf("%s\n", server.url().c_str());
  std::fflush(stdout);
  if (!port_file.empty()) {
    if (std::FILE* file = std::fopen(port_file.c_str(), "w")) {
      std::fprintf(file, "%d\n", server.port());
      std::fclose(file);
    }
  }
  if (wait_input) {
    char byte = 0;
    while (::read(0, &byte, 1) > 0) {
    }
  } else {
    // SIGUSR1: what was asked so far, one line each.
    int number = 0;
    while (sigwait(&signals, &number) == 0 && number == SIGUSR1) {
      for (const support::SeenRequest& request : server.requests())
        std::printf("%s %s %d\n", request.method.c_str(), request.path.c_str(), request.status);
      std::printf("asked\n");
      std::fflush(stdout);
    }
  }
  return 0;
}
