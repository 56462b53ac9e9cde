// Image archives written by tests: layers as tar files, an OCI layout, what `docker save` writes.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tests {

struct Member {
  std::string name;
  std::string content;
  char type = '0';  // as in tar: '0' file, '1' hard link, '2' link, '5' directory; content is the
                    // target of links
};

std::string tar(const std::vector<Member>& members);
std::string compressed(const std::string& bytes, bool zstd);  // gzip else
// An OCI layout of these layers; `environment` as "NAME=value".
void write_layout(const std::string& directory, const std::vector<std::string>& layers,
                  const std::vector<std::string>& environment = {});
std::string layout_archive(const std::vector<std::string>& layers);
std::string docker_archive(const std::vector<std::string>& layers,
                           const std::vector<std::string>& environment = {});

}  // namespace tests
