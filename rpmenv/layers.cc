// Applies the layers of an image to a tree: whiteouts, opaque directories, hard links, gzip and
// zstd through libarchive. Unaware of what the files mean, but for which of them are worth keeping.
#include "rpmenv/layers.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "rpmenv/descriptor.h"
#include "rpmenv/digest.h"
#include "rpmenv/image_manifest.h"
#include "rpmenv/tar_index.h"
#include "rpmenv/text.h"
#include "rpmenv/tree_root.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxJson = 16u << 20, kMaxKept = std::uint64_t{8} << 30;
constexpr std::size_t kWindow = 1u << 20;
constexpr std::uint64_t kMaxEntries = 20000000;

// A file of which a part is a blob.
struct Source {
  int file = -1;
  Extent extent;
};

bool contains_word(std::string_view path, std::string_view word) {
  return path.find(word) != std::string_view::npos;
}

// What inspect() may ask for.
bool is_worth_keeping(std::string_view path) {
  const auto name = file_name(path);
  constexpr std::array<std::string_view, 7> kPlaces = {
      "etc/",          "var/lib/dpkg/", "var/lib/apt/lists/", "var/lib/rpm", "usr/lib/sysimage/rpm",
      "usr/share/rpm", "lib/apk/db/"};
  constexpr std::array<std::string_view, 22> kNames = {"os-release",
                                                       "METADATA",
                                                       "PKG-INFO",
                                                       "INSTALLER",
                                                       "pyvenv.cfg",
                                                       "pip.conf",
                                                       "EXTERNALLY-MANAGED",
                                                       "patchlevel.h",
                                                       "cuda.h",
                                                       "cuda_runtime_api.h",
                                                       "cudnn.h",
                                                       "RECORD",
                                                       "mkl_version.h",
                                                       "openblas_config.h",
                                                       "mpi.h",
                                                       "version.json",
                                                       "version.txt",
                                                       "sh",
                                                       "busybox",
                                                       "env",
                                                       "bash",
                                                       "dash"};
  for (const auto place : kPlaces) {
    if (path.starts_with(place) || (path.starts_with("usr/") && path.substr(4).starts_with(place)))
      return true;
  }
  return std::ranges::find(kNames, name) != kNames.end() || contains_word(name, ".so") ||
         name.starts_with("python") || name.starts_with("platform-python") ||
         name.starts_with("ld-musl-") || name.starts_with("cudnn_version") ||
         name.ends_with(".egg-info") || (name.starts_with("pip-") && name.ends_with(".whl")) ||
         path.ends_with("pip/_internal/models/index.py") || path.ends_with("pip/models/index.py");
}

// Feeds libarchive from a blob, hashing what passes.
class Feed {
 public:
  Feed(Source source, bool hashes) : source_(source), hashes_(hashes), window_(kWindow, '\0') {}

  la_ssize_t next(const void** data) {
    const std::size_t want = static_cast<std::size_t>(
        std::min<std::uint64_t>(window_.size(), source_.extent.size - done_));
    if (want == 0) return 0;
    ssize_t got = -1;
    do {
      got = pread(source_.file, window_.data(), want,
                  static_cast<off_t>(source_.extent.offset + done_));
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return -1;
    done_ += static_cast<std::uint64_t>(got);
    if (hashes_) sum_.add(std::string_view(window_.data(), static_cast<std::size_t>(got)));
    *data = window_.data();
    return got;
  }
  // Of the whole blob, whatever was asked for.
  std::string digest() {
    const void* data = nullptr;
    while (next(&data) > 0) {
    }
    return sum_.hex();
  }

 private:
  Source source_;
  bool hashes_;
  std::string window_;
  std::uint64_t done_ = 0;
  Sha256 sum_;
};

la_ssize_t feed(struct ::archive*, void* from, const void** data) {
  return static_cast<Feed*>(from)->next(data);
}

struct Close {
  void operator()(struct ::archive* reader) const { archive_read_free(reader); }
};

// Removes what layers below `layer` put there; true if nothing is left.
bool remove_older(TreeRoot::Node& node, std::uint32_t layer) {
  std::erase_if(node.children, [&](auto& child) { return remove_older(*child.second, layer); });
  return node.children.empty() && node.layer < layer;
}

class Application {
 public:
  Application(TreeRoot& tree, std::uint32_t layer) : tree_(tree), layer_(layer) {}

  // A clause that says what is wrong with the layer, or nothing.
  pep::Result<std::string> run(Feed& blob) {
    const std::unique_ptr<struct ::archive, Close> reader(archive_read_new());
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_filter_zstd(reader.get());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_empty(reader.get());
    archive_read_set_format_option(reader.get(), "tar", "hdrcharset", "BINARY");
    if (archive_read_open(reader.get(), &blob, nullptr, feed, nullptr) != ARCHIVE_OK)
      return std::string("it is no tar file");
    struct ::archive_entry* entry = nullptr;
    for (std::uint64_t i = 0; i < kMaxEntries; ++i) {
      const int code = archive_read_next_header(reader.get(), &entry);
      if (code == ARCHIVE_EOF) return std::string();
      if (code < ARCHIVE_WARN) return std::string("it is damaged");
      const char* name = archive_entry_pathname(entry);
      if (name == nullptr) continue;
      auto wrong = apply(reader.get(), entry, name);
      if (!wrong || !wrong->empty()) return wrong;
    }
    return std::string("it has too many files");
  }

 private:
  pep::Result<std::string> apply(struct ::archive* reader, struct ::archive_entry* entry,
                                 std::string_view path) {
    while (path.ends_with('/')) path.remove_suffix(1);
    const auto name = file_name(path);
    if (name.starts_with(".wh.")) {
      white_out(std::string(directory_of(path)), name.substr(4));
      return std::string();
    }
    if (path.empty() || path == ".") return std::string();
    const char* linked = archive_entry_hardlink(entry);
    std::shared_ptr<TreeRoot::Content> shared;
    TreeRoot::Node* original = nullptr;
    if (linked != nullptr) {
      const std::string_view target = linked;
      const bool leaves = target == ".." || target.starts_with("../") ||
                          contains_word(target, "/../") || target.ends_with("/..");
      original = leaves ? nullptr : tree_.find(target);
      if (original == nullptr || original->kind == Kind::kDirectory) {
        tree_.warn(fmt::format("{}: a hard link to a file that is not in the image", path));
        return std::string();
      }
      shared = original->content;
    }
    TreeRoot::Node* node = tree_.place(path, layer_, real_);
    if (node == nullptr) {
      tree_.warn(fmt::format("{}: a path that leaves the image was left out", path));
      return std::string();
    }
    node->layer = layer_;
    if (linked != nullptr) {
      if (node == original) return std::string();
      node->kind = original->kind;
      node->target = original->target;
      node->children.clear();
      node->content = std::move(shared);
      return std::string();
    }
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFDIR) {
      if (node->kind != Kind::kDirectory) *node = TreeRoot::Node{.layer = layer_};
      return std::string();
    }
    node->children.clear();
    node->kind = type == AE_IFREG ? Kind::kFile : type == AE_IFLNK ? Kind::kLink : Kind::kOther;
    node->content = std::make_shared<TreeRoot::Content>();
    node->content->number = ++number_ | std::uint64_t{layer_} << 40;
    node->content->mode = archive_entry_mode(entry);
    const char* target = archive_entry_symlink(entry);
    if (node->kind == Kind::kLink)
      node->target = target != nullptr && *target != '\0' ? target : "/";
    if (node->kind == Kind::kFile) return keep(reader, entry, *node->content);
    return std::string();
  }

  pep::Result<std::string> keep(struct ::archive* reader, struct ::archive_entry* entry,
                                TreeRoot::Content& content) {
    content.size = archive_entry_size_is_set(entry) != 0 && archive_entry_size(entry) > 0
                       ? static_cast<std::uint64_t>(archive_entry_size(entry))
                       : 0;
    if (!is_worth_keeping(real_)) return std::string();
    if (content.size > kMaxKept || tree_.store().size() > kMaxKept) return std::string();
    content.offset = tree_.store().size();
    window_.resize(kWindow / 4);
    while (true) {
      const la_ssize_t got = archive_read_data(reader, window_.data(), window_.size());
      if (got == 0) break;
      if (got < 0) return std::string("it is damaged");
      if (tree_.store().size() + static_cast<std::uint64_t>(got) > 2 * kMaxKept)
        return std::string("its files are too large");
      if (auto status = tree_.store().append({window_.data(), static_cast<std::size_t>(got)});
          !status)
        return std::move(status).error();
    }
    content.size = tree_.store().size() - content.offset;
    content.kept = true;
    return std::string();
  }

  // ".wh.NAME" removes NAME of the layers below, ".wh..wh..opq" everything of them in its
  // directory.
  void white_out(const std::string& directory, std::string_view name) {
    if (name.empty() || name == "." || name == "..") return;
    TreeRoot::Node* parent = tree_.find(directory + "/.");
    if (parent == nullptr || parent->kind != Kind::kDirectory) return;
    if (name == ".wh..opq") {
      std::erase_if(parent->children,
                    [&](auto& child) { return remove_older(*child.second, layer_); });
      return;
    }
    const auto child = parent->children.find(name);
    if (child != parent->children.end() && remove_older(*child->second, layer_))
      parent->children.erase(child);
  }

  TreeRoot& tree_;
  std::uint32_t layer_;
  std::uint64_t number_ = 0;
  std::string real_;  // path of the entry under way, without links
  std::string window_;
};

using Locate = std::function<pep::Result<Source>(const std::string& blob)>;

pep::Result<std::string> read_text(const Source& source, const std::string& name) {
  if (source.extent.size > kMaxJson)
    return pep::error(pep::Fault::kMalformed, fmt::format("{} of the image is too large", name));
  std::string text(static_cast<std::size_t>(source.extent.size), '\0');
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t got = pread(source.file, text.data() + done, text.size() - done,
                              static_cast<off_t>(source.extent.offset + done));
    if (got <= 0)
      return pep::error(pep::Fault::kIo, fmt::format("{} of the image cannot be read", name));
    done += static_cast<std::size_t>(got);
  }
  return text;
}

pep::Result<std::unique_ptr<Root>> build(const std::string& name, const Locate& locate) {
  auto manifest = read_image_manifest([&](const std::string& member) -> pep::Result<std::string> {
    const auto source = locate(member);
    if (!source) return source.error();
    return read_text(*source, member);
  });
  if (!manifest) {
    manifest.error().what =
        fmt::format("cannot read the image \"{}\": {}", name, manifest.error().what);
    return std::move(manifest).error();
  }
  auto tree = std::make_unique<TreeRoot>(name);
  std::uint32_t number = 0;
  for (const auto& layer : manifest->layers) {
    const auto source = locate(layer.blob);
    if (!source) return source.error();
    Feed blob(*source, !layer.digest.empty());
    const auto wrong = Application(*tree, ++number).run(blob);
    if (!wrong) return wrong.error();
    if (!layer.digest.empty() && blob.digest() != layer.digest) {
      return pep::error(pep::Fault::kIntegrity,
                        fmt::format("layer {} of \"{}\" is not what its digest sha256:{} says",
                                    number, name, layer.digest));
    }
    if (!wrong->empty())
      return pep::error(pep::Fault::kMalformed,
                        fmt::format("layer {} of \"{}\" cannot be read: {}", number, name, *wrong));
  }
  if (auto status = tree->store().finish(); !status) return std::move(status).error();
  tree->set_environment(std::move(manifest->environment));
  return std::unique_ptr<Root>(std::move(tree));
}

pep::Error absent(const std::string& name, const std::string& blob) {
  return pep::error(pep::Fault::kNotFound,
                    fmt::format("the image \"{}\" lacks its {}", name, blob));
}

}  // namespace

pep::Result<std::unique_ptr<Root>> open_layout(const std::string& directory) {
  std::vector<Descriptor> open_files;
  return build(directory, [&](const std::string& blob) -> pep::Result<Source> {
    // Names were checked to be index.json or a digest in hexadecimal.
    const int file =
        open((directory + "/" + blob).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat raw {};
    if (file < 0) return absent(directory, blob);
    open_files.emplace_back(file);
    if (fstat(file, &raw) != 0 || !S_ISREG(raw.st_mode)) return absent(directory, blob);
    return Source{file, {0, static_cast<std::uint64_t>(raw.st_size)}};
  });
}

pep::Result<std::unique_ptr<Root>> open_archive(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0)
    return pep::error(pep::Fault::kIo, fmt::format("cannot open the image \"{}\": {}", path,
                                                   std::generic_category().message(errno)));
  const auto members = index_tar(file.get(), path);
  if (!members) return members.error();
  return build(path, [&](const std::string& blob) -> pep::Result<Source> {
    const auto member = members->find(blob);
    if (member == members->end()) return absent(path, blob);
    return Source{file.get(), member->second};
  });
}

}  // namespace rpmenv
