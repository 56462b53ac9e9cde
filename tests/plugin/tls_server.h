// An HTTPS server of files on 127.0.0.1, by the Python of this machine, with a certificate that
// only its own authority vouches for.
#pragma once

#include <string>

#include "tests/support/temp_directory.h"

namespace plugin::test {

class TlsServer {
 public:
  // Serves `directory`; `client_certificates`: only who shows one of ours is served.
  TlsServer(const std::string& directory, bool client_certificates);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  bool runs() const { return port_ != 0; }  // false where there is no python3 or openssl
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }
  std::string certificate() const { return place_ / "cert.pem"; }  // with its key

 private:
  support::TempDirectory place_;
  int child_ = 0;
  int pipe_ = -1;
  int port_ = 0;
};

}  // namespace plugin::test
