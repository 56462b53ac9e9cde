// A small image root in a temporary directory, written by a test, and a digest of everything below
// it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "rpmenv/facts.h"
#include "rpmenv/inspect.h"
#include "rpmenv/root.h"
#include "tests/support/temp_directory.h"

namespace tests {

class Image {
 public:
  Image();
  std::string path(const std::string& relative = "") const;
  void write(const std::string& relative, std::string_view bytes) const;
  void directory(const std::string& relative) const;
  void link(const std::string& target, const std::string& relative) const;
  void fifo(const std::string& relative) const;
  // Merged directories, a libc.so.6 of this release with nodes up to it, and an os-release.
  void add_glibc(const std::string& release = "2.34") const;
  // usr/bin/pythonX.Y with a link python3, and its site-packages.
  void add_python(const std::string& version = "3.9.18") const;
  // Names, kinds, modes, sizes, times of change and contents below the root.
  std::string digest() const;
  std::unique_ptr<rpmenv::Root> root() const;
  rpmenv::Facts inspect(const rpmenv::InspectOptions& options = {}) const;

 private:
  support::TempDirectory place_;
};

}  // namespace tests
