// What an image can do, in RPM's own spelling, asked of one libsolv pool: its RPMs as installed
// solvables, and the facts that were read from files ("libc.so.6(GLIBC_2.28)(64bit)", "python(abi)
// = 3.9", "cuda = 12.4") as provides of a repository of their own. Images without a package
// database answer alike.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rpmenv/facts.h"
#include "rpmenv/root.h"
#include "rpmenv/solv_pool.h"

namespace rpmenv {

struct PoolOptions {
  bool packages = true;  // read the RPM database again for its provides and requires
  bool files = true;     // file lists, for questions such as "/usr/bin/git"
};

SolvPool pool_of(const Root& root, const Facts& facts, const PoolOptions& options = {});

// What to install from rpm-md repositories (directories with a repodata/repomd.xml) so that an RPM
// image has all `capabilities`. An error is of a repository that cannot be read.
pep::Result<SolvPool::Installation> installation_of(const Root& root, const Facts& facts,
                                                    std::span<const std::string> repositories,
                                                    std::span<const std::string> capabilities);

// "libc.so.6(GLIBC_2.28)(64bit)"; without a node "libGL.so.1()(64bit)". 32-bit ones have no
// "(64bit)".
std::string library_capability(std::string_view library, std::string_view node, int bits);

// What an ELF file needs of the image: every DT_NEEDED with its nodes.
std::vector<std::string> capabilities_needed(const Library& file);

// What the image has in place of a missing capability, for a message: "this image has up to
// GLIBC_2.17 (glibc-2.17-326.el7.x86_64)", or "this image has no libGL.so.1".
std::string instead_of(const Facts& facts, std::string_view capability);

}  // namespace rpmenv
