// Walks directories in the order of their paths, so that the same tree gives the same rulebook on
// every file system.
#include "prescriptions/sources.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "fmt/format.h"
#include "prescriptions/read_document.h"
#include "prescriptions/yaml_tree.h"

namespace prescriptions {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kMetadataFile = "_prescription_metadata.yaml";
constexpr int kDeepestDirectory = 64;

bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

void unreadable(const std::string& path, std::string message, std::vector<Fault>& errors) {
  errors.push_back({"unreadable", std::move(message), path, 0, 0, ""});
}

class Walk {
 public:
  Walk(std::vector<FoundFile>& found, std::vector<Fault>& errors, std::vector<Fault>& warnings)
      : found_(found), errors_(errors), warnings_(warnings) {}

  // The namespace of what is in `directory`: its metadata file's, else the one above.
  std::string prescription_of(const std::string& directory, const std::string& above) {
    const std::string path = (fs::path(directory) / kMetadataFile).string();
    std::error_code failure;
    if (!fs::exists(path, failure)) return above;
    Document document{.file = path, .text = {}, .prescription = {}};
    if (!read_text(path, document.text, errors_)) return above;
    std::vector<Fault> faults;
    const PrescriptionMetadata metadata = read_metadata(document, faults, warnings_);
    errors_.insert(errors_.end(), faults.begin(), faults.end());
    return metadata.name.empty() ? above : metadata.name;
  }

  void directory(const std::string& path, const std::string& above, int depth) {
    if (depth > kDeepestDirectory) {
      unreadable(path, "directories are nested too deeply", errors_);
      return;
    }
    std::error_code failure;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator entry(path, failure), end; !failure && entry != end;
         entry.increment(failure)) {
      if (!entry->path().filename().native().starts_with('.')) entries.push_back(*entry);
    }
    if (failure) {
      unreadable(path, fmt::format("cannot read the directory: {}", failure.message()), errors_);
      return;
    }
    std::ranges::sort(entries, {},
                      [](const fs::directory_entry& entry) { return entry.path().native(); });
    const std::string prescription = prescription_of(path, above);
    for (const fs::directory_entry& entry : entries) {
      const std::string& name = entry.path().native();
      if (entry.is_directory(failure) && !entry.is_symlink(failure)) {
        directory(name, prescription, depth + 1);
      } else if (is_yaml(name) && entry.path().filename().native() != kMetadataFile) {
        found_.push_back({name, prescription});
      }
    }
  }

 private:
  std::vector<FoundFile>& found_;
  std::vector<Fault>& errors_;
  std::vector<Fault>& warnings_;
};

// Closes itself.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

}  // namespace

bool read_text(const std::string& path, std::string& text, std::vector<Fault>& errors) {
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status {};
  if (file.number < 0 || fstat(file.number, &status) != 0) {
    unreadable(path, fmt::format("cannot read the file: {}", std::strerror(errno)), errors);
    return false;
  }
  if (!S_ISREG(status.st_mode)) {
    unreadable(path, "this is no regular file", errors);
    return false;
  }
  if (static_cast<std::size_t>(status.st_size) > kLargestDocument) {
    errors.push_back({"too_large",
                      fmt::format("the file is larger than {} bytes", kLargestDocument), path, 1, 1,
                      ""});
    return false;
  }
  text.resize(static_cast<std::size_t>(status.st_size));
  std::size_t have = 0;
  while (have < text.size()) {
    const ssize_t got = ::read(file.number, text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      unreadable(path, fmt::format("cannot read the file: {}", std::strerror(errno)), errors);
      return false;
    }
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return true;
}

std::vector<FoundFile> find_files(std::span<const std::string> sources, std::vector<Fault>& errors,
                                  std::vector<Fault>& warnings) {
  std::vector<FoundFile> found;
  Walk walk(found, errors, warnings);
  for (const std::string& source : sources) {
    std::error_code failure;
    const fs::file_status status = fs::status(source, failure);
    if (!fs::exists(status)) {
      unreadable(source, "no such file or directory", errors);
    } else if (fs::is_directory(status)) {
      walk.directory(source, "UNKNOWN", 0);
    } else {
      const fs::path parent = fs::path(source).parent_path();
      found.push_back(
          {source, walk.prescription_of(parent.empty() ? "." : parent.string(), "UNKNOWN")});
    }
  }
  return found;
}

std::string describe_sources(std::span<const std::string> sources, std::int64_t& newest) {
  std::vector<Fault> faults;
  std::string lines;
  newest = 0;
  std::error_code failure;
  lines = fs::current_path(failure).native() + "\n";
  for (const FoundFile& file : find_files(sources, faults, faults)) {
    struct stat status {};
    if (stat(file.path.c_str(), &status) != 0) continue;
    newest = std::max(
        {newest, std::int64_t{status.st_mtim.tv_sec}, std::int64_t{status.st_ctim.tv_sec}});
    lines += fmt::format("{} {} {} {} {}.{} {}.{}\n", file.path, file.prescription, status.st_size,
                         status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                         status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
  }
  for (const Fault& fault : faults) lines += fault.file + " " + fault.message + "\n";
  return lines;
}

}  // namespace prescriptions
