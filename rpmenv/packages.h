// The package databases of an image: where they lie, how whole they are, what they say. Knows
// nothing of ELF or Python.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rpmenv/db/header.h"
#include "rpmenv/facts.h"
#include "rpmenv/owners.h"
#include "rpmenv/root.h"

namespace rpmenv {

struct PackageFacts {
  std::vector<Database> databases;
  std::vector<Package> packages;
  std::vector<std::string> warnings;
};

// Each adds what it finds, and tells `owners` who owns what was wanted.
void read_rpm_packages(const Root& root, PackageFacts& facts, Owners& owners);
void read_dpkg_packages(const Root& root, PackageFacts& facts, Owners& owners);
void read_apk_packages(const Root& root, PackageFacts& facts, Owners& owners);

// All three, sorted by name, epoch, version, release, arch.
PackageFacts read_packages(const Root& root, Owners& owners);

// Every header of the RPM database that is in use, whatever it holds: for what Facts does not keep
// (provides, requires). Views are valid during the call.
void for_each_rpm_header(const Root& root, const std::vector<Database>& databases,
                         const std::function<void(const db::Header&)>& sink);

}  // namespace rpmenv
