// What the store knows, as a static index that any web server can serve and that pip, uv and Seshat
// read: DIR/simple/NAME/index.html and index.json, with the metadata files that are known (PEP 658)
// beside them. Knows nothing of what is resolved. Asks nobody, and writes no credentials.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pep/result.h"

namespace resolver::index {

struct ExportOptions {
  std::string store_directory;
  std::string directory;
  bool force = false;                    // the directory may hold other things
  std::vector<std::string> index_urls;   // as for a client; none: the one that the store knows
  bool best_match = false;               // as for a client
  std::vector<std::string> wheelhouses;  // directories whose files go into the export
};

struct Exported {
  std::string path;                  // DIR/simple
  std::vector<std::string> indexes;  // what was exported, without credentials
  std::uint64_t projects = 0;
  std::uint64_t metadata = 0;
  std::uint64_t files = 0;  // wheels and sdists, from wheelhouses
  bool damaged = false;     // the store was; what could be read is exported
};

// Appears whole or not at all. kNotFound if the store knows no such index, kUsage if the directory
// is not empty, kIntegrity if a file of a wheelhouse is not what the index says.
pep::Result<Exported> export_index(const ExportOptions& options);

}  // namespace resolver::index
