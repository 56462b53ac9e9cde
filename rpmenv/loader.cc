// The directories that the loader searches. Unaware of what lies in them.
#include "rpmenv/loader.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxConfiguration = 1 << 20;
constexpr int kMaxIncludes = 256;
constexpr std::uint64_t kMaxLoader = 8u << 20;
// Where programs say that glibc's loader is, by architecture.
constexpr const char* kLoaders[] = {"lib64/ld-linux-x86-64.so.2",
                                    "lib/ld-linux.so.2",
                                    "libx32/ld-linux-x32.so.2",
                                    "lib/ld-linux-aarch64.so.1",
                                    "lib/ld-linux-armhf.so.3",
                                    "lib64/ld64.so.2",
                                    "lib/ld64.so.1",
                                    "lib/ld-linux-riscv64-lp64d.so.1",
                                    "lib64/ld-linux-loongarch-lp64d.so.1"};

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
    const auto programs = root_.list("lib");
    const bool is_there =
        std::ranges::any_of(programs ? *programs : std::vector<Entry>(),
                            [](const Entry& one) { return one.name.starts_with("ld-musl-"); });
    bool configured = false;
    const auto entries = root_.list("etc");
    for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
      if (!entry.name.starts_with("ld-musl-") || !entry.name.ends_with(".path")) continue;
      const auto file = root_.read("etc/" + entry.name, kMaxConfiguration);
      if (!file) continue;
      configured = true;
      add_line((*file)->view());
    }
    if (!is_there || configured) return;
    for (const char* path : {"lib", "usr/local/lib", "usr/lib"}) add(path);
  }

  // Those that glibc's loaders of this image have built in; each distribution has its own. All that
  // there are anywhere if no loader says it.
  void add_defaults() {
    std::vector<std::string> defaults = {"lib64", "usr/lib64", "lib",    "usr/lib",
                                         "lib32", "usr/lib32", "libx32", "usr/libx32"};
    // Debian's and Ubuntu's loaders have their own multiarch directory built in.
    for (const std::string directory : {"lib", "usr/lib"}) {
      const auto entries = root_.list(directory);
      for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
        if (fnmatch("*-linux-gnu*", entry.name.c_str(), 0) == 0)
          defaults.push_back(directory + "/" + entry.name);
      }
    }
    std::vector<std::unique_ptr<Bytes>> loaders;
    for (const char* path : kLoaders) {
      if (auto file = root_.read(path, kMaxLoader)) loaders.push_back(*std::move(file));
    }
    const auto is_built_in = [&](const std::string& path) {
      const std::string text = std::string(1, '\0') + "/" + path + "/" + std::string(1, '\0');
      return std::ranges::any_of(loaders, [&](const auto& loader) {
        return loader->view().find(text) != std::string_view::npos;
      });
    };
    const bool known = std::ranges::any_of(defaults, is_built_in);
    for (const auto& path : defaults) {
      if (!known || is_built_in(path)) add(path);
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

}  // namespace

std::vector<std::string> loader_directories(const Root& root) {
  Directories directories(root);
  directories.add_configuration("etc/ld.so.conf");
  directories.add_musl();
  directories.add_defaults();
  directories.add_hardware_variants();
  return directories.take();
}

}  // namespace rpmenv
