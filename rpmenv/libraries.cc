// Finds and reads the shared objects of an image, with two threads: one task is one directory.
// Unaware of packages.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

#include "rpmenv/elf.h"
#include "rpmenv/loader.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxLibrary = std::uint64_t{8}
                                      << 30;  // mapped, not read: CUDA's have gigabytes
constexpr std::size_t kMaxDepth = 64;         // directories below each other
// Where no library lies, and debug information only looks like one.
constexpr std::array<std::string_view, 9> kSkipped = {
    "share", "include", "src", "bin", "sbin", "__pycache__", "debug", "firmware", "modules"};

struct Candidate {
  std::string path;
  std::uint64_t device = 0, inode = 0;
  std::optional<Elf> elf;
  std::string warning;
};

class LibrarySearch {
 public:
  LibrarySearch(const Root& root, const std::vector<std::string>& directories,
                const std::vector<std::string>& places, bool modules, bool symbols)
      : root_(root),
        modules_(modules),
        symbols_(symbols),
        loader_(directories.begin(), directories.end()) {
    const auto usr = root.real_path("usr");
    if (usr) add_directory(*usr, true);
    for (const auto& place : places) {
      if (!usr || !place.starts_with(*usr + "/")) add_directory(place, true);
    }
    for (const auto& directory : directories) {
      add_directory(directory, usr && directory.starts_with(*usr + "/"));
    }
  }

  LibraryScan run() {
    std::thread other;
    if (std::thread::hardware_concurrency() > 1) other = std::thread([this] { work(); });
    work();
    if (other.joinable()) other.join();
    read_strangers();
    return collect();
  }

 private:
  struct Task {
    std::string directory;
    bool deep;  // its directories too
  };

  void add_directory(std::string directory, bool deep) {
    if (seen_.insert(directory).second) tasks_.push_back({std::move(directory), deep});
  }

  void work();
  void read_directory(const Task& task, std::vector<Task>& below, std::vector<Candidate>& found,
                      std::map<std::string, std::vector<std::string>>& links);
  bool descends(const Task& task, const Entry& entry) const;
  Candidate read_file(std::string path) const;
  std::string target_of(const std::string& path, const std::string& directory,
                        const std::vector<Entry>& entries) const;
  void read_strangers();
  LibraryScan collect();
  bool in_loader_path(const Library& library) const;

  const Root& root_;
  const bool modules_, symbols_;
  const std::unordered_set<std::string> loader_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> tasks_;
  int busy_ = 0;
  std::unordered_set<std::string> seen_;
  std::vector<Candidate> candidates_;
  std::map<std::string, std::vector<std::string>> links_;  // real path -> other names
};

void LibrarySearch::work() {
  std::vector<Candidate> found;
  std::map<std::string, std::vector<std::string>> links;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !tasks_.empty() || busy_ == 0; });
    if (tasks_.empty()) break;
    const Task task = std::move(tasks_.back());
    tasks_.pop_back();
    ++busy_;
    lock.unlock();
    std::vector<Task> below;
    read_directory(task, below, found, links);
    lock.lock();
    --busy_;
    for (auto& one : below) add_directory(std::move(one.directory), true);
    if (!below.empty() || busy_ == 0) changed_.notify_all();
  }
  changed_.notify_all();
  std::ranges::move(found, std::back_inserter(candidates_));
  for (auto& [path, names] : links) std::ranges::move(names, std::back_inserter(links_[path]));
}

bool LibrarySearch::descends(const Task& task, const Entry& entry) const {
  return task.deep && entry.kind == Kind::kDirectory &&
         std::ranges::find(kSkipped, entry.name) == kSkipped.end() &&
         std::ranges::count(task.directory, '/') < static_cast<long>(kMaxDepth);
}

void LibrarySearch::read_directory(const Task& task, std::vector<Task>& below,
                                   std::vector<Candidate>& found,
                                   std::map<std::string, std::vector<std::string>>& links) {
  const auto entries = root_.list(task.directory);
  if (!entries) {
    if (entries.error().fault != pep::Fault::kNotFound)
      found.push_back({.path = task.directory, .elf = {}, .warning = entries.error().what});
    return;
  }
  const std::string base = task.directory.empty() ? "" : task.directory + "/";
  for (const auto& entry : *entries) {
    if (descends(task, entry)) {
      below.push_back({base + entry.name, true});
    } else if (entry.name.find(".so") == std::string::npos) {
      continue;
    } else if (entry.kind == Kind::kFile) {
      auto candidate = read_file(base + entry.name);
      if (candidate.elf || !candidate.warning.empty()) found.push_back(std::move(candidate));
    } else if (entry.kind == Kind::kLink) {
      auto real = target_of(base + entry.name, base, *entries);
      if (!real.empty()) links[std::move(real)].push_back(base + entry.name);
    }
  }
}

Candidate LibrarySearch::read_file(std::string path) const {
  Candidate candidate{.path = std::move(path), .elf = {}, .warning = {}};
  const auto file = root_.read(candidate.path, kMaxLibrary);
  if (!file) {
    if (file.error().fault != pep::Fault::kNotFound) candidate.warning = file.error().what;
    return candidate;
  }
  candidate.device = (*file)->stat().device;
  candidate.inode = (*file)->stat().inode;
  if (!is_elf((*file)->view())) return candidate;  // a linker script
  auto elf = read_elf((*file)->view(), symbols_);
  if (!elf) {
    candidate.warning = fmt::format("{}: {}", candidate.path, elf.error().what);
  } else if (elf->shared && (modules_ || !elf->soname.empty() ||
                             loader_.contains(std::string(directory_of(candidate.path))))) {
    candidate.elf = std::move(*elf);
  }
  return candidate;
}

// Nearly all links among libraries lead to a file beside them. Empty for a link to nowhere.
std::string LibrarySearch::target_of(const std::string& path, const std::string& directory,
                                     const std::vector<Entry>& entries) const {
  const auto target = root_.read_link(path);
  if (target && target->find('/') == std::string::npos) {
    const auto beside = std::ranges::lower_bound(entries, *target, {}, &Entry::name);
    if (beside != entries.end() && beside->name == *target && beside->kind == Kind::kFile)
      return directory + *target;
  }
  auto real = root_.real_path(path);
  return real ? *real : std::string();
}

// Files that only a link in the directories leads to.
void LibrarySearch::read_strangers() {
  std::unordered_set<std::string_view> known;
  for (const auto& candidate : candidates_) known.insert(candidate.path);
  std::vector<Candidate> strangers;
  for (const auto& [path, names] : links_) {
    if (known.contains(path) || seen_.contains(std::string(directory_of(path)))) continue;
    auto candidate = read_file(path);
    if (candidate.elf || !candidate.warning.empty()) strangers.push_back(std::move(candidate));
  }
  std::ranges::move(strangers, std::back_inserter(candidates_));
}

bool LibrarySearch::in_loader_path(const Library& library) const {
  const auto is_in = [&](const std::string& path) {
    return loader_.contains(std::string(directory_of(path)));
  };
  return is_in(library.path) || std::ranges::any_of(library.links, is_in);
}

LibraryScan LibrarySearch::collect() {
  std::ranges::sort(candidates_, {}, &Candidate::path);
  LibraryScan scan;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> seen;  // hard links
  for (auto& candidate : candidates_) {
    if (!candidate.warning.empty()) scan.warnings.push_back(std::move(candidate.warning));
    if (!candidate.elf) continue;
    auto names = std::move(links_[candidate.path]);
    const auto [known, fresh] =
        seen.try_emplace({candidate.device, candidate.inode}, scan.libraries.size());
    if (!fresh) {
      auto& other = scan.libraries[known->second].links;
      other.push_back(candidate.path);
      other.insert(other.end(), names.begin(), names.end());
      continue;
    }
    Library library;
    library.path = std::move(candidate.path);
    library.links = std::move(names);
    library.soname = std::move(candidate.elf->soname);
    library.machine = std::move(candidate.elf->machine);
    library.bits = candidate.elf->bits;
    library.defines = std::move(candidate.elf->defines);
    library.needs = std::move(candidate.elf->needs);
    library.run_paths = std::move(candidate.elf->run_paths);
    if (symbols_) library.symbols = std::move(candidate.elf->symbols);
    scan.libraries.push_back(std::move(library));
  }
  for (auto& library : scan.libraries) {
    std::ranges::sort(library.links);
    library.in_loader_path = in_loader_path(library);
  }
  return scan;
}

}  // namespace

LibraryScan scan_libraries(const Root& root, const std::vector<std::string>& directories,
                           const std::vector<std::string>& places, bool modules, bool symbols) {
  return LibrarySearch(root, directories, places, modules, symbols).run();
}

}  // namespace rpmenv
