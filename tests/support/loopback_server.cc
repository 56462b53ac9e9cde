// The sockets of the loopback index: one thread a connection, HTTP/1.1 with keep-alive, ranges,
// ETags and faults.
#include "tests/support/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <optional>

#include "tests/support/loopback_pages.h"

namespace support {

struct LoopbackServer::Answer {
  int status = 200;
  std::shared_ptr<const std::string> body = std::make_shared<const std::string>();
  std::string headers = {};
  std::string type = "text/plain";
  bool file = false;
};

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// The next request, without a body; nothing if the peer went away.
std::optional<SeenRequest> receive(int socket, std::string& buffer) {
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    char chunk[4096];
    const ssize_t got = ::recv(socket, chunk, sizeof chunk, 0);
    if (got <= 0 || buffer.size() > (1u << 20)) return std::nullopt;
    buffer.append(chunk, static_cast<std::size_t>(got));
  }
  const std::string head = buffer.substr(0, end);
  buffer.erase(0, end + 4);
  SeenRequest request;
  std::size_t at = head.find("\r\n");
  const std::string first = head.substr(0, at);
  const std::size_t space = first.find(' ');
  const std::size_t last = first.rfind(' ');
  if (space == std::string::npos || last <= space) return std::nullopt;
  request.method = first.substr(0, space);
  request.path = first.substr(space + 1, last - space - 1);
  while (at != std::string::npos) {
    const std::size_t next = head.find("\r\n", at + 2);
    const std::string line = head.substr(at + 2, next == std::string::npos ? next : next - at - 2);
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos) {
      const std::size_t value = line.find_first_not_of(' ', colon + 1);
      request.headers[lower(line.substr(0, colon))] =
          value == std::string::npos ? "" : line.substr(value);
    }
    at = next;
  }
  return request;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned value = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      value = value << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : kAlphabet[value >> (18 - 6 * k) & 63];
    }
  }
  return out;
}

// "bytes=a-b", "bytes=a-", "bytes=-n" as [begin, end) of `size`.
std::optional<std::pair<std::size_t, std::size_t>> range_of(const std::string& value,
                                                            std::size_t size) {
  if (!value.starts_with("bytes=") || value.find(',') != std::string::npos) return std::nullopt;
  const std::size_t dash = value.find('-');
  if (dash == std::string::npos) return std::nullopt;
  const std::string first = value.substr(6, dash - 6);
  const std::string last = value.substr(dash + 1);
  if (first.empty()) {
    const std::size_t n = std::strtoull(last.c_str(), nullptr, 10);
    return std::pair(n >= size ? 0 : size - n, size);
  }
  const std::size_t begin = std::strtoull(first.c_str(), nullptr, 10);
  const std::size_t end =
      last.empty() ? size
                   : std::min<std::size_t>(size, std::strtoull(last.c_str(), nullptr, 10) + 1);
  return std::pair(begin, end);
}

}  // namespace

LoopbackServer::LoopbackServer(ServerOptions options) : options_(std::move(options)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 256) != 0) std::abort();
  ::getsockname(listener_, generic, &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

LoopbackServer::~LoopbackServer() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  idle_.notify_all();
  lock.unlock();
  acceptor_.join();
  lock.lock();
  idle_.wait(lock, [this] { return sockets_.empty(); });
  ::close(listener_);
}

void LoopbackServer::accept_loop() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (stopping_ || socket < 0) {
      if (socket >= 0) ::close(socket);
      if (stopping_) return;
      continue;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    sockets_.insert(socket);
    std::thread([this, socket] {
      serve(socket);
      const std::lock_guard done(mutex_);
      sockets_.erase(socket);
      ::close(socket);
      idle_.notify_all();
    }).detach();
  }
}

void LoopbackServer::serve(int socket) {
  std::string buffer;
  while (auto request = receive(socket, buffer)) {
    const ServerFault fault = take_fault(request->path);
    if (fault.delay_ms > 0) {
      std::unique_lock lock(mutex_);
      idle_.wait_for(lock, std::chrono::milliseconds(fault.delay_ms), [this] { return stopping_; });
    }
    Answer answer;
    {
      const std::lock_guard lock(mutex_);
      answer = this->answer(*request);
    }
    if (fault.status != 0) {
      answer =
          Answer{.status = fault.status, .body = std::make_shared<const std::string>("fault\n")};
    }
    shape_answer(*request, answer, fault);
    {
      const std::lock_guard lock(mutex_);
      request->status = fault.drop ? 0 : answer.status;
      requests_.push_back(*request);
    }
    if (fault.drop) break;
    send_all(socket, "HTTP/1.1 " + std::to_string(answer.status) + " Answer\r\n" + answer.headers +
                         "\r\n" + *answer.body);
    if (fault.truncate_after >= 0 || !options_.keep_alive) break;
  }
  ::shutdown(socket, SHUT_RDWR);
}

LoopbackServer::Answer LoopbackServer::answer(const SeenRequest& request) const {
  const std::string path = request.path.substr(0, request.path.find('?'));
  const auto header = [&](const char* name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
  };
  if (!options_.user.empty() && header("authorization") != "Basic " + base64(options_.user)) {
    return {.status = 401, .headers = "WWW-Authenticate: Basic realm=\"index\"\r\n"};
  }
  Answer answer;
  if (const auto put = put_.find(path); put != put_.end()) {
    answer.body = std::make_shared<const std::string>(put->second.first);
    answer.type = put->second.second;
  } else if (path.starts_with("/files/")) {
    const auto file = files_.find(path.substr(7));
    if (file == files_.end()) return {.status = 404};
    if (path.ends_with(".metadata") && !options_.core_metadata) return {.status = 404};
    answer = {.body = file->second, .type = "application/octet-stream", .file = true};
  } else if (path.starts_with("/simple/") && path.size() > 8) {
    if (!path.ends_with('/')) return {.status = 301, .headers = "Location: " + path + "/\r\n"};
    const std::string name = path.substr(8, path.size() - 9);
    const auto project = projects_.find(name);
    if (project == projects_.end()) return {.status = 404};
    const std::string accept = header("accept");
    const bool json =
        options_.json && (!options_.html || accept.find("+json") != std::string::npos);
    answer.body =
        std::make_shared<const std::string>(json ? json_page(name, project->second, options_)
                                                 : html_page(name, project->second, options_));
    answer.type = json ? "application/vnd.pypi.simple.v1+json" : "text/html; charset=utf-8";
    if (options_.max_age >= 0) {
      answer.headers += "Cache-Control: max-age=" + std::to_string(options_.max_age) + "\r\n";
    }
  } else {
    return {.status = 404};
  }
  if (options_.etag && !answer.file) {
    const std::string tag = "\"" + sha256_hex(*answer.body).substr(0, 16) + "\"";
    if (header("if-none-match") == tag)
      return {.status = 304, .headers = answer.headers + "ETag: " + tag + "\r\n"};
    answer.headers += "ETag: " + tag + "\r\n";
  }
  return answer;
}

// Applies range, compression and fault to what would be served.
void LoopbackServer::shape_answer(const SeenRequest& request, Answer& answer,
                                  const ServerFault& fault) const {
  std::string body = fault.body.empty() ? *answer.body : fault.body;
  if (fault.flip && !body.empty())
    body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 0x20);
  std::string& headers = answer.headers;
  const auto range = request.headers.find("range");
  if (answer.file && options_.ranges && range != request.headers.end() && answer.status == 200) {
    const auto wanted = range_of(range->second, body.size());
    if (wanted && wanted->first >= wanted->second) {
      answer.status = 416;
      headers += "Content-Range: bytes */" + std::to_string(body.size()) + "\r\n";
      body.clear();
    } else if (wanted) {
      answer.status = 206;
      headers += "Content-Range: bytes " + std::to_string(wanted->first) + "-" +
                 std::to_string(wanted->second - 1) + "/" + std::to_string(body.size()) + "\r\n";
      body = body.substr(wanted->first, wanted->second - wanted->first);
    }
  }
  const auto encoding = request.headers.find("accept-encoding");
  if (options_.gzip && !answer.file && encoding != request.headers.end() &&
      encoding->second.find("gzip") != std::string::npos && answer.status == 200) {
    body = gzip(body);
    headers += "Content-Encoding: gzip\r\n";
  }
  if (!fault.retry_after.empty()) headers += "Retry-After: " + fault.retry_after + "\r\n";
  if (!fault.location.empty()) headers += "Location: " + fault.location + "\r\n";
  headers +=
      "Content-Type: " + (fault.content_type.empty() ? answer.type : fault.content_type) + "\r\n";
  if (answer.file && options_.ranges) headers += "Accept-Ranges: bytes\r\n";
  if (!options_.keep_alive) headers += "Connection: close\r\n";
  if (answer.status != 304) headers += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  if (answer.status == 304 || request.method == "HEAD") body.clear();
  if (fault.truncate_after >= 0) {
    body.resize(std::min<std::size_t>(body.size(), static_cast<std::size_t>(fault.truncate_after)));
  }
  answer.body = std::make_shared<const std::string>(std::move(body));
}

ServerFault LoopbackServer::take_fault(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = faults_.find(path);
  if (found == faults_.end() || found->second.times == 0) return {};
  if (found->second.times > 0) --found->second.times;
  return found->second;
}

void LoopbackServer::put(const std::string& path, std::string body, std::string content_type) {
  const std::lock_guard lock(mutex_);
  put_[path] = {std::move(body), std::move(content_type)};
}

void LoopbackServer::fail(std::string path, ServerFault fault) {
  const std::lock_guard lock(mutex_);
  if (!path.starts_with('/')) path = "/simple/" + normalized(path) + "/";
  faults_[path] = std::move(fault);
}

void LoopbackServer::set_hash(const std::string& filename, std::string sha256) {
  const std::lock_guard lock(mutex_);
  for (auto& [name, files] : projects_) {
    for (LoopbackFile& file : files) {
      if (file.filename == filename) file.sha256 = sha256;
      if (file.filename + ".metadata" == filename) file.metadata_sha256 = sha256;
    }
  }
}

void LoopbackServer::remove(const std::string& project) {
  const std::lock_guard lock(mutex_);
  projects_.erase(normalized(project));
}

std::vector<SeenRequest> LoopbackServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t LoopbackServer::count(std::string_view prefix) const {
  const std::lock_guard lock(mutex_);
  std::size_t n = 0;
  for (const SeenRequest& request : requests_) n += request.path.starts_with(prefix) ? 1 : 0;
  return n;
}

std::size_t LoopbackServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void LoopbackServer::forget_requests() {
  const std::lock_guard lock(mutex_);
  requests_.clear();
}

}  // namespace support
