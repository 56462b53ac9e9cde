// SHA-256 through libsolv, which this room links anyway.
#include "rpmenv/solv_digest.h"

#include <algorithm>
#include <climits>

// Without this a field of libsolv is named "requires", a keyword of C++20.
#define LIBSOLV_SOLVABLE_PREPEND_DEP 1
extern "C" {
#include <solv/pool.h>
// pool.h comes first: the next one needs it.
#include <solv/chksum.h>
}

namespace rpmenv {

struct Sha256::State {
  Chksum* sum = solv_chksum_create(REPOKEY_TYPE_SHA256);
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { solv_chksum_free(sum, nullptr); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t part = std::min<std::size_t>(bytes.size(), INT_MAX);
    solv_chksum_add(state_->sum, bytes.data(), static_cast<int>(part));
    bytes.remove_prefix(part);
  }
}

std::string Sha256::hex() {
  int length = 0;
  const unsigned char* digest = solv_chksum_get(state_->sum, &length);
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (int i = 0; i < length; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.hex();
}

}  // namespace rpmenv
