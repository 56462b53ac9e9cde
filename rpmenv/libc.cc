// Finds the C library of an image and its release. Nothing is run. Unaware of packages.
#include "rpmenv/libc.h"

#include <algorithm>
#include <cstring>

#include "rpmenv/elf.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxLibrary = 256 << 20;
constexpr std::size_t kBannerLength = 256;

// A release such as "1.2.3", nothing but digits and dots, that ends at `end`.
bool is_release(std::string_view text) {
  return text.size() >= 5 && text.size() <= 12 && std::ranges::count(text, '.') == 2 &&
         text.back() != '.' && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::optional<FoundLibc> glibc_in(const Root& root, const std::string& directory) {
  const std::string path = directory.empty() ? "libc.so.6" : directory + "/libc.so.6";
  const auto file = root.read(path, kMaxLibrary);
  if (!file) return std::nullopt;
  const auto elf = read_elf((*file)->view());
  if (!elf) return std::nullopt;
  auto real = root.real_path(path);
  FoundLibc found;
  found.path = real ? *real : path;
  found.libc = {LibcFamily::kGlibc, glibc_release((*file)->view())};
  if (found.libc.version.empty()) {
    // A stripped one of old: libc-2.17.so.
    const auto name = file_name(found.path);
    if (name.starts_with("libc-")) found.libc.version = leading_version(name.substr(5));
  }
  found.machine = elf->machine;
  return found;
}

std::vector<FoundLibc> musl_in(const Root& root, const std::string& directory) {
  std::vector<FoundLibc> all;
  const auto entries = root.list(directory);
  for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
    if (!entry.name.starts_with("ld-musl-")) continue;
    const std::string path = directory + "/" + entry.name;
    const auto file = root.read(path, kMaxLibrary);
    const auto elf = file ? read_elf((*file)->view()) : file.error();
    if (!elf) continue;
    auto real = root.real_path(path);
    all.push_back(
        {{LibcFamily::kMusl, musl_release((*file)->view())}, real ? *real : path, elf->machine});
  }
  return all;
}

}  // namespace

std::string glibc_release(std::string_view bytes) {
  constexpr std::string_view kBanner = "GNU C Library", kBefore = "release version ";
  for (auto at = bytes.find(kBanner); at != std::string_view::npos;
       at = bytes.find(kBanner, at + 1)) {
    auto text = bytes.substr(at, kBannerLength);
    text = text.substr(0, text.find('\0'));
    const auto release = text.find(kBefore);
    if (release == std::string_view::npos) continue;
    const auto version = leading_version(text.substr(release + kBefore.size()));
    if (version.find('.') != std::string_view::npos) return std::string(version);
  }
  return {};
}

std::string musl_release(std::string_view bytes) {
  // __libc_version is a string of its own: a NUL, the release, and a NUL or "-git-…".
  for (const char* begin : {"1.", "0."}) {
    const std::string pattern = std::string(1, '\0') + begin;
    for (auto at = bytes.find(pattern); at != std::string_view::npos;
         at = bytes.find(pattern, at + 1)) {
      auto text = bytes.substr(at + 1, 64);
      text = text.substr(0, text.find('\0'));
      text = text.substr(0, text.find("-git"));
      if (is_release(text)) return std::string(text);
    }
  }
  return {};
}

FoundLibc find_libc(const Root& root, const std::vector<std::string>& directories,
                    std::string_view program_loader, std::string_view machine) {
  std::vector<FoundLibc> all;
  for (const auto& directory : directories) {
    if (auto found = glibc_in(root, directory)) all.push_back(std::move(*found));
  }
  const bool wants_musl = program_loader.find("ld-musl") != std::string_view::npos;
  if (all.empty() || wants_musl) {
    for (const char* directory : {"lib", "usr/lib"}) {
      for (auto& found : musl_in(root, directory)) all.push_back(std::move(found));
    }
  }
  const auto score = [&](const FoundLibc& found) {
    const bool is_musl = found.libc.family == LibcFamily::kMusl;
    return (is_musl == wants_musl ? 8 : 0) +
           (!machine.empty() && found.machine == machine ? 4 : 0) +
           (found.machine.ends_with("64") || found.machine == "ppc64le" || found.machine == "s390x"
                ? 2
                : 0) +
           (found.libc.version.empty() ? 0 : 1);
  };
  const auto best = std::ranges::max_element(all, {}, score);
  return best == all.end() ? FoundLibc{} : *best;
}

}  // namespace rpmenv
