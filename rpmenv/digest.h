// SHA-256, at the speed of the processor: layers of gigabytes are held against it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace rpmenv {

class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  void add(std::string_view bytes);
  std::string hex();  // nothing is added afterwards

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace rpmenv
