// Which imported symbols a Python source uses, by our own tokens: no Python is run, and what is no
// Python any more is passed over. Pure. Knows nothing of files.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace plugin {

// By imported package, whole: {"tempfile": {"tempfile.mktemp"}}. A package that is imported and not
// used has no symbols; one that is imported with a star has "NAME.*".
using LibraryUsage = std::map<std::string, std::set<std::string>>;

// Adds what `source` uses. Relative imports are the application's own, and ignored.
void add_usage(std::string_view source, LibraryUsage& usage);

}  // namespace plugin
