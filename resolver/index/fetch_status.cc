// What HTTP statuses mean to a person, and where trust stores are.
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "resolver/index/fetch.h"

namespace resolver::index {

pep::Error status_error(const std::string& url, long status) {
  const std::string where = redacted(url);
  const std::string code = std::to_string(status);
  switch (status) {
    case 401:
      return pep::error(
          pep::Fault::kUnreachable,
          where + " wants credentials (401): give them in the index URL or in ~/.netrc");
    case 403:
      return pep::error(
          pep::Fault::kUnreachable,
          where +
              " refuses access (403): these credentials, or this machine, may not read the index");
    case 407:
      return pep::error(pep::Fault::kUnreachable, "the proxy wants credentials (407) for " + where);
    case 404:
    case 410:
      return pep::error(pep::Fault::kNotFound, where + " does not exist (" + code + ")");
    case 429:
      return pep::error(pep::Fault::kUnreachable,
                        where + " has had too many requests from here (429): try again later");
    default:
      break;
  }
  if (status >= 500) {
    return pep::error(pep::Fault::kUnreachable,
                      where + " failed on the server's side (" + code + ")");
  }
  return pep::error(pep::Fault::kUnreachable,
                    where + " answered with the unexpected status " + code);
}

std::string find_ca_bundle() {
  if (const char* given = std::getenv("SSL_CERT_FILE"); given != nullptr && *given != '\0')
    return given;
  static constexpr std::array kPlaces = {
      "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Alpine, Arch
      "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL, UBI
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL 7 and later
      "/etc/ssl/ca-bundle.pem",                             // SUSE
      "/var/lib/ca-certificates/ca-bundle.pem",
      "/etc/ssl/cert.pem",  // Alpine, BSD
      "/etc/pki/tls/cacert.pem",
  };
  for (const char* place : kPlaces) {
    if (::access(place, R_OK) == 0) return place;
  }
  return {};
}

}  // namespace resolver::index
