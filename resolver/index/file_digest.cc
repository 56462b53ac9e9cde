#include "resolver/index/file_digest.h"

#include "resolver/index/digest.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/url.h"

namespace resolver::index {

std::string sha256_hex(const File& file) {
  if (file.has_sha256) return hex(file.sha256);
  if (!is_local(file.url)) return {};
  const auto bytes = MappedFile::open(local_path(file.url));
  return bytes ? hex(sha256_of(bytes->bytes())) : std::string();
}

}  // namespace resolver::index
