// The shared objects of a wheel, and what is kept of them as text.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "rpmenv/wheel_libraries.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)rpmenv::parse_wheel_libraries(fuzz::text_of(data, size), "site");
  const int file = memfd_create("wheel", MFD_CLOEXEC);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) return 0;
  const auto wheel =
      rpmenv::wheel_libraries("/proc/self/fd/" + std::to_string(file), "site-packages");
  close(file);
  fuzz::require(wheel.has_value() || !wheel.error().what.empty(), "an error says what is wrong");
  if (!wheel) return 0;
  const std::string text = rpmenv::write_wheel_libraries(*wheel, "site-packages");
  if (text.empty()) return 0;
  const auto again = rpmenv::parse_wheel_libraries(text, "site-packages");
  fuzz::require(again.has_value(), "what was written is read");
  fuzz::require(again->libraries.size() == wheel->libraries.size(), "nothing is lost");
  return 0;
}
