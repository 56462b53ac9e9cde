// Reads ELF files out of wheels.
#include "rpmenv/wheel_libraries.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "rpmenv/archive.h"
#include "rpmenv/elf.h"
#include "rpmenv/text.h"
#include "rpmenv/tree_root.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxMember = std::uint64_t{8} << 30;  // CUDA's libraries have gigabytes

// "pkg/a.so", "pkg.libs/libb-1234.so.1"; by name, since a wheel may hold thousands of other files.
bool may_be_library(std::string_view path) {
  const std::string_view name = file_name(path);
  const auto at = name.rfind(".so");
  return at != std::string_view::npos && (at + 3 == name.size() || name[at + 3] == '.');
}

// Where the installer puts a member: what lies in NAME.data/purelib and platlib belongs beside the
// packages, and NAME.data/scripts, headers and data lie elsewhere (empty).
std::string installed_path(std::string_view member, const std::string& site) {
  const auto slash = member.find('/');
  if (slash == std::string_view::npos || !member.substr(0, slash).ends_with(".data"))
    return site + "/" + std::string(member);
  for (const std::string_view kept : {"/purelib/", "/platlib/"}) {
    if (member.substr(slash).starts_with(kept))
      return site + "/" + std::string(member.substr(slash + kept.size()));
  }
  return {};
}

pep::Error in_wheel(const std::string& path, pep::Error error) {
  error.what = fmt::format("{}: {}", path, error.what);
  return error;
}

}  // namespace

pep::Result<WheelLibraries> wheel_libraries(const std::string& path, const std::string& site) {
  const std::string_view name = file_name(path);
  WheelLibraries found{.distribution = std::string(name.substr(0, name.find('-'))),
                       .libraries = {}};
  auto read = for_each_zip_member(path, [&](const ZipMember& member) -> pep::Status {
    if (!may_be_library(member.name)) return pep::Done{};
    const std::string place = installed_path(member.name, site);
    if (place.empty()) return pep::Done{};
    ContentStore content;
    if (auto kept =
            member.read(kMaxMember, [&](std::string_view part) { return content.append(part); });
        !kept)
      return kept;
    if (auto finished = content.finish(); !finished) return finished;
    const std::string_view bytes = content.view(0, content.size());
    if (!is_elf(bytes)) return pep::Done{};  // a linker's script, or another system's file
    auto elf = read_elf(bytes);
    if (!elf) return in_wheel(std::string(member.name), std::move(elf).error());
    Library library;
    library.path = place;
    library.soname = std::move(elf->soname);
    library.machine = std::move(elf->machine);
    library.bits = elf->bits;
    library.defines = std::move(elf->defines);
    library.needs = std::move(elf->needs);
    library.run_paths = std::move(elf->run_paths);
    library.in_loader_path = false;
    found.libraries.push_back(std::move(library));
    return pep::Done{};
  });
  if (!read) return in_wheel(std::string(name), std::move(read).error());
  return found;
}

}  // namespace rpmenv
