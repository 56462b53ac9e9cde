// A pip.conf.
#include "rpmenv/pip_configuration.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rpmenv::PipConfiguration configuration;
  const auto status = rpmenv::apply_pip_conf(fuzz::text_of(data, size), "pip.conf", configuration);
  fuzz::require(status || status.error().place.has_value(), "an error has a place");
  return 0;
}
