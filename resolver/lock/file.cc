// Reading a file whole, and replacing one so that nobody ever sees half of it; see source_text.h
// and lock.h.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "resolver/lock/lock.h"
#include "resolver/lock/source_text.h"

namespace resolver::lock {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr int kMostLinks = 40;  // as the kernel has it

// An open file that is closed at the end of the block.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  // Some file systems tell of a full disk only here.
  bool close() {
    const int number = number_;
    number_ = -1;
    return ::close(number) == 0;
  }

 private:
  int number_;
};

std::string reason(int code) { return std::error_code(code, std::generic_category()).message(); }

pep::Error cannot(std::string_view what, const std::string& path, int code) {
  const pep::Fault fault = code == ENOENT ? pep::Fault::kNotFound : pep::Fault::kIo;
  return pep::error(fault, fmt::format("can't {} {}: {}", what, path, reason(code)));
}

pep::Error cannot_write(const std::string& path, int code) {
  return pep::error(pep::Fault::kIo,
                    fmt::format("can't write {}: {}; it is unchanged", path, reason(code)));
}

// False with errno set.
bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// What `path` stands for once its symbolic links are followed; the last one may point to nothing
// yet.
std::string followed(const std::string& path) {
  fs::path at = path;
  std::error_code failed;
  for (int links = 0; links < kMostLinks && fs::is_symlink(at, failed); ++links) {
    const fs::path target = fs::read_symlink(at, failed);
    if (failed) break;
    at = target.is_absolute() ? target : at.parent_path() / target;
  }
  return at.string();
}

bool holds(const std::string& path, const struct stat& known, std::string_view bytes) {
  if (static_cast<std::size_t>(known.st_size) != bytes.size()) return false;
  const auto text = read_file(path);
  return text && *text == bytes;
}

// A new file beside `target`, with the mode that the umask leaves; its name goes to `name`.
int create_beside(const fs::path& target, std::string& name) {
  fs::path directory = target.parent_path();
  if (directory.empty()) directory = ".";
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = (directory / fmt::format(".{}.{}-{}", target.filename().string(), ::getpid(), attempt))
               .string();
    const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 || errno != EEXIST) return file;
  }
  return -1;
}

// Mode and, where we may, owner of the file that is replaced.
bool keep_mode(int file, const struct stat& before) {
  if (::fchown(file, before.st_uid, before.st_gid) != 0) {
    // Only root may give files away; the content matters more than the owner.
  }
  return ::fchmod(file, before.st_mode & 07777) == 0;
}

}  // namespace

pep::Result<std::string> read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return cannot("read", path, errno);
  struct stat known {};
  if (::fstat(file.number(), &known) == 0 && S_ISDIR(known.st_mode))
    return cannot("read", path, EISDIR);
  std::string text;
  std::size_t used = 0;
  if (known.st_size > 0)
    text.resize(std::min(static_cast<std::size_t>(known.st_size) + 1, kMostBytes + 1));
  while (true) {
    if (used == text.size())
      text.resize(std::min(std::max(used * 2, std::size_t{4096}), kMostBytes + 1));
    const ssize_t got = ::read(file.number(), text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", path, errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > kMostBytes) {
      return pep::error(pep::Fault::kMalformed,
                        fmt::format("{} is larger than 64 MB; is it the right file?", path));
    }
  }
  text.resize(used);
  return text;
}

pep::Status write_file(const std::string& path, std::string_view bytes) {
  const std::string target = followed(path);
  std::optional<struct stat> before;
  struct stat known {};
  if (::stat(target.c_str(), &known) == 0) before = known;
  if (before && S_ISDIR(before->st_mode)) return cannot_write(path, EISDIR);
  if (before && !S_ISREG(before->st_mode)) {  // /dev/stdout, a pipe: nothing to replace
    Descriptor file(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.open() || !write_all(file.number(), bytes) || !file.close())
      return cannot_write(path, errno);
    return pep::Done{};
  }
  if (before && holds(target, *before, bytes)) return pep::Done{};

  std::string temporary;
  Descriptor file(create_beside(target, temporary));
  if (!file.open()) return cannot_write(path, errno);
  const bool written = write_all(file.number(), bytes) &&
                       (!before || keep_mode(file.number(), *before)) &&
                       ::fsync(file.number()) == 0 && file.close() &&
                       ::rename(temporary.c_str(), target.c_str()) == 0;
  if (!written) {
    const int code = errno;
    ::unlink(temporary.c_str());
    return cannot_write(path, code);
  }
  // The rename itself must outlive a power cut. Where a directory can't be synced, there is no more
  // to be done.
  const fs::path directory = fs::path(target).parent_path();
  const Descriptor folder(
      ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.open()) ::fsync(folder.number());
  return pep::Done{};
}

}  // namespace resolver::lock
