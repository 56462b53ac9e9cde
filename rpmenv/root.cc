// A directory as a Root, through openat2(RESOLVE_IN_ROOT). Unaware of what the files mean.
#include "rpmenv/root.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "rpmenv/descriptor.h"
#include "rpmenv/image_manifest.h"
#include "rpmenv/layers.h"
#include "rpmenv/path_walk.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

// Up to here one read is cheaper than a mapping and its page faults.
constexpr std::uint64_t kReadBytes = 16384;
constexpr int kOpenTries = 16;  // openat2 says EAGAIN while directories are being renamed

class HeldBytes final : public Bytes {
 public:
  HeldBytes(std::string text, Stat stat) : text_(std::move(text)), stat_(stat) {}
  std::string_view view() const override { return text_; }
  const Stat& stat() const override { return stat_; }

 private:
  std::string text_;
  Stat stat_;
};

class MappedBytes final : public Bytes {
 public:
  MappedBytes(void* data, Stat stat) : data_(data), stat_(stat) {}
  MappedBytes(const MappedBytes&) = delete;
  MappedBytes& operator=(const MappedBytes&) = delete;
  ~MappedBytes() override { munmap(data_, static_cast<std::size_t>(stat_.size)); }
  std::string_view view() const override {
    return {static_cast<const char*>(data_), static_cast<std::size_t>(stat_.size)};
  }
  const Stat& stat() const override { return stat_; }

 private:
  void* data_;
  Stat stat_;
};

pep::Error failure(int code, std::string_view path) {
  auto fault = pep::Fault::kIo;
  if (code == ENOENT || code == ENOTDIR) fault = pep::Fault::kNotFound;
  if (code == ELOOP || code == ENAMETOOLONG || code == EINVAL) fault = pep::Fault::kMalformed;
  return pep::error(fault, fmt::format("cannot read \"{}\" in the image: {}", path,
                                       std::generic_category().message(code)));
}

Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return Kind::kFile;
  if (S_ISDIR(mode)) return Kind::kDirectory;
  return S_ISLNK(mode) ? Kind::kLink : Kind::kOther;
}

Kind kind_of_type(unsigned char type) {
  if (type == DT_REG) return Kind::kFile;
  if (type == DT_DIR) return Kind::kDirectory;
  return type == DT_LNK ? Kind::kLink : Kind::kOther;
}

pep::Result<Stat> stat_of(int fd, std::string_view path) {
  struct stat raw {};
  if (fstat(fd, &raw) != 0) return failure(errno, path);
  return Stat{.kind = kind_of(raw.st_mode),
              .size = static_cast<std::uint64_t>(raw.st_size),
              .device = raw.st_dev,
              .inode = raw.st_ino,
              .mode = raw.st_mode};
}

pep::Result<std::unique_ptr<Bytes>> hold(int fd, const Stat& stat, std::string_view path) {
  std::string text(static_cast<std::size_t>(stat.size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got = pread(fd, text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(errno, path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  text.resize(done);
  return std::unique_ptr<Bytes>(std::make_unique<HeldBytes>(std::move(text), stat));
}

class DirectoryRoot final : public Root {
 public:
  DirectoryRoot(Descriptor directory, std::string name)
      : directory_(std::move(directory)), name_(std::move(name)) {}

  pep::Result<Stat> stat(std::string_view path) const override { return look(path, O_PATH); }
  pep::Result<Stat> lstat(std::string_view path) const override {
    return look(path, O_PATH | O_NOFOLLOW);
  }
  pep::Result<std::vector<Entry>> list(std::string_view directory) const override;
  pep::Result<std::unique_ptr<Bytes>> read(std::string_view path,
                                           std::uint64_t limit) const override;
  pep::Result<std::string> read_link(std::string_view path) const override;
  pep::Result<std::string> real_path(std::string_view path) const override;
  std::string describe() const override { return name_; }

 private:
  int open_at(std::string_view path, int flags) const;
  int open_quietly(std::string_view path, int flags) const;
  pep::Result<Stat> look(std::string_view path, int flags) const;
  pep::Result<std::string> link_text(const std::string& path) const;

  Descriptor directory_;
  std::string name_;
  mutable std::atomic<bool> keeps_times_ =
      true;  // O_NOATIME, until a file of another owner refuses it
  mutable std::atomic<bool> has_openat2_ =
      true;  // kernels before 5.6, and seccomp profiles of that time
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::string> directories_;  // real paths of directories
};

// A descriptor, or a negated errno.
int DirectoryRoot::open_at(std::string_view path, int flags) const {
  const std::string text = path.empty() ? "." : std::string(path);
  if (text.find('\0') != std::string::npos) return -EINVAL;
  flags |= O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  if ((flags & O_PATH) != 0) flags &= ~(O_NONBLOCK | O_NOCTTY);
  if (has_openat2_) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    for (int i = 0; i < kOpenTries; ++i) {
      const long fd = syscall(SYS_openat2, directory_.get(), text.c_str(), &how, sizeof how);
      if (fd >= 0) return static_cast<int>(fd);
      if (errno == EAGAIN || errno == EINTR) continue;
      if (errno != ENOSYS) return -errno;
      has_openat2_ = false;
      break;
    }
    if (has_openat2_) return -EAGAIN;
  }
  const auto real = walk_path(text, (flags & O_NOFOLLOW) == 0,
                              [this](const std::string& here) { return link_text(here); });
  if (!real) return real.error().fault == pep::Fault::kNotFound ? -ENOENT : -ELOOP;
  const int fd = openat(directory_.get(), real->empty() ? "." : real->c_str(), flags | O_NOFOLLOW);
  return fd >= 0 ? fd : -errno;
}

// Opens for reading without touching the time of access where that is allowed.
int DirectoryRoot::open_quietly(std::string_view path, int flags) const {
  if (keeps_times_) {
    const int fd = open_at(path, flags | O_NOATIME);
    if (fd != -EPERM) return fd;
    keeps_times_ = false;
  }
  return open_at(path, flags);
}

pep::Result<Stat> DirectoryRoot::look(std::string_view path, int flags) const {
  const int fd = open_at(path, flags);
  if (fd < 0) return failure(-fd, path);
  const Descriptor owned(fd);
  return stat_of(fd, path);
}

pep::Result<std::vector<Entry>> DirectoryRoot::list(std::string_view directory) const {
  const int fd = open_quietly(directory, O_RDONLY | O_DIRECTORY);
  if (fd < 0) return failure(-fd, directory);
  DIR* stream = fdopendir(fd);
  if (stream == nullptr) {
    const int code = errno;
    close(fd);
    return failure(code, directory);
  }
  std::vector<Entry> entries;
  while (const dirent* entry = readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    Kind kind = kind_of_type(entry->d_type);
    if (entry->d_type == DT_UNKNOWN) {
      struct stat raw {};
      if (fstatat(fd, entry->d_name, &raw, AT_SYMLINK_NOFOLLOW) == 0) kind = kind_of(raw.st_mode);
    }
    entries.push_back({std::string(name), kind});
  }
  closedir(stream);
  std::ranges::sort(entries, {}, &Entry::name);
  return entries;
}

pep::Result<std::unique_ptr<Bytes>> DirectoryRoot::read(std::string_view path,
                                                        std::uint64_t limit) const {
  // Looked at before it is opened: opening a device can already do something.
  const auto seen = stat(path);
  if (!seen) return seen.error();
  if (seen->kind != Kind::kFile) {
    return pep::error(pep::Fault::kMalformed,
                      fmt::format("\"{}\" in the image is not a regular file", path));
  }
  const int fd = open_quietly(path, O_RDONLY);
  if (fd < 0) return failure(-fd, path);
  const Descriptor owned(fd);
  const auto stat = stat_of(fd, path);
  if (!stat) return stat.error();
  if (stat->kind != Kind::kFile || stat->size > limit) {
    return pep::error(
        pep::Fault::kMalformed,
        fmt::format("\"{}\" in the image has {} bytes, more than the {} that such a file may have",
                    path, stat->size, limit));
  }
  if (stat->size <= kReadBytes) return hold(fd, *stat, path);
  void* data = mmap(nullptr, static_cast<std::size_t>(stat->size), PROT_READ, MAP_PRIVATE, fd, 0);
  if (data == MAP_FAILED) return failure(errno, path);
  return std::unique_ptr<Bytes>(std::make_unique<MappedBytes>(data, *stat));
}

pep::Result<std::string> DirectoryRoot::read_link(std::string_view path) const {
  const int fd = open_at(path, O_PATH | O_NOFOLLOW);
  if (fd < 0) return failure(-fd, path);
  const Descriptor owned(fd);
  char text[PATH_MAX];
  const ssize_t size = readlinkat(fd, "", text, sizeof text);
  if (size < 0) return failure(errno == ENOENT ? EINVAL : errno, path);
  return std::string(text, static_cast<std::size_t>(size));
}

// `path` has no link before its last component.
pep::Result<std::string> DirectoryRoot::link_text(const std::string& path) const {
  char text[PATH_MAX];
  const ssize_t size = readlinkat(directory_.get(), path.c_str(), text, sizeof text);
  if (size >= 0) return std::string(text, static_cast<std::size_t>(size));
  if (errno == EINVAL) return std::string();
  return failure(errno, path);
}

pep::Result<std::string> DirectoryRoot::real_path(std::string_view path) const {
  const auto read = [this](const std::string& here) { return link_text(here); };
  const std::string directory(directory_of(path));
  std::string real;
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = directories_.find(directory); known != directories_.end()) {
      real = known->second;
    }
  }
  if (real.empty() && !directory.empty()) {
    auto walked = walk_path(directory, true, read);
    if (!walked) return walked;
    real = *walked;
    const std::scoped_lock lock(mutex_);
    directories_[directory] = real;
  }
  return walk_path(real + "/" + std::string(file_name(path)), true, read);
}

}  // namespace

bool Root::is_file(std::string_view path) const {
  const auto found = stat(path);
  return found && found->kind == Kind::kFile;
}

bool Root::is_directory(std::string_view path) const {
  const auto found = stat(path);
  return found && found->kind == Kind::kDirectory;
}

pep::Result<std::unique_ptr<Root>> open_directory(const std::string& path) {
  const int fd = open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    return std::unique_ptr<Root>(std::make_unique<DirectoryRoot>(Descriptor(fd), path));
  }
  const int code = errno;
  if (code == ENOENT) {
    return pep::error(pep::Fault::kNotFound,
                      fmt::format("there is no image at \"{}\": no such directory", path));
  }
  return pep::error(
      code == ENOTDIR ? pep::Fault::kMalformed : pep::Fault::kIo,
      fmt::format("cannot open the image \"{}\": {}", path, std::generic_category().message(code)));
}

pep::Result<std::unique_ptr<Root>> open_root(const std::string& path) {
  struct stat raw {};
  const bool exists = ::stat(path.c_str(), &raw) == 0;
  auto root = exists && S_ISREG(raw.st_mode) ? open_archive(path) : open_directory(path);
  if (root && (*root)->is_file("oci-layout") && (*root)->is_file("index.json"))
    root = open_layout(path);
  if (!root && root.error().fault != pep::Fault::kIntegrity)
    root.error().fault = pep::Fault::kEnvironment;
  return root;
}

namespace {

constexpr std::streamsize kMaxConfiguration = 16 << 20;

pep::Result<std::string> read_configuration(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code)) {
    return pep::error(code && code != std::errc::no_such_file_or_directory ? pep::Fault::kIo
                                                                           : pep::Fault::kConfig,
                      fmt::format("--image-config: \"{}\" is no file{}", path,
                                  code ? ": " + code.message() : ""));
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(kMaxConfiguration) + 1, '\0');
  file.read(text.data(), kMaxConfiguration + 1);
  if (file.bad() || !file.is_open()) {
    return pep::error(pep::Fault::kIo, fmt::format("--image-config: \"{}\" cannot be read", path));
  }
  if (file.gcount() > kMaxConfiguration) {
    return pep::error(pep::Fault::kConfig,
                      fmt::format("--image-config: \"{}\" is larger than 16 MiB", path));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

pep::Result<std::unique_ptr<Root>> open_root(const std::string& path,
                                             const std::string& image_config) {
  auto root = open_root(path);
  if (!root || image_config.empty()) return root;
  auto text = read_configuration(image_config);
  if (!text) return std::move(text).error();
  auto environment = read_image_environment(*text);
  if (!environment) {
    return pep::error(pep::Fault::kConfig,
                      fmt::format("\"{}\" cannot be used as --image-config: {}", image_config,
                                  environment.error().what));
  }
  (*root)->set_environment(*std::move(environment));
  return root;
}

}  // namespace rpmenv
