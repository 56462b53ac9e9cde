// An image archive: a tar file of manifests and layers.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "rpmenv/inspect.h"
#include "rpmenv/layers.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = memfd_create("archive", MFD_CLOEXEC);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) return 0;
  const auto root = rpmenv::open_archive("/proc/self/fd/" + std::to_string(file));
  if (root) (void)rpmenv::inspect(**root, {.hardware = false});
  close(file);
  return 0;
}
