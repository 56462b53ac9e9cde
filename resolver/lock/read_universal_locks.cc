// Reads poetry.lock, uv.lock and pdm.lock: lists of [[package]] tables that differ in their keys.
#include <fmt/format.h>

#include <algorithm>

#include "resolver/lock/lock_entry.h"
#include "resolver/lock/manifest_entry.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/url.h"

namespace resolver::lock {
namespace {

using Kind = Value::Kind;

bool is_wheel(std::string_view filename) { return filename.ends_with(".whl"); }

pep::Status add_artifact(const SourceText& source, const Value& entry, std::string_view filename,
                         std::string_view url, Package& package) {
  Artifact artifact;
  artifact.url = std::string(url);
  artifact.filename = filename.empty() ? url_filename(url) : std::string(filename);
  artifact.wheel = is_wheel(artifact.filename);
  if (auto status = set_hash(source, entry, entry.string("hash"), artifact); !status) return status;
  if (const Value* size = entry.find("size"); size != nullptr && size->integer > 0) {
    artifact.size = static_cast<std::uint64_t>(size->integer);
  }
  if (const Value* time = entry.find("upload-time"); time != nullptr && time->kind == Kind::kTime) {
    artifact.upload_time = time->integer;
  }
  package.artifacts.push_back(std::move(artifact));
  return pep::Done{};
}

// `files` of poetry and pdm: {file = "…", hash = "sha256:…", url = "…"}.
pep::Status add_files(const SourceText& source, const Value* files, Package& package) {
  if (files == nullptr) return pep::Done{};
  if (auto status = expect_kind(source, *files, Kind::kArray, "files"); !status) return status;
  for (const Value& file : files->items) {
    if (auto status = add_artifact(source, file, file.string("file"), file.string("url"), package);
        !status)
      return status;
  }
  // Wheels first, as in our own locks; the rest stays in its order.
  std::ranges::stable_sort(
      package.artifacts, [](const Artifact& a, const Artifact& b) { return a.wheel && !b.wheel; });
  return pep::Done{};
}

void finish_dependencies(Package& package) {
  std::ranges::sort(package.dependencies);
  const auto repeated = std::ranges::unique(package.dependencies);
  package.dependencies.erase(repeated.begin(), repeated.end());
  std::erase(package.dependencies, package.name);
}

// All but the main group is for development.
bool is_develop(const Value& entry, std::string_view main) {
  if (entry.string("category") == "dev") return true;
  const Value* groups = entry.find("groups");
  return groups != nullptr && std::ranges::none_of(groups->items, [&](const Value& group) {
           return group.text == main;
         });
}

using Read = pep::Result<Package> (*)(const SourceText&, const Value& document, const Value& entry);

pep::Result<Lock> read_packages(std::string_view text, const std::string& name,
                                std::string_view list, Read read) {
  const auto source = SourceText::decode(std::string(text), name);
  if (!source) return source.error();
  const auto document = parse_toml(*source);
  if (!document) return document.error();
  Lock lock;
  const Value* packages = document->find(list);
  if (packages == nullptr) return lock;
  if (auto status = expect_kind(*source, *packages, Kind::kArray, list); !status)
    return std::move(status).error();
  for (const Value& entry : packages->items) {
    if (auto status = expect_kind(*source, entry, Kind::kTable, "a package"); !status)
      return std::move(status).error();
    auto package = read(*source, *document, entry);
    if (!package) return std::move(package).error();
    if (!package->name.empty()) lock.packages.push_back(std::move(*package));
  }
  sort_packages(lock);
  // pdm names a package once more for each extra.
  const auto repeated = std::ranges::unique(lock.packages, [](const Package& a, const Package& b) {
    return a.name == b.name && a.version == b.version;
  });
  lock.packages.erase(repeated.begin(), repeated.end());
  return lock;
}

// Faults for what comes from elsewhere than an index.
pep::Status expect_index(const SourceText& source, const Value& entry,
                         std::initializer_list<std::string_view> others) {
  for (const std::string_view other : others) {
    if (entry.find(other) == nullptr) continue;
    return error_at(
        source, entry,
        fmt::format("{} comes from {}, which is not supported yet", entry.string("name"), other));
  }
  return pep::Done{};
}

// "python-versions" of poetry may be "*" or have spaces; it says nothing that a resolver would not
// find out.
pep::Result<Package> read_poetry_package(const SourceText& source, const Value& document,
                                         const Value& entry) {
  auto package = package_of(source, entry, entry.string("name"), entry.string("version"));
  if (!package) return package;
  const Value* origin = entry.find("source");
  if (origin != nullptr) {
    const std::string_view type = origin->string("type");
    if (type != "legacy" && type != "pypi" && !type.empty()) {
      return error_at(
          source, *origin,
          fmt::format("{} comes from {}, which is not supported yet", package->name.str(), type));
    }
    package->index = std::string(origin->string("url"));
  }
  package->develop = is_develop(entry, "main");
  if (const Value* marker = entry.find("markers"); marker != nullptr && marker->is_string()) {
    if (auto status = set_marker(source, entry, marker->text, *package); !status)
      return std::move(status).error();
  }
  if (const Value* dependencies = entry.find("dependencies")) {
    for (const Member& member : dependencies->members)
      package->dependencies.push_back(pep::Name::of(member.name));
  }
  const Value* files = entry.find("files");
  if (files == nullptr) {  // lock-version 1: all files in one table
    const Value* metadata = document.find("metadata");
    const Value* all = metadata == nullptr ? nullptr : metadata->find("files");
    files = all == nullptr ? nullptr : all->find(entry.string("name"));
  }
  if (auto status = add_files(source, files, *package); !status) return std::move(status).error();
  finish_dependencies(*package);
  return package;
}

pep::Result<Package> read_uv_package(const SourceText& source, const Value&, const Value& entry) {
  const Value* origin = entry.find("source");
  if (origin != nullptr) {
    // The project itself and its workspace.
    if (origin->find("virtual") != nullptr || origin->find("editable") != nullptr) return Package{};
    if (auto status = expect_index(source, *origin, {"git", "url", "path", "directory"}); !status) {
      pep::Error failure = std::move(status).error();
      failure.what = fmt::format("{}{}", entry.string("name"), failure.what);
      return failure;
    }
  }
  auto package = package_of(source, entry, entry.string("name"), entry.string("version"));
  if (!package) return package;
  if (origin != nullptr) package->index = std::string(origin->string("registry"));
  if (const Value* markers = entry.find("resolution-markers")) {
    std::string any;
    for (const Value& marker : markers->items)
      any += (any.empty() ? "(" : " or (") + marker.text + ")";
    if (auto status = set_marker(source, entry, any, *package); !status)
      return std::move(status).error();
  }
  if (const Value* dependencies = entry.find("dependencies")) {
    for (const Value& each : dependencies->items)
      package->dependencies.push_back(pep::Name::of(each.string("name")));
  }
  const auto add = [&](const Value& file) {
    std::string_view filename = file.string("filename");
    const std::string_view url =
        file.string("url").empty() ? file.string("path") : file.string("url");
    return add_artifact(source, file, filename, url, *package);
  };
  if (const Value* wheels = entry.find("wheels")) {
    for (const Value& wheel : wheels->items) {
      if (auto status = add(wheel); !status) return std::move(status).error();
    }
  }
  if (const Value* sdist = entry.find("sdist")) {
    if (auto status = add(*sdist); !status) return std::move(status).error();
  }
  finish_dependencies(*package);
  return package;
}

pep::Result<Package> read_pdm_package(const SourceText& source, const Value&, const Value& entry) {
  if (auto status = expect_index(source, entry, {"git", "hg", "svn", "bzr", "path", "url"});
      !status) {
    return std::move(status).error();
  }
  auto package = package_of(source, entry, entry.string("name"), entry.string("version"));
  if (!package) return package;
  package->requires_python = std::string(entry.string("requires_python"));
  package->develop = is_develop(entry, "default");
  if (auto status = set_marker(source, entry, entry.string("marker"), *package); !status)
    return std::move(status).error();
  if (const Value* dependencies = entry.find("dependencies")) {
    for (const Value& each : dependencies->items) {
      if (auto requirement = pep::Requirement::parse(each.text))
        package->dependencies.push_back(requirement->name);
    }
  }
  if (auto status = add_files(source, entry.find("files"), *package); !status)
    return std::move(status).error();
  finish_dependencies(*package);
  return package;
}

}  // namespace

pep::Result<Lock> read_poetry_lock(std::string_view text, const std::string& name) {
  return read_packages(text, name, "package", read_poetry_package);
}

pep::Result<Lock> read_uv_lock(std::string_view text, const std::string& name) {
  return read_packages(text, name, "package", read_uv_package);
}

pep::Result<Lock> read_pdm_lock(std::string_view text, const std::string& name) {
  return read_packages(text, name, "package", read_pdm_package);
}

}  // namespace resolver::lock
