// Reads an image. Never executes or writes anything in it.
#pragma once

#include "pep/result.h"
#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

// What to look at. A resolve with a declared target needs none of it.
struct InspectOptions {
  bool packages = true;   // package databases
  bool libraries = true;  // ELF files in the loader's path
  bool distributions = true;
};

// not_found if the root is empty; a damaged database is a fact with a status, not an error.
pep::Result<Facts> inspect(const Root& root, const InspectOptions& options = {});

}  // namespace rpmenv
