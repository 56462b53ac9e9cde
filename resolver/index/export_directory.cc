// A directory that takes its place when it is whole.
#include "resolver/index/export_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace resolver::index {
namespace {

namespace fs = std::filesystem;

pep::Error failed(const std::string& path, int code) {
  return pep::error(pep::Fault::kIo, path + " cannot be written: " + std::strerror(code));
}

int open_locked(const std::string& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0 || ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

bool is_passing(const std::string& entry, const std::string& name) {
  return entry.size() == name.size() + 8 && entry.starts_with('.' + name + '-');
}

// Whether `parent` holds anything but what killed processes left, which is removed.
pep::Result<bool> is_used(const std::string& parent, const std::string& name) {
  std::error_code code;
  bool used = false;
  for (fs::directory_iterator entry(parent, code); !code && entry != fs::directory_iterator();
       entry.increment(code)) {
    if (!is_passing(entry->path().filename(), name)) {
      used = true;
    } else if (const int lock = open_locked(entry->path()); lock >= 0) {
      std::error_code ignored;
      fs::remove_all(entry->path(), ignored);
      ::close(lock);
    }
  }
  if (code) return failed(parent, code.value());
  return used;
}

}  // namespace

pep::Result<std::unique_ptr<ExportDirectory>> ExportDirectory::make(const std::string& parent,
                                                                    const std::string& name,
                                                                    bool force) {
  std::error_code code;
  fs::create_directories(parent, code);
  if (code) return failed(parent, code.value());
  const auto used = is_used(parent, name);
  if (!used) return used.error();
  if (*used && !force) {
    return pep::error(pep::Fault::kUsage, parent + " is not empty; with --force, " + name +
                                              "/ in it is replaced and the rest is left alone");
  }
  const std::string target = parent + "/" + name;
  const auto status = fs::symlink_status(target, code);
  if (fs::exists(status) && !fs::is_directory(status))
    return pep::error(pep::Fault::kUsage, target + " is no directory: it is not replaced");
  std::string path = parent + "/." + name + "-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return failed(parent, errno);
  std::unique_ptr<ExportDirectory> made(new ExportDirectory(path, target));
  made->lock_ = open_locked(path);
  const mode_t mask = ::umask(022);
  ::umask(mask);
  if (made->lock_ < 0 || ::fchmod(made->lock_, 0777 & ~mask) != 0) return failed(path, errno);
  return made;
}

ExportDirectory::~ExportDirectory() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

pep::Status ExportDirectory::make_directory(const std::string& name) {
  if (::mkdir((path_ + "/" + name).c_str(), 0777) != 0) return failed(target_ + "/" + name, errno);
  return pep::Done{};
}

pep::Status ExportDirectory::write(const std::string& name, std::string_view bytes) {
  const std::string path = path_ + "/" + name;
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor < 0) return failed(target_ + "/" + name, errno);
  int code = 0;
  while (!bytes.empty() && code == 0) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      code = written == 0 ? ENOSPC : errno;
    } else {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  if (::close(descriptor) != 0 && code == 0) code = errno;
  if (code != 0) return failed(target_ + "/" + name, code);
  return pep::Done{};
}

pep::Status ExportDirectory::copy(const std::string& from, const std::string& name) {
  std::error_code code;
  fs::copy_file(from, path_ + "/" + name, code);
  if (code) return failed(target_ + "/" + name, code.value());
  return pep::Done{};
}

pep::Status ExportDirectory::finish() {
  if (::syncfs(lock_) != 0) return failed(target_, errno);
  // Onto nothing, or onto an empty directory.
  if (::rename(path_.c_str(), target_.c_str()) == 0) {
    path_.clear();
    return pep::Done{};
  }
  if (errno != ENOTEMPTY && errno != EEXIST) return failed(target_, errno);
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0)
    return pep::Done{};  // what was there has the passing name now, and goes with us
  // A file system that cannot exchange: for a moment there is nothing.
  const std::string aside = path_ + ".old";
  if (::rename(target_.c_str(), aside.c_str()) != 0) return failed(target_, errno);
  if (::rename(path_.c_str(), target_.c_str()) != 0) {
    const int code = errno;
    static_cast<void>(::rename(aside.c_str(), target_.c_str()));
    return failed(target_, code);
  }
  path_ = aside;
  return pep::Done{};
}

}  // namespace resolver::index
