// What a Fetcher needs to know of HTTP that is not the transport's business. Internal to fetch*.cc.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/index/fetch.h"

namespace resolver::index {

// Takes note of one header line, "Name: value", if it is one that matters.
void take_header(std::string_view line, FetchResponse& response, std::string& retry_after);

bool worth_a_retry(long status);
// How long to wait before try number `attempt` + 1; none if the server asks for more patience than
// we have.
std::optional<std::chrono::milliseconds> retry_delay(int attempt, const std::string& retry_after);

std::string netrc_path();  // empty if there is no readable file

}  // namespace resolver::index
