// apk's database: lib/apk/db/installed, one letter a field, paragraphs apart by an empty line.
#include <algorithm>

#include "rpmenv/packages.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxBytes = 512u << 20;

Package package_of(std::string_view name, std::string_view version, std::string_view arch,
                   std::string_view origin, std::string_view size) {
  Package package;
  package.kind = "apk";
  package.name = name;
  const auto dash = version.rfind("-r");
  if (dash != std::string_view::npos && whole_number(version.substr(dash + 2))) {
    package.release = std::string(version.substr(dash + 1));
    version = version.substr(0, dash);
  }
  package.version = version;
  package.arch = arch;
  package.source = origin;
  package.size = whole_number(size).value_or(0);
  return package;
}

}  // namespace

void read_apk_packages(const Root& root, PackageFacts& facts, Owners& owners) {
  for (const std::string path : {"lib/apk/db/installed", "usr/lib/apk/db/installed"}) {
    if (!root.lstat(path)) continue;
    auto real = root.real_path(path);
    Database database{
        .kind = "apk", .path = real ? *real : path, .format = "installed", .message = {}};
    if (std::ranges::any_of(facts.databases,
                            [&](const Database& other) { return other.path == database.path; }))
      continue;
    if (const auto file = root.read(path, kMaxBytes)) {
      std::string_view rest = (*file)->view(), line, name, version, arch, origin, size, directory;
      const auto finish = [&] {
        if (name.empty() && version.empty()) return;
        if (name.empty() || version.empty()) {
          ++database.damaged;
          database.message = "a paragraph has no package name or no version";
        } else {
          ++database.read;
          facts.packages.push_back(package_of(name, version, arch, origin, size));
        }
        name = version = arch = origin = size = directory = {};
      };
      while (next_line(rest, line)) {
        if (line.empty()) finish();
        if (line.size() < 2 || line[1] != ':') continue;
        const auto value = line.substr(2);
        if (line[0] == 'P') name = value;
        if (line[0] == 'V') version = value;
        if (line[0] == 'A') arch = value;
        if (line[0] == 'o') origin = value;
        if (line[0] == 'I') size = value;
        if (line[0] == 'F') directory = value;
        if (line[0] == 'R') owners.add(directory, value, std::string(name));
      }
      finish();
      if (database.read == 0 && database.damaged == 0 && !(*file)->view().empty())
        ++database.damaged;
    } else {
      database.status = file.error().fault == pep::Fault::kIo ? DatabaseStatus::kUnreadable
                                                              : DatabaseStatus::kCorrupt;
      database.message = file.error().what;
    }
    if (database.damaged > 0)
      database.status = database.read > 0 ? DatabaseStatus::kPartial : DatabaseStatus::kCorrupt;
    if (!database.message.empty())
      facts.warnings.push_back(database.path + ": " + database.message);
    facts.databases.push_back(std::move(database));
  }
}

}  // namespace rpmenv
