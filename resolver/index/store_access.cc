// The store's files as files.
#include "resolver/index/store_access.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <thread>
#include <vector>

#include "resolver/index/store_layout.h"

namespace resolver::index {
namespace {

constexpr std::time_t kYoung = 60;  // seconds in which a new file may be not yet locked

}  // namespace

std::string store_path(const std::string& directory) {
  return directory + "/" + store_layout::kFileName;
}

std::string claims_path(const std::string& directory) { return directory + "/index-v1.claims"; }

pep::Error store_error(const std::string& path, int code) {
  const std::string why = code == EWOULDBLOCK
                              ? "another process has been writing it all the time; try again later"
                              : std::strerror(code);
  return pep::error(pep::Fault::kIo, "the store " + path + " cannot be used: " + why);
}

bool lock_exclusively(int descriptor, std::chrono::milliseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  auto pause = std::chrono::microseconds(200);
  for (;;) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    if (std::chrono::steady_clock::now() >= deadline) {
      errno = EWOULDBLOCK;
      return false;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(5000));
  }
}

bool is_named(int descriptor, const std::string& path) {
  struct stat mine {};
  struct stat named {};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(descriptor, &mine) == 0 &&
         mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

pep::Result<std::unique_ptr<LockedFile>> LockedFile::open(const std::string& path,
                                                          std::chrono::milliseconds wait) {
  for (int attempt = 0; attempt < 10; ++attempt) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && errno == ENOENT) return std::unique_ptr<LockedFile>();
    if (descriptor < 0) return store_error(path, errno);
    std::unique_ptr<LockedFile> file(new LockedFile(descriptor));
    if (!lock_exclusively(descriptor, wait)) return store_error(path, errno);
    if (is_named(descriptor, path)) return file;
  }
  return store_error(path, EWOULDBLOCK);  // replaced again and again
}

LockedFile::~LockedFile() { ::close(descriptor_); }

int open_temporary(std::string& path) {
  path += ".XXXXXX";
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor >= 0) ::flock(descriptor, LOCK_EX | LOCK_NB);
  return descriptor;
}

void remove_leftovers(const std::string& directory) {
  DIR* entries = ::opendir(directory.c_str());
  if (entries == nullptr) return;
  const std::string prefix = std::string(store_layout::kFileName) + ".";
  std::vector<std::string> paths;
  while (const dirent* entry = ::readdir(entries)) {
    const std::string_view name = entry->d_name;
    if (name.starts_with(prefix) && name.size() == prefix.size() + 6)
      paths.push_back(directory + "/" + entry->d_name);
  }
  ::closedir(entries);
  for (const std::string& path : paths) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (descriptor < 0) continue;
    struct stat status {};
    const bool old = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
                     status.st_mtime < std::time(nullptr) - kYoung;
    if (old && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
    ::close(descriptor);
  }
}

}  // namespace resolver::index
