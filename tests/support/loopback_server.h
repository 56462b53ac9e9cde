// A package index on 127.0.0.1 for tests: a small threaded HTTP/1.1 server that serves releases as
// JSON and HTML pages, metadata files, wheels and sdists, misbehaves when told to, and remembers
// what it was asked. All members may be called from any thread.
//
//   LoopbackServer server;
//   server.add({.name = "a", .needs = {"b>=2"}});
//   server.add({.name = "b", .version = "2.0", .tags = {"cp312-cp312-manylinux_2_28_x86_64"}});
//   server.fail("/simple/b/", {.status = 503, .times = 1});
//   … server.url() …  EXPECT_EQ(server.count("/simple/"), 3);
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/distribution.h"

namespace support {

struct ServerOptions {
  int port = 0;      // 0: any free one
  bool json = true;  // by Accept; HTML if neither or both fit
  bool html = true;
  bool core_metadata = true;  // announce and serve WHEEL.metadata
  bool hashes = true;
  bool ranges = true;
  bool etag = false;
  int max_age = -1;   // seconds; -1: no Cache-Control
  bool gzip = false;  // pages, when the client accepts it
  bool keep_alive = true;
  std::string user = {};  // basic auth asked for when not empty: "user:password"
};

// What goes wrong at one path. Zero or empty: that part is as always.
struct ServerFault {
  int status = 0;
  int times = -1;  // -1: always
  std::string retry_after = {};
  std::string location = {};  // with a 30x status
  std::string body = {};      // instead of the real one
  std::string content_type = {};
  long long truncate_after = -1;  // body bytes sent before the connection is closed
  bool drop = false;              // close the connection without an answer
  int delay_ms = 0;               // before the answer
  bool flip = false;              // one byte of the body is wrong
};

struct SeenRequest {
  std::string method;
  std::string path;                            // as sent, with the query
  std::map<std::string, std::string> headers;  // names in lower case
  int status = 0;
};

// A file as the pages announce it.
struct LoopbackFile {
  std::string filename;
  std::string version;
  std::string sha256;
  std::uint64_t size = 0;
  std::string requires_python;
  std::string upload_time;
  bool yanked = false;
  std::string yanked_reason;
  std::string metadata_sha256;  // empty: no metadata file is announced
};

class LoopbackServer {
 public:
  explicit LoopbackServer(ServerOptions options = {});
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  void add(const Release& release);
  // A finished wheel or sdist under its file name.
  void add_file(const std::string& filename, std::string bytes);
  // All wheels and sdists in a directory; how many there were.
  std::size_t add_directory(const std::string& directory);
  // Any path and body; replaces what would be served there.
  void put(const std::string& path, std::string body, std::string content_type);
  // `path` as in a URL, e.g. "/simple/a/", "/files/a-1.0-py3-none-any.whl.metadata"; or the name of
  // a project, which stands for its page.
  void fail(std::string path, ServerFault fault);
  void set_hash(const std::string& filename, std::string sha256);  // that the page announces
  void remove(const std::string& project);

  int port() const { return port_; }
  std::string root() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string url() const { return root() + "/simple/"; }

  std::vector<SeenRequest> requests() const;
  // Requests whose path begins with `prefix`.
  std::size_t count(std::string_view prefix = "/") const;
  std::size_t connections() const;
  void forget_requests();

 private:
  struct Answer;
  void accept_loop();
  void serve(int socket);
  Answer answer(const SeenRequest& request) const;
  void shape_answer(const SeenRequest& request, Answer& answer, const ServerFault& fault) const;
  ServerFault take_fault(const std::string& path);

  ServerOptions options_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<LoopbackFile>> projects_;
  std::map<std::string, std::pair<std::string, std::string>> put_;   // path -> body, content type
  std::map<std::string, std::shared_ptr<const std::string>> files_;  // file name -> bytes
  std::map<std::string, ServerFault> faults_;
  std::vector<SeenRequest> requests_;
  std::size_t connections_ = 0;
  bool stopping_ = false;
  std::set<int> sockets_;
  std::condition_variable idle_;
  std::thread acceptor_;
};

}  // namespace support
