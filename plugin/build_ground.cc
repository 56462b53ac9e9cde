#include "plugin/build_ground.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace plugin {

namespace fs = std::filesystem;

pep::Result<BuildGround> BuildGround::prepare() {
  auto scratch = direct::Scratch::make();
  if (!scratch) return std::move(scratch).error();
  BuildGround ground(std::move(*scratch));
  ::umask(022);
  // An unknown user's HOME is "/", or not there at all, and pip wants one.
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/' || ::access(home, W_OK) != 0)
    ::setenv("HOME", ground.directory("home").c_str(), 1);
  ::setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
  return ground;
}

std::vector<std::string> search_path() {
  std::vector<std::string> places;
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  while (!rest.empty()) {
    const std::string_view place = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(place.size() + 1, rest.size()));
    if (place.starts_with('/')) places.emplace_back(place);
  }
  return places;
}

std::optional<std::int64_t> source_date() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr || *text == '\0') return std::nullopt;
  char* end = nullptr;
  const long long seconds = std::strtoll(text, &end, 10);
  if (*end != '\0' || seconds < 0) return std::nullopt;
  return seconds;
}

void set_times(const std::string& directory, std::int64_t time) {
  const timespec both[2] = {{.tv_sec = time, .tv_nsec = 0}, {.tv_sec = time, .tv_nsec = 0}};
  const auto set = [&](const fs::path& path) {
    struct stat known {};
    if (::lstat(path.c_str(), &known) == 0 && known.st_mtime > time)
      ::utimensat(AT_FDCWD, path.c_str(), both, AT_SYMLINK_NOFOLLOW);
  };
  std::error_code failed;
  fs::recursive_directory_iterator below(directory, failed);
  for (; !failed && below != fs::recursive_directory_iterator(); below.increment(failed))
    set(below->path());
  set(directory);
}

}  // namespace plugin
