// Reads an image. Never executes or writes anything in it.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

// What to look at. A resolve with a declared target needs none of it.
struct InspectOptions {
  bool packages = true;   // package databases
  bool libraries = true;  // ELF files in the loader's path
  bool modules = false;   // extension modules too: shared objects without a name of their own
  bool symbols = false;   // what libraries export, symbol by symbol
  bool distributions = true;
  bool accelerators = true;
  bool hardware = true;  // of the build host
  bool owners =
      true;  // which package owns a file: most of the time that a large dpkg database takes
  std::vector<std::string> search_path;  // directories of the image's PATH; empty: the usual ones
};

// not_found if the root is empty; a damaged database is a fact with a status, not an error.
pep::Result<Facts> inspect(const Root& root, const InspectOptions& options = {});

}  // namespace rpmenv
