// Reads pylock.toml (PEP 751), whoever wrote it.
#include <fmt/format.h>

#include <algorithm>

#include "resolver/lock/direct_origin.h"
#include "resolver/lock/document.h"
#include "resolver/lock/lock_entry.h"
#include "resolver/lock/manifest_entry.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/url.h"

namespace resolver::lock {
namespace {

using Kind = Value::Kind;

// Major version 1 of the format; a newer minor version only adds.
pep::Status check_version(const SourceText& source, const Value& document) {
  const Value* version = document.find("lock-version");
  if (version == nullptr)
    return source.error(pep::Fault::kMalformed, 1, 0, "lock-version is missing");
  if (auto status = expect_kind(source, *version, Kind::kString, "lock-version"); !status)
    return status;
  const auto parsed = pep::Version::parse(version->text);
  if (!parsed)
    return error_at(source, *version,
                    fmt::format("lock-version \"{}\" is no version", version->text));
  if (parsed->release(0) != 1) {
    return error_at(source, *version,
                    fmt::format("lock-version {} is not supported; 1.x is", version->text));
  }
  return pep::Done{};
}

pep::Status read_hashes(const SourceText& source, const Value& entry, Artifact& artifact) {
  const Value* hashes = entry.find("hashes");
  if (hashes == nullptr) return error_at(source, entry, "a file needs hashes");
  if (auto status = expect_kind(source, *hashes, Kind::kTable, "hashes"); !status) return status;
  if (hashes->members.empty())
    return error_at(source, entry, "hashes is empty; at least one is needed");
  for (const Member& hash : hashes->members) {
    if (auto status = expect_kind(source, hash.value, Kind::kString, "a hash"); !status)
      return status;
    if (hash.name == "sha256") artifact.sha256 = hash.value.text;
  }
  if (artifact.sha256.empty()) return pep::Done{};
  artifact.sha256 = checked_sha256(artifact.sha256);
  if (!artifact.sha256.empty()) return pep::Done{};
  return error_at(source, *hashes->find("sha256"), "a sha256 hash has 64 hexadecimal digits");
}

pep::Result<Artifact> read_artifact(const SourceText& source, const Value& entry, bool wheel) {
  if (auto status = expect_kind(source, entry, Kind::kTable, wheel ? "a wheel" : "sdist"); !status)
    return std::move(status).error();
  Artifact artifact;
  artifact.wheel = wheel;
  const std::string_view url = entry.string("url");
  const std::string_view path = entry.string("path");
  if (url.empty() && is_url(path))
    return error_at(source, entry, fmt::format("path = \"{}\" is a URL; say url", redacted(path)));
  artifact.url = std::string(url.empty() ? path : url);
  artifact.filename = std::string(entry.string("name"));
  if (artifact.filename.empty() && !path.empty()) {
    artifact.filename = std::string(path.substr(path.find_last_of("/\\") + 1));
  }
  if (artifact.filename.empty()) artifact.filename = url_filename(url);
  if (artifact.filename.empty())
    return error_at(source, entry, "a file needs a name, a url or a path");
  if (artifact.filename.find_first_of("/\\") != std::string::npos) {
    return error_at(source, entry, fmt::format("\"{}\" is no file name", artifact.filename));
  }
  if (const Value* size = entry.find("size")) {
    if (auto status = expect_kind(source, *size, Kind::kInteger, "size"); !status)
      return std::move(status).error();
    if (size->integer < 0) return error_at(source, *size, "a size can't be negative");
    artifact.size = static_cast<std::uint64_t>(size->integer);
  }
  if (const Value* time = entry.find("upload-time")) {
    if (auto status = expect_kind(source, *time, Kind::kTime, "upload-time"); !status)
      return std::move(status).error();
    artifact.upload_time = time->integer;
  }
  if (auto status = read_hashes(source, entry, artifact); !status) return std::move(status).error();
  return artifact;
}

pep::Status read_artifacts(const SourceText& source, const Value& entry, Package& package) {
  if (const Value* wheels = entry.find("wheels")) {
    if (auto status = expect_kind(source, *wheels, Kind::kArray, "wheels"); !status) return status;
    for (const Value& wheel : wheels->items) {
      auto artifact = read_artifact(source, wheel, true);
      if (!artifact) return std::move(artifact).error();
      package.artifacts.push_back(std::move(*artifact));
    }
  }
  if (const Value* sdist = entry.find("sdist")) {
    auto artifact = read_artifact(source, *sdist, false);
    if (!artifact) return std::move(artifact).error();
    package.artifacts.push_back(std::move(*artifact));
  }
  return pep::Done{};
}

pep::Status read_dependencies(const SourceText& source, const Value& entry, Package& package) {
  const Value* dependencies = entry.find("dependencies");
  if (dependencies == nullptr) return pep::Done{};
  if (auto status = expect_kind(source, *dependencies, Kind::kArray, "dependencies"); !status)
    return status;
  for (const Value& dependency : dependencies->items) {
    auto name = pep::Name::parse(dependency.string("name"));
    if (!name) return error_at(source, dependency, "a dependency needs the name of a package");
    package.dependencies.push_back(std::move(*name));
  }
  std::ranges::sort(package.dependencies);
  return pep::Done{};
}

pep::Result<Package> read_package(const SourceText& source, const Value& entry) {
  if (auto status = expect_kind(source, entry, Kind::kTable, "an item of packages"); !status)
    return std::move(status).error();
  Package package;
  const Value* name = entry.find("name");
  if (name == nullptr) return error_at(source, entry, "a package needs a name");
  auto parsed = pep::Name::parse(name->text);
  if (!parsed) return error_at(source, *name, fmt::format("\"{}\" is no project name", name->text));
  package.name = std::move(*parsed);
  auto direct = read_origin(source, entry, package);
  if (!direct) return std::move(direct).error();
  const Value* version = entry.find("version");
  package.has_version = version != nullptr;
  if (version == nullptr && !*direct)
    return error_at(source, entry, fmt::format("{} has no version", package.name.str()));
  if (version != nullptr) {
    auto parsed_version = pep::Version::parse(version->text);
    if (!parsed_version)
      return error_at(source, *version, fmt::format("\"{}\" is no version", version->text));
    package.version = std::move(*parsed_version);
  }
  package.index = std::string(entry.string("index"));
  package.requires_python = std::string(entry.string("requires-python"));
  if (auto status = set_marker(source, entry, entry.string("marker"), package); !status)
    return std::move(status).error();
  if (auto status = read_dependencies(source, entry, package); !status)
    return std::move(status).error();
  if (auto status = read_artifacts(source, entry, package); !status)
    return std::move(status).error();
  return package;
}

}  // namespace

bool is_pylock_filename(std::string_view filename) {
  if (filename == "pylock.toml") return true;
  if (!filename.starts_with("pylock.") || !filename.ends_with(".toml") || filename.size() <= 12)
    return false;
  const std::string_view name = filename.substr(7, filename.size() - 12);
  return !name.empty() && name.find('.') == std::string_view::npos;
}

pep::Result<Lock> read_pylock(std::string_view text, const std::string& name) {
  const auto source = SourceText::decode(std::string(text), name);
  if (!source) return source.error();
  const auto document = parse_toml(*source);
  if (!document) return document.error();
  if (auto status = check_version(*source, *document); !status) return std::move(status).error();
  Lock lock;
  lock.requires_python = std::string(document->string("requires-python"));
  if (const Value* environments = document->find("environments")) {
    if (auto status = expect_kind(*source, *environments, Kind::kArray, "environments"); !status)
      return std::move(status).error();
    for (const Value& each : environments->items) lock.environments.push_back(each.text);
  }
  const Value* packages = document->find("packages");
  if (packages == nullptr)
    return source->error(pep::Fault::kMalformed, 1, 0, "packages is missing");
  if (auto status = expect_kind(*source, *packages, Kind::kArray, "packages"); !status)
    return std::move(status).error();
  for (const Value& entry : packages->items) {
    auto package = read_package(*source, entry);
    if (!package) return std::move(package).error();
    lock.packages.push_back(std::move(*package));
  }
  sort_packages(lock);
  return lock;
}

}  // namespace resolver::lock
