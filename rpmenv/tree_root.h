// A file tree in memory as a Root: what layers of an image add up to. Contents lie in one store, in
// memory while they are few, else in an unnamed file of the temporary directory. Built by one
// thread, then read by any.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "rpmenv/root.h"

namespace rpmenv {

// Bytes that are kept, one after the other.
class ContentStore {
 public:
  ContentStore() = default;
  ContentStore(const ContentStore&) = delete;
  ContentStore& operator=(const ContentStore&) = delete;
  ~ContentStore();

  std::uint64_t size() const { return size_; }
  pep::Status append(std::string_view bytes);
  pep::Status finish();  // nothing is appended afterwards
  std::string_view view(std::uint64_t offset, std::uint64_t length) const;

 private:
  pep::Status spill();
  std::string held_;
  int file_ = -1;
  void* mapped_ = nullptr;
  std::uint64_t size_ = 0;
};

class TreeRoot final : public Root {
 public:
  // What hard links share.
  struct Content {
    std::uint64_t number = 0, size = 0, offset = 0;
    std::uint32_t mode = 0;
    bool kept = false;
  };
  struct Node {
    Kind kind = Kind::kDirectory;
    std::uint32_t layer = 0;
    std::string target;  // of a link
    std::shared_ptr<Content> content;
    std::map<std::string, std::unique_ptr<Node>, std::less<>> children;
  };

  explicit TreeRoot(std::string name) : name_(std::move(name)) {}

  pep::Result<Stat> stat(std::string_view path) const override;
  pep::Result<Stat> lstat(std::string_view path) const override;
  pep::Result<std::vector<Entry>> list(std::string_view directory) const override;
  pep::Result<std::unique_ptr<Bytes>> read(std::string_view path,
                                           std::uint64_t limit) const override;
  pep::Result<std::string> read_link(std::string_view path) const override;
  pep::Result<std::string> real_path(std::string_view path) const override;
  std::string describe() const override { return name_; }
  std::vector<std::string> warnings() const override { return warnings_; }

  // For the builder. Parents are made, links in them are followed inside the tree; null for a name
  // that leaves it.
  // `real` becomes the path without links.
  Node* place(std::string_view path, std::uint32_t layer, std::string& done);
  Node* find(std::string_view path);
  ContentStore& store() { return store_; }
  void warn(std::string warning);

 private:
  const Node* node(std::string_view path) const;  // of a path without links
  pep::Result<const Node*> resolve(std::string_view path, bool follow) const;
  pep::Result<std::string> walk(std::string_view path, bool follow) const;

  std::string name_;
  Node top_;
  ContentStore store_;
  std::vector<std::string> warnings_;
};

}  // namespace rpmenv
