// A file mapped read-only.
#include "resolver/index/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace resolver::index {

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<void*>(data_), size_);
}

MappedFile MappedFile::of(int descriptor, std::size_t size) {
  MappedFile file;
  if (size == 0) return file;
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  if (data == MAP_FAILED) return file;
  file.data_ = data;
  file.size_ = size;
  return file;
}

pep::Result<MappedFile> MappedFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status {};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    const int code = descriptor < 0 ? errno : EINVAL;
    if (descriptor >= 0) ::close(descriptor);
    return pep::error(code == ENOENT || code == ENOTDIR ? pep::Fault::kNotFound : pep::Fault::kIo,
                      path + " cannot be read: " +
                          (code == EINVAL ? "it is no regular file" : std::strerror(code)));
  }
  MappedFile file = of(descriptor, static_cast<std::size_t>(status.st_size));
  ::close(descriptor);
  if (file.bytes().size() != static_cast<std::size_t>(status.st_size)) {
    return pep::error(pep::Fault::kIo, path + " cannot be mapped into memory");
  }
  return file;
}

}  // namespace resolver::index
