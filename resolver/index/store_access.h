// The names of the store's files, their locks, and what is said when they cannot be had. Knows
// nothing of what is in them. Internal to store*.cc and claims.cc.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "pep/result.h"

namespace resolver::index {

std::string store_path(const std::string& directory);
std::string claims_path(const std::string& directory);

pep::Error store_error(const std::string& path, int code);

// flock(LOCK_EX), waiting at most so long. False with errno, which is EWOULDBLOCK if another
// process has kept it.
bool lock_exclusively(int descriptor, std::chrono::milliseconds wait);
// The file that the name means is the open one.
bool is_named(int descriptor, const std::string& path);

// The file that the name means, locked; closed and unlocked at the end.
class LockedFile {
 public:
  // Null if there is none.
  static pep::Result<std::unique_ptr<LockedFile>> open(const std::string& path,
                                                       std::chrono::milliseconds wait);
  ~LockedFile();
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  explicit LockedFile(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
};

// A new file beside the store under a passing name, which becomes its path, locked while it is
// being written. -1 with errno.
int open_temporary(std::string& path);
// Removes those whose writers were killed.
void remove_leftovers(const std::string& directory);

}  // namespace resolver::index
