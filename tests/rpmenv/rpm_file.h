// RPM header blobs and the containers that keep them, written by tests byte by byte: sqlite through
// its library, the others by the layout that their readers document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tests {

struct RpmHeader {
  std::string name = "demo";
  std::optional<std::uint32_t> epoch;
  std::string version = "1.0";
  std::string release = "1.el9";
  std::string arch = "x86_64";
  std::string vendor;
  std::string source = "demo-1.0-1.el9.src.rpm";
  std::string modularity;
  std::uint32_t size = 1;
  std::vector<std::string> files;  // absolute paths
  struct Capability {
    std::string name, version;
    std::uint32_t flags = 0;
  };
  std::vector<Capability> provides, requirements;

  std::string blob() const;
};

std::vector<std::string> blobs(int count);  // demo0 … demoN-1

void write_sqlite(const std::string& path, const std::vector<std::string>& blobs);
// Commits the last `in_log` blobs to the write-ahead log alone, and leaves it beside the database.
void write_sqlite_with_log(const std::string& path, const std::vector<std::string>& blobs,
                           int in_log);
std::string ndb(const std::vector<std::string>& blobs);

struct BdbKind {
  bool btree = false;
  bool big_endian = false;
  std::uint32_t version = 9;
};
std::string bdb(const std::vector<std::string>& blobs, const BdbKind& kind = {});

}  // namespace tests
