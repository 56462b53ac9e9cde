// What the loopback index knows of a file, and how pages are written. Internal to the support
// library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/loopback_server.h"

namespace support {

std::string normalized(
    std::string_view name);  // PEP 503, written again so that tests do not trust ours
std::string project_of(std::string_view filename);

std::string json_page(const std::string& name, const std::vector<LoopbackFile>& files,
                      const ServerOptions& options);
std::string html_page(const std::string& name, const std::vector<LoopbackFile>& files,
                      const ServerOptions& options);

}  // namespace support
