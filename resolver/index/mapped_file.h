// A file, or a piece of it, mapped read-only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "pep/result.h"

namespace resolver::index {

class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  static pep::Result<MappedFile> open(const std::string& path);
  // Maps the first `size` bytes of an open file; empty if that fails.
  static MappedFile of(int descriptor, std::size_t size);

  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  const void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace resolver::index
