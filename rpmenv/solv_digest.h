// SHA-256, as libsolv has it already.
#pragma once

#include <string>
#include <string_view>

namespace rpmenv {

std::string sha256_hex(std::string_view bytes);

}  // namespace rpmenv
