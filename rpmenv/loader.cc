// Finds and reads the libraries of the loader's path, with two threads. Unaware of packages.
#include "rpmenv/loader.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "rpmenv/elf.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxConfiguration = 1 << 20;
constexpr std::uint64_t kMaxLibrary = std::uint64_t{8}
                                      << 30;  // mapped, not read: CUDA's have gigabytes
constexpr int kMaxIncludes = 256;
constexpr std::size_t kFilesPerThread = 64;

class Directories {
 public:
  explicit Directories(const Root& root) : root_(root) {}

  void add(std::string_view path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    while (path.ends_with('/')) path.remove_suffix(1);
    auto real = root_.real_path(path);
    if (!real || std::ranges::find(found_, *real) != found_.end()) return;
    if (!root_.is_directory(*real)) return;
    found_.push_back(std::move(*real));
  }

  void add_configuration(const std::string& path) {
    if (++files_ > kMaxIncludes) return;
    const auto file = root_.read(path, kMaxConfiguration);
    if (!file) return;
    std::string_view rest = (*file)->view(), line;
    while (next_line(rest, line)) {
      line = trimmed(line.substr(0, line.find('#')));
      auto words = line;
      const auto first = next_word(words);
      if (first == "include") {
        for (auto word = next_word(words); !word.empty(); word = next_word(words))
          include(path, word);
      } else if (first != "hwcap") {
        add_line(line);
      }
    }
  }

  // The places of /etc/ld-musl-*.path, or musl's defaults.
  void add_musl() {
    const auto entries = root_.list("etc");
    for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
      if (!entry.name.starts_with("ld-musl-") || !entry.name.ends_with(".path")) continue;
      if (const auto file = root_.read("etc/" + entry.name, kMaxConfiguration))
        add_line((*file)->view());
    }
  }

  void add_defaults() {
    for (const char* path :
         {"lib64", "usr/lib64", "lib", "usr/lib", "lib32", "usr/lib32", "libx32", "usr/libx32"}) {
      add(path);
    }
    // Debian's and Ubuntu's loaders have their own multiarch directory built in.
    for (const std::string directory : {"lib", "usr/lib"}) {
      const auto entries = root_.list(directory);
      for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
        if (fnmatch("*-linux-gnu*", entry.name.c_str(), 0) == 0) add(directory + "/" + entry.name);
      }
    }
  }

  // Builds for newer processors, which the loader prefers to those beside them.
  void add_hardware_variants() {
    for (std::size_t i = 0, count = found_.size(); i < count; ++i) {
      const std::string variants = found_[i] + "/glibc-hwcaps";
      const auto entries = root_.list(variants);
      for (const auto& entry : entries ? *entries : std::vector<Entry>())
        add(variants + "/" + entry.name);
    }
  }

  std::vector<std::string> take() { return std::move(found_); }

 private:
  void add_line(std::string_view line) {
    constexpr std::string_view kSeparators = ": \t\n,";
    while (!line.empty()) {
      const auto end = line.find_first_of(kSeparators);
      const auto word = line.substr(0, end);
      if (!word.empty()) add(word.substr(0, word.find('=')));
      line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    }
  }

  void include(const std::string& from, std::string_view pattern) {
    std::string full = pattern.starts_with('/')
                           ? std::string(pattern.substr(1))
                           : std::string(directory_of(from)) + "/" + std::string(pattern);
    const std::string directory(directory_of(full)), name(file_name(full));
    const auto entries = root_.list(directory);
    for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
      if (fnmatch(name.c_str(), entry.name.c_str(), FNM_PERIOD) == 0)
        add_configuration(directory + "/" + entry.name);
    }
  }

  const Root& root_;
  std::vector<std::string> found_;
  int files_ = 0;
};

// One file to read, and what came of it.
struct Candidate {
  std::string path;
  std::uint64_t device = 0, inode = 0;
  std::optional<Elf> elf;
  std::string warning;
};

void read_candidate(const Root& root, Candidate& candidate) {
  const auto file = root.read(candidate.path, kMaxLibrary);
  if (!file) {
    // A link to nowhere is no fault of the image; what is there and cannot be read is.
    if (file.error().fault != pep::Fault::kNotFound) candidate.warning = file.error().what;
    return;
  }
  candidate.device = (*file)->stat().device;
  candidate.inode = (*file)->stat().inode;
  if (!is_elf((*file)->view())) return;  // a linker script
  auto elf = read_elf((*file)->view());
  if (!elf) {
    candidate.warning = fmt::format("{}: {}", candidate.path, elf.error().what);
  } else if (elf->shared) {
    candidate.elf = std::move(*elf);
  }
}

void read_candidates(const Root& root, std::vector<Candidate>& candidates) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    constexpr std::size_t kBatch = 16;
    for (auto begin = next.fetch_add(kBatch); begin < candidates.size();
         begin = next.fetch_add(kBatch)) {
      for (auto i = begin; i < std::min(begin + kBatch, candidates.size()); ++i)
        read_candidate(root, candidates[i]);
    }
  };
  const bool two = candidates.size() > kFilesPerThread && std::thread::hardware_concurrency() > 1;
  if (two) {
    std::thread other(work);
    work();
    other.join();
  } else {
    work();
  }
}

// Real files of one directory to read, and links by the real path that they lead to.
void gather(const Root& root, const std::string& directory,
            std::map<std::string, std::vector<std::string>>& links,
            std::vector<Candidate>& candidates) {
  const auto entries = root.list(directory);
  if (!entries) return;
  for (const auto& entry : *entries) {
    if (entry.name.find(".so") == std::string::npos) continue;
    std::string path = directory.empty() ? entry.name : directory + "/" + entry.name;
    if (entry.kind == Kind::kFile) {
      candidates.push_back({.path = std::move(path), .elf = {}, .warning = {}});
      links.try_emplace(candidates.back().path);
    } else if (entry.kind == Kind::kLink) {
      const auto target = root.read_link(path);
      // Nearly all links of a library directory lead to a file beside them.
      std::string real;
      if (target && target->find('/') == std::string::npos) {
        const auto beside = std::ranges::lower_bound(*entries, *target, {}, &Entry::name);
        if (beside != entries->end() && beside->name == *target && beside->kind == Kind::kFile) {
          real = directory.empty() ? *target : directory + "/" + *target;
        }
      }
      if (real.empty()) {
        auto walked = root.real_path(path);
        if (!walked) continue;
        real = std::move(*walked);
      }
      links[real].push_back(std::move(path));
    }
  }
}

}  // namespace

std::vector<std::string> loader_directories(const Root& root) {
  Directories directories(root);
  directories.add_configuration("etc/ld.so.conf");
  directories.add_musl();
  directories.add_defaults();
  directories.add_hardware_variants();
  return directories.take();
}

LibraryScan scan_libraries(const Root& root, const std::vector<std::string>& directories) {
  std::map<std::string, std::vector<std::string>> links;
  std::vector<Candidate> candidates;
  for (const auto& directory : directories) gather(root, directory, links, candidates);
  // Files outside of the loader's directories that a link in them leads to.
  std::vector<std::string> inside;
  for (const auto& candidate : candidates) inside.push_back(candidate.path);
  std::ranges::sort(inside);
  for (const auto& [path, names] : links) {
    if (!std::ranges::binary_search(inside, path))
      candidates.push_back({.path = path, .elf = {}, .warning = {}});
  }
  read_candidates(root, candidates);
  std::ranges::sort(candidates, {}, &Candidate::path);

  LibraryScan scan;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> seen;  // hard links
  for (auto& candidate : candidates) {
    if (!candidate.warning.empty()) scan.warnings.push_back(std::move(candidate.warning));
    if (!candidate.elf) continue;
    auto names = std::move(links[candidate.path]);
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
    scan.libraries.push_back(std::move(library));
  }
  for (auto& library : scan.libraries) std::ranges::sort(library.links);
  return scan;
}

}  // namespace rpmenv
