// Who fetches what.
#include "resolver/index/claims.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "resolver/index/store_access.h"

namespace resolver::index {
namespace {

// "Open file description" locks, which belong to this descriptor and not to the process.
int set_lock(int descriptor, short type, std::uint64_t key_hash) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  range.l_start = static_cast<off_t>(key_hash >> 2);
  range.l_len = 1;
  return ::fcntl(descriptor, F_OFD_SETLK, &range);
}

}  // namespace

Claims::Claims(const std::string& directory)
    : descriptor_(::open(claims_path(directory).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK,
                         0666)) {}

Claims::~Claims() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Claims::take(std::uint64_t key_hash) {
  if (descriptor_ < 0 || set_lock(descriptor_, F_WRLCK, key_hash) == 0) return true;
  return errno != EAGAIN && errno != EACCES;
}

void Claims::release(std::uint64_t key_hash) {
  if (descriptor_ >= 0) set_lock(descriptor_, F_UNLCK, key_hash);
}

}  // namespace resolver::index
