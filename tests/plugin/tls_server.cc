#include "tests/plugin/tls_server.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace plugin::test {
namespace {

constexpr const char* kServer = R"(
import http.server, ssl, sys
certificate, directory, wants = sys.argv[1:4]
class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *rest):
        super().__init__(*rest, directory=directory)
    def log_message(self, *rest):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate)
if wants == "1":
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificate)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
)";

}  // namespace

TlsServer::TlsServer(const std::string& directory, bool client_certificates) {
  const std::string make =
      "cd '" + place_.path() +
      "' && openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj "
      "/CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 >/dev/null 2>&1 && cat key.pem >> "
      "cert.pem";
  if (std::system(make.c_str()) != 0) return;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  child_ = ::fork();
  if (child_ == 0) {
    ::dup2(ends[1], 1);
    ::execl("/usr/bin/python3", "python3", "-c", kServer, certificate().c_str(), directory.c_str(),
            client_certificates ? "1" : "0", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  char text[16] = {};
  if (::read(ends[0], text, sizeof text - 1) > 0) port_ = std::atoi(text);
  pipe_ = ends[0];  // stays open: Python may write the line's end on its own
}

TlsServer::~TlsServer() {
  if (pipe_ >= 0) ::close(pipe_);
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

}  // namespace plugin::test
