// A file tree in memory. Unaware of archives and of layers' order.
#include "rpmenv/tree_root.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "rpmenv/path_walk.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::size_t kHeldBytes = 24u << 20;  // above this the store is a file
constexpr std::size_t kMaxWarnings = 100;

class StoredBytes final : public Bytes {
 public:
  StoredBytes(std::string_view bytes, Stat stat) : bytes_(bytes), stat_(stat) {}
  std::string_view view() const override { return bytes_; }
  const Stat& stat() const override { return stat_; }

 private:
  std::string_view bytes_;
  Stat stat_;
};

pep::Error failure(pep::Fault fault, std::string_view path, std::string_view why) {
  return pep::error(fault, fmt::format("cannot read \"{}\" in the image: {}", path, why));
}

Stat stat_of(const TreeRoot::Node& node) {
  Stat stat{.kind = node.kind, .device = 1};
  if (node.content == nullptr) return stat;
  stat.size = node.content->size;
  stat.inode = node.content->number;
  stat.mode = node.content->mode;
  return stat;
}

}  // namespace

ContentStore::~ContentStore() {
  if (mapped_ != nullptr) munmap(mapped_, static_cast<std::size_t>(size_));
  if (file_ >= 0) close(file_);
}

pep::Status ContentStore::spill() {
  const char* variable = std::getenv("TMPDIR");
  const std::string directory = variable != nullptr && *variable != '\0' ? variable : "/tmp";
  file_ = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file_ < 0) {
    std::string name = directory + "/seshat-XXXXXX";
    file_ = mkostemp(name.data(), O_CLOEXEC);
    if (file_ >= 0) unlink(name.c_str());
  }
  if (file_ >= 0) return pep::Done{};
  return pep::error(pep::Fault::kIo,
                    fmt::format("no room for the files of the image in \"{}\" ({}); set TMPDIR to "
                                "a directory that can be written",
                                directory, std::generic_category().message(errno)));
}

pep::Status ContentStore::append(std::string_view bytes) {
  size_ += bytes.size();
  if (file_ < 0 && held_.size() + bytes.size() <= kHeldBytes) {
    held_ += bytes;
    return pep::Done{};
  }
  if (file_ < 0) {
    if (auto status = spill(); !status) return status;
    const std::string first = std::exchange(held_, {});
    size_ -= bytes.size() + first.size();
    if (auto status = append(first); !status) return status;
    return append(bytes);
  }
  while (!bytes.empty()) {
    const ssize_t put = write(file_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0)
      return pep::error(
          pep::Fault::kIo,
          fmt::format(
              "cannot keep the files of the image: {}; set TMPDIR to a directory with more room",
              std::generic_category().message(errno)));
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return pep::Done{};
}

pep::Status ContentStore::finish() {
  if (file_ < 0 || size_ == 0) return pep::Done{};
  void* data = mmap(nullptr, static_cast<std::size_t>(size_), PROT_READ, MAP_PRIVATE, file_, 0);
  if (data == MAP_FAILED) return pep::error(pep::Fault::kIo, "cannot map the files of the image");
  mapped_ = data;
  return pep::Done{};
}

std::string_view ContentStore::view(std::uint64_t offset, std::uint64_t length) const {
  const std::string_view all =
      mapped_ != nullptr
          ? std::string_view(static_cast<const char*>(mapped_), static_cast<std::size_t>(size_))
          : std::string_view(held_);
  return offset <= all.size()
             ? all.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length))
             : std::string_view();
}

const TreeRoot::Node* TreeRoot::node(std::string_view path) const {
  const Node* here = &top_;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (name.empty()) continue;
    const auto child = here->children.find(name);
    if (child == here->children.end()) return nullptr;
    here = child->second.get();
  }
  return here;
}

pep::Result<std::string> TreeRoot::walk(std::string_view path, bool follow) const {
  return walk_path(path, follow, [this](const std::string& here) -> pep::Result<std::string> {
    const Node* one = node(here);
    if (one == nullptr) return failure(pep::Fault::kNotFound, here, "no such file");
    return one->kind == Kind::kLink ? one->target : std::string();
  });
}

pep::Result<const TreeRoot::Node*> TreeRoot::resolve(std::string_view path, bool follow) const {
  const auto real = walk(path, follow);
  if (!real) return real.error();
  const Node* found = node(*real);
  if (found == nullptr) return failure(pep::Fault::kNotFound, path, "no such file");
  return found;
}

pep::Result<Stat> TreeRoot::stat(std::string_view path) const {
  const auto found = resolve(path, true);
  if (!found) return found.error();
  return stat_of(**found);
}

pep::Result<Stat> TreeRoot::lstat(std::string_view path) const {
  const auto found = resolve(path, false);
  if (!found) return found.error();
  return stat_of(**found);
}

pep::Result<std::vector<Entry>> TreeRoot::list(std::string_view directory) const {
  const auto found = resolve(directory, true);
  if (!found) return found.error();
  if ((*found)->kind != Kind::kDirectory)
    return failure(pep::Fault::kNotFound, directory, "not a directory");
  std::vector<Entry> entries;
  for (const auto& [name, child] : (*found)->children) entries.push_back({name, child->kind});
  return entries;
}

pep::Result<std::unique_ptr<Bytes>> TreeRoot::read(std::string_view path,
                                                   std::uint64_t limit) const {
  const auto found = resolve(path, true);
  if (!found) return found.error();
  const Node& one = **found;
  if (one.kind != Kind::kFile || one.content == nullptr)
    return failure(pep::Fault::kMalformed, path, "not a regular file");
  if (one.content->size > limit)
    return failure(pep::Fault::kMalformed, path, fmt::format("more than {} bytes", limit));
  if (!one.content->kept)
    return failure(pep::Fault::kIo, path, "of an archive only what an inspection needs is kept");
  return std::unique_ptr<Bytes>(std::make_unique<StoredBytes>(
      store_.view(one.content->offset, one.content->size), stat_of(one)));
}

pep::Result<std::string> TreeRoot::read_link(std::string_view path) const {
  const auto found = resolve(path, false);
  if (!found) return found.error();
  if ((*found)->kind != Kind::kLink) return failure(pep::Fault::kMalformed, path, "not a link");
  return (*found)->target;
}

pep::Result<std::string> TreeRoot::real_path(std::string_view path) const {
  return walk(path, true);
}

void TreeRoot::warn(std::string warning) {
  if (warnings_.size() < kMaxWarnings) warnings_.push_back(std::move(warning));
}

TreeRoot::Node* TreeRoot::find(std::string_view path) {
  const auto found = resolve(path, false);
  return found ? const_cast<Node*>(*found) : nullptr;
}

TreeRoot::Node* TreeRoot::place(std::string_view path, std::uint32_t layer, std::string& done) {
  constexpr int kMaxDepth = 4096;
  Node* here = &top_;
  done.clear();
  for (int depth = 0; !path.empty(); ++depth) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (name.empty() || name == ".") continue;
    if (name == ".." || depth > kMaxDepth) return nullptr;
    // A directory of the path may be a link that an earlier layer made.
    if (here->kind == Kind::kLink) {
      const auto real = walk(done, true);
      Node* target = real ? const_cast<Node*>(node(*real)) : nullptr;
      if (target == nullptr || target->kind != Kind::kDirectory) return nullptr;
      here = target;
      done = *real;
    }
    if (here->kind != Kind::kDirectory) *here = Node{.layer = layer};
    auto child = here->children.find(name);
    if (child == here->children.end()) {
      child =
          here->children.emplace(std::string(name), std::make_unique<Node>(Node{.layer = layer}))
              .first;
    }
    here = child->second.get();
    done += (done.empty() ? "" : "/") + std::string(name);
  }
  return here;
}

}  // namespace rpmenv
