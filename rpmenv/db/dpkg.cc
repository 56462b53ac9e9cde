// dpkg's database: var/lib/dpkg/status, or the status.d of distroless images; owners from
// info/*.list. Text, so dpkg's own rules of continuation lines hold; no library is needed.
#include <fmt/format.h>

#include <algorithm>

#include "rpmenv/packages.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxStatus = 512u << 20, kMaxList = 64u << 20;
constexpr const char* kPlace = "var/lib/dpkg";

struct Paragraph {
  std::string_view name, status, arch, version, source, size;
  bool empty = true;
};

// Takes the next paragraph off `rest`; false at the end.
bool next_paragraph(std::string_view& rest, Paragraph& paragraph) {
  paragraph = {};
  std::string_view line;
  while (next_line(rest, line)) {
    if (trimmed(line).empty()) {
      if (!paragraph.empty) return true;
      continue;
    }
    paragraph.empty = false;
    if (line.front() == ' ' || line.front() == '\t') continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto key = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
    if (key == "Package") paragraph.name = value;
    if (key == "Status") paragraph.status = value;
    if (key == "Architecture") paragraph.arch = value;
    if (key == "Version") paragraph.version = value;
    if (key == "Source") paragraph.source = value;
    if (key == "Installed-Size") paragraph.size = value;
  }
  return !paragraph.empty;
}

// Whether dpkg has files of it: the third word of its status.
bool is_installed(std::string_view status) {
  if (status.empty()) return true;  // status.d has none
  next_word(status);
  next_word(status);
  const auto state = next_word(status);
  return state != "not-installed" && state != "config-files";
}

Package package_of(const Paragraph& paragraph) {
  Package package;
  package.kind = "dpkg";
  package.name = paragraph.name;
  package.arch = paragraph.arch;
  auto version = paragraph.version;
  if (const auto colon = version.find(':'); colon != std::string_view::npos) {
    if (const auto epoch = whole_number(version.substr(0, colon))) {
      package.epoch = *epoch;
      version.remove_prefix(colon + 1);
    }
  }
  if (const auto dash = version.rfind('-'); dash != std::string_view::npos) {
    package.release = std::string(version.substr(dash + 1));
    version = version.substr(0, dash);
  }
  package.version = version;
  auto source = paragraph.source;
  package.source = source.empty() ? paragraph.name : next_word(source);
  package.size = whole_number(paragraph.size).value_or(0) * 1024;
  return package;
}

void read_paragraphs(std::string_view text, Database& database, PackageFacts& facts) {
  Paragraph paragraph;
  while (next_paragraph(text, paragraph)) {
    if (paragraph.name.empty() || (paragraph.version.empty() && is_installed(paragraph.status))) {
      ++database.damaged;
      database.message = "a paragraph has no package name or no version";
    } else if (is_installed(paragraph.status)) {
      ++database.read;
      facts.packages.push_back(package_of(paragraph));
    }
  }
}

void settle(Database& database, PackageFacts& facts) {
  if (database.damaged > 0)
    database.status = database.read > 0 ? DatabaseStatus::kPartial : DatabaseStatus::kCorrupt;
  if (!database.message.empty()) facts.warnings.push_back(database.path + ": " + database.message);
  facts.databases.push_back(std::move(database));
}

void fail(Database& database, const pep::Error& error) {
  database.status =
      error.fault == pep::Fault::kIo ? DatabaseStatus::kUnreadable : DatabaseStatus::kCorrupt;
  database.message = error.what;
}

void read_status(const Root& root, PackageFacts& facts) {
  const std::string path = std::string(kPlace) + "/status";
  if (!root.lstat(path)) return;
  auto real = root.real_path(path);
  Database database{.kind = "dpkg", .path = real ? *real : path, .format = "status", .message = {}};
  if (const auto file = root.read(path, kMaxStatus)) {
    const auto text = (*file)->view();
    read_paragraphs(text, database, facts);
    if (text.find('\0') != std::string_view::npos || (!text.empty() && text.back() != '\n')) {
      ++database.damaged;
      database.message = "the file is cut off or no text";
    }
  } else {
    fail(database, file.error());
  }
  settle(database, facts);
}

void read_status_directory(const Root& root, PackageFacts& facts) {
  const std::string path = std::string(kPlace) + "/status.d";
  if (!root.lstat(path)) return;
  auto real = root.real_path(path);
  Database database{.kind = "dpkg", .path = real ? *real : path, .format = "status", .message = {}};
  const auto entries = root.list(path);
  if (!entries) fail(database, entries.error());
  for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
    if (entry.kind == Kind::kDirectory || entry.name.ends_with(".md5sums")) continue;
    const auto file = root.read(path + "/" + entry.name, kMaxStatus);
    if (file) {
      read_paragraphs((*file)->view(), database, facts);
    } else {
      ++database.damaged;
      database.message = file.error().what;
    }
  }
  settle(database, facts);
}

void read_owners(const Root& root, std::string_view list, const std::string& package,
                 Owners& owners) {
  const auto file = root.read(list, kMaxList);
  if (!file) return;
  std::string_view rest = (*file)->view(), line, last;
  bool wanted = false;
  while (next_line(rest, line)) {
    const auto directory = directory_of(line);
    if (directory != last || last.empty()) {
      last = directory;
      wanted = owners.wants_directory(directory);
    }
    if (wanted) owners.add(directory, file_name(line), package);
  }
}

}  // namespace

void read_dpkg_packages(const Root& root, PackageFacts& facts, Owners& owners) {
  const std::size_t first = facts.packages.size(), databases = facts.databases.size();
  read_status(root, facts);
  read_status_directory(root, facts);
  if (facts.databases.size() == databases && root.is_directory(kPlace)) {
    facts.databases.push_back({.kind = "dpkg",
                               .path = kPlace,
                               .format = "",
                               .status = DatabaseStatus::kMissing,
                               .message = "the directory holds no database of dpkg"});
  }
  if (owners.empty() || facts.packages.size() == first) return;
  const std::string place = std::string(kPlace) + "/info";
  const auto entries = root.list(place);
  if (!entries) return;
  const auto there = [&](const std::string& name) {
    return std::ranges::binary_search(*entries, name, {}, &Entry::name);
  };
  for (std::size_t i = first; i < facts.packages.size(); ++i) {
    const auto& package = facts.packages[i];
    std::string name = package.name + ":" + package.arch + ".list";
    if (!there(name)) name = package.name + ".list";
    if (there(name)) read_owners(root, place + "/" + name, package.owner_id(), owners);
  }
}

}  // namespace rpmenv
