// An error as a person reads it: one sentence, where it is, the line with a caret, and what was
// being done.
#pragma once

#include <string>
#include <string_view>

#include "pep/result.h"

namespace plugin {

// Several lines, the last one ends with a newline. Credentials in URLs are replaced by ****.
//   error: requirements.in:3:7: expected a version after ">="
//      3 | flask>=
//        |       ^
//   while reading the requirements
std::string describe(const pep::Error& error, bool color);

// "https://user:word@host/" as "https://****@host/".
std::string redact_url(std::string_view url);

}  // namespace plugin
