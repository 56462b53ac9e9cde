// A fast 64-bit checksum against accidents (not against people): eight lanes of multiply and
// rotate, some 10 bytes a cycle. Also the hash of store keys. Part of the store's format: never
// change it without a new format number.
#pragma once

#include <cstdint>
#include <string_view>

namespace resolver::index {

std::uint64_t checksum(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace resolver::index
