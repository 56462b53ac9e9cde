// Who fetches what: processes that share a store do not all ask an index for the same page. A claim
// is a byte-range lock on a file beside the store, so the kernel gives it back when its holder
// dies. Advice only: without the file everybody fetches. All members may be called from any thread.
#pragma once

#include <cstdint>
#include <string>

namespace resolver::index {

class Claims {
 public:
  // The file is made in `directory`; if it can't be, every claim is granted.
  explicit Claims(const std::string& directory);
  ~Claims();
  Claims(const Claims&) = delete;
  Claims& operator=(const Claims&) = delete;

  // False if another process holds it.
  bool take(std::uint64_t key_hash);
  void release(std::uint64_t key_hash);

 private:
  int descriptor_ = -1;
};

}  // namespace resolver::index
