// SHA-256 through libsolv, which this room links anyway.
#include "rpmenv/solv_digest.h"

#include <algorithm>
#include <climits>

// Without this a field of libsolv is named "requires", a keyword of C++20.
#define LIBSOLV_SOLVABLE_PREPEND_DEP 1
extern "C" {
#include <solv/chksum.h>
#include <solv/pool.h>
}

namespace rpmenv {

std::string sha256_hex(std::string_view bytes) {
  Chksum* sum = solv_chksum_create(REPOKEY_TYPE_SHA256);
  while (!bytes.empty()) {
    const std::size_t part = std::min<std::size_t>(bytes.size(), INT_MAX);
    solv_chksum_add(sum, bytes.data(), static_cast<int>(part));
    bytes.remove_prefix(part);
  }
  int length = 0;
  const unsigned char* digest = solv_chksum_get(sum, &length);
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (int i = 0; i < length; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  solv_chksum_free(sum, nullptr);
  return text;
}

}  // namespace rpmenv
