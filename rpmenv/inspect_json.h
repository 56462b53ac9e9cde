// How the facts about an image are printed: JSON of schema seshat.inspect/1, and a summary for a
// person. Credentials in URLs are replaced by "****".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rpmenv/facts.h"

namespace rpmenv {

// Ends with a newline. Lists keep the order of `facts`, which inspect() sorted.
std::string inspect_json(const Facts& facts);

// A screenful, without the warnings.
std::string inspect_summary(const Facts& facts);

// SHA-256 in hexadecimal of the canonical JSON; the same for the same image wherever it lies and on
// whichever machine it is read: neither the root's path nor the build host's hardware count.
std::string facts_digest(const Facts& facts);

// True if a database that is there could not be read whole: exit code 6 of `seshat inspect`.
bool has_damaged_database(const Facts& facts);

// "scheme://****@host/path" of "scheme://user:password@host/path".
std::string without_credentials(std::string_view url);

// A JSON string with its quotes. Bytes that are not UTF-8 become "\udcXX", as Python writes them.
std::string json_text(std::string_view text);
// A JSON list of such strings on one line.
std::string json_list(const std::vector<std::string>& values);

}  // namespace rpmenv
