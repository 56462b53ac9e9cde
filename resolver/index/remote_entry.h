// An answer as a shared cache keeps it: lines that say what it is an answer to, until when it is
// fresh and what it was, the digest of its body, and the body as the index sent it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/index/fetch.h"

namespace resolver::index {

std::string entry_of(const FetchResponse& response, std::string_view key, std::int64_t until);

// None if it is damaged, of another key, or, unless it is immutable, not fresh any more.
std::optional<FetchResponse> read_entry(std::string_view entry, std::string_view key,
                                        bool immutable, std::int64_t now);

}  // namespace resolver::index
