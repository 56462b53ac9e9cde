// RPM databases of an image: the three places, the three file names, the magic number. One is used,
// the others are reported; a database that is there is never silently an empty one.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "rpmenv/db/container.h"
#include "rpmenv/packages.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

using db::Format;
using db::Header;

constexpr std::uint64_t kMaxDatabase = std::uint64_t{4} << 30;
constexpr std::array<const char*, 3> kDirectories = {"usr/lib/sysimage/rpm", "var/lib/rpm",
                                                     "usr/share/rpm"};
struct Name {
  const char* file;
  Format format;
};
constexpr std::array<Name, 3> kNames = {{{"rpmdb.sqlite", Format::kSqlite},
                                         {"Packages.db", Format::kNdb},
                                         {"Packages", Format::kBdbHash}}};

void tell_owners(const Header& header, const std::string& package, Owners& owners) {
  const auto directories = header.texts(db::Tag::kDirNames);
  if (directories.empty()) {
    for (const auto path : header.texts(db::Tag::kOldFileNames))
      owners.add(directory_of(path), file_name(path), package);
    return;
  }
  std::vector<bool> wanted(directories.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    wanted[i] = owners.wants_directory(directories[i]);
  if (std::ranges::find(wanted, true) == wanted.end()) return;
  const auto names = header.texts(db::Tag::kBaseNames);
  const auto indexes = header.numbers(db::Tag::kDirIndexes);
  for (std::size_t i = 0; i < std::min(names.size(), indexes.size()); ++i) {
    if (indexes[i] < wanted.size() && wanted[indexes[i]])
      owners.add(directories[indexes[i]], names[i], package);
  }
}

db::Reading read_container(Format format, std::string_view bytes, std::string_view log,
                           const db::BlobSink& sink) {
  switch (format) {
    case Format::kSqlite:
      return db::read_sqlite(bytes, log, sink);
    case Format::kNdb:
      return db::read_ndb(bytes, sink);
    case Format::kBdbHash:
    case Format::kBdbBtree:
      return db::read_bdb(bytes, sink);
    case Format::kUnknown:
      break;
  }
  db::Reading reading;
  reading.damage(bytes.empty() ? "the file is empty" : "not a database of RPM");
  return reading;
}

// The log beside an sqlite database; null if there is none that counts.
std::unique_ptr<Bytes> log_of(const Root& root, const std::string& path, std::string& problem) {
  auto log = root.read(path + "-wal", kMaxDatabase);
  if (log) return std::move(*log);
  if (log.error().fault != pep::Fault::kNotFound) problem = log.error().what;
  return nullptr;
}

DatabaseStatus status_of(const pep::Error& error) {
  return error.fault == pep::Fault::kIo ? DatabaseStatus::kUnreadable : DatabaseStatus::kCorrupt;
}

// Reads one database file; `sink` gets the good headers.
void read_database(const Root& root, Database& database,
                   const std::function<void(const Header&)>& sink) {
  const auto file = root.read(database.path, kMaxDatabase);
  if (!file) {
    database.status = status_of(file.error());
    database.message = file.error().what;
    return;
  }
  const auto bytes = (*file)->view();
  Format format = db::sniff(bytes);
  std::unique_ptr<Bytes> log;
  std::string problem;
  if (format == Format::kSqlite || (bytes.empty() && database.format == "sqlite")) {
    log = log_of(root, database.path, problem);
    if (log != nullptr && bytes.empty()) format = Format::kSqlite;
  }
  if (format != Format::kUnknown) database.format = db::format_name(format);
  std::uint64_t keys = 0;
  const db::BlobSink blobs = [&](std::string_view blob) {
    const auto header = Header::parse(blob);
    if (!header) {
      ++database.damaged;
    } else if (header->is_key()) {
      ++keys;
    } else {
      ++database.read;
      sink(*header);
    }
  };
  const auto reading =
      read_container(format, bytes, log != nullptr ? log->view() : std::string_view(), blobs);
  database.message = reading.message;
  if (database.damaged > 0 && database.message.empty())
    database.message = "a package header is damaged";
  database.damaged += reading.lost;
  if (!problem.empty() && database.message.empty())
    database.message = "the log beside it: " + problem;
  const bool whole = database.damaged == 0 && !reading.damaged && problem.empty();
  if (reading.unsupported) {
    database.status = DatabaseStatus::kUnsupported;
  } else if (whole) {
    database.status = DatabaseStatus::kOk;
  } else {
    database.status =
        database.read + keys > 0 ? DatabaseStatus::kPartial : DatabaseStatus::kCorrupt;
  }
}

// The databases that are there, in the order in which RPM would look for them.
std::vector<Database> discover(const Root& root, std::vector<Database>& empty_places) {
  std::vector<Database> found;
  std::vector<std::string> seen;
  for (const char* place : kDirectories) {
    const auto directory = root.real_path(place);
    if (!directory || std::ranges::find(seen, *directory) != seen.end()) continue;
    const auto stat = root.stat(*directory);
    if (!stat || stat->kind != Kind::kDirectory) continue;
    seen.push_back(*directory);
    const auto entries = root.list(*directory);
    if (!entries) {
      found.push_back({.kind = "rpm",
                       .path = *directory,
                       .format = "",
                       .status = status_of(entries.error()),
                       .message = entries.error().what});
      continue;
    }
    bool any = false;
    for (const auto& name : kNames) {
      const bool there = std::ranges::any_of(
          *entries, [&](const Entry& entry) { return entry.name == name.file; });
      if (!there) continue;
      any = true;
      const auto path = root.real_path(*directory + "/" + name.file);
      found.push_back({.kind = "rpm",
                       .path = path ? *path : *directory + "/" + name.file,
                       .format = db::format_name(name.format),
                       .message = {}});
    }
    if (!any)
      empty_places.push_back({.kind = "rpm",
                              .path = *directory,
                              .format = "",
                              .status = DatabaseStatus::kMissing,
                              .message = "the directory holds no database of RPM"});
  }
  return found;
}

}  // namespace

void read_rpm_packages(const Root& root, PackageFacts& facts, Owners& owners) {
  std::vector<Database> empty_places;
  auto databases = discover(root, empty_places);
  if (databases.empty()) databases = std::move(empty_places);
  bool first = true;
  for (auto& database : databases) {
    database.used = first;
    first = false;
    if (database.status == DatabaseStatus::kOk) {
      const bool used = database.used;
      read_database(root, database, [&](const Header& header) {
        if (!used) return;
        facts.packages.push_back(header.package());
        if (!owners.empty()) tell_owners(header, facts.packages.back().owner_id(), owners);
      });
    }
    if (!database.used)
      facts.warnings.push_back(
          fmt::format("{}: not used, because there is another database of RPM", database.path));
    if (!database.message.empty())
      facts.warnings.push_back(fmt::format("{}: {}", database.path, database.message));
    facts.databases.push_back(std::move(database));
  }
}

void for_each_rpm_header(const Root& root, const std::vector<Database>& databases,
                         const std::function<void(const Header&)>& sink) {
  for (const auto& database : databases) {
    if (database.kind != "rpm" || !database.used || database.format.empty()) continue;
    Database again = database;
    read_database(root, again, sink);
  }
}

}  // namespace rpmenv
