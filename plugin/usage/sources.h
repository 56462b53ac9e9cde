// Finds the Python sources and notebooks of a directory and reads what they use.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
#include "plugin/usage/python_source.h"

namespace plugin {

struct UsageFound {
  LibraryUsage usage;  // without what the directory itself holds
  std::vector<std::string> warnings;
};
// `path` is a directory or one file. Bounded in files, sizes and depth; what is passed over for
// that, or cannot be read, is a warning.
pep::Result<UsageFound> usage_of(const std::string& path);

}  // namespace plugin
