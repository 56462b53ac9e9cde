// Reads a Pipfile.lock: the sections default, develop and those of its user's categories. JSON has
// no places of values, so faults name the package.
#include <fmt/format.h>

#include <algorithm>

#include "resolver/lock/direct_origin.h"
#include "resolver/lock/lock_entry.h"
#include "resolver/lock/manifest_entry.h"
#include "resolver/lock/pipfile.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/url.h"

namespace resolver::lock {
namespace {

using Kind = Value::Kind;

std::string index_url(const Value& meta, std::string_view name) {
  const Value* sources = meta.find("sources");
  if (sources == nullptr) return {};
  for (const Value& each : sources->items) {
    if (name.empty() || each.string("name") == name) return std::string(each.string("url"));
  }
  return {};
}

pep::Result<Package> read_entry(const SourceText& source, const Member& member, const Value& meta) {
  const Value& entry = member.value;
  if (auto status = expect_kind(source, entry, Kind::kTable, "the entry of " + member.name);
      !status) {
    return std::move(status).error();
  }
  Package direct;
  direct.name = pep::Name::of(member.name);
  auto elsewhere = read_pipfile_origin(source, entry, direct);
  if (!elsewhere) return std::move(elsewhere).error();
  direct.has_version = !entry.string("version").empty();
  auto package = *elsewhere && !direct.has_version
                     ? pep::Result<Package>(direct)
                     : package_of(source, entry, member.name, entry.string("version"));
  if (!package) return package;
  package->origin = std::move(direct.origin);
  package->index = index_url(meta, entry.string("index"));
  if (auto status = set_marker(source, entry, entry.string("markers"), *package); !status)
    return std::move(status).error();
  if (const Value* extras = entry.find("extras")) {
    for (const Value& extra : extras->items) package->extras.push_back(pep::Name::of(extra.text));
    std::ranges::sort(package->extras);
  }
  const Value* hashes = entry.find("hashes");
  if (hashes == nullptr) return package;
  if (auto status = expect_kind(source, *hashes, Kind::kArray, "hashes of " + member.name);
      !status) {
    return std::move(status).error();
  }
  for (const Value& hash : hashes->items) {
    Artifact artifact;
    if (auto status = set_hash(source, hash, hash.text, artifact); !status)
      return std::move(status).error();
    if (package->origin) {
      artifact.url = package->origin->url;
      artifact.filename = url_filename(artifact.url);
    }
    if (!artifact.sha256.empty()) package->artifacts.push_back(std::move(artifact));
  }
  return package;
}

// What a section adds to those read before; a package of both is needed at run time.
pep::Status read_section(const SourceText& source, const Value& document, std::string_view name,
                         bool develop, Lock& lock) {
  const Value* section = document.find(name);
  if (section == nullptr) return pep::Done{};
  if (auto status = expect_kind(source, *section, Kind::kTable, name); !status) return status;
  static const Value none;
  const Value* meta = document.find("_meta");
  std::vector<Package> added;
  for (const Member& member : section->members) {
    auto package = read_entry(source, member, meta == nullptr ? none : *meta);
    if (!package) return std::move(package).error();
    package->develop = develop;
    if (!std::ranges::binary_search(lock.packages, package->name, {}, &Package::name))
      added.push_back(std::move(*package));
  }
  for (Package& package : added) lock.packages.push_back(std::move(package));
  sort_packages(lock);
  const auto twice = std::ranges::adjacent_find(lock.packages, {}, &Package::name);
  if (twice == lock.packages.end()) return pep::Done{};
  return error_at(source, *section, fmt::format("{} stands twice in {}", twice->name.str(), name));
}

}  // namespace

pep::Result<std::string> pipfile_lock_hash(std::string_view text, const std::string& name) {
  const auto source = SourceText::decode(std::string(text), name);
  if (!source) return source.error();
  const auto document = parse_json(*source);
  if (!document) return document.error();
  const Value* meta = document->find("_meta");
  const Value* hash = meta == nullptr ? nullptr : meta->find("hash");
  return hash == nullptr ? std::string() : std::string(hash->string("sha256"));
}

pep::Result<Lock> read_pipfile_lock(std::string_view text, const std::string& name) {
  const auto source = SourceText::decode(std::string(text), name);
  if (!source) return source.error();
  const auto document = parse_json(*source);
  if (!document) return document.error();
  if (auto status = expect_kind(*source, *document, Kind::kTable, "a Pipfile.lock"); !status)
    return std::move(status).error();
  if (document->find("_meta") == nullptr && document->find("default") == nullptr) {
    return source->error(
        pep::Fault::kMalformed, 0, 0,
        fmt::format("{} has neither _meta nor default: it is no Pipfile.lock", name));
  }
  Lock lock;
  if (auto status = read_section(*source, *document, "default", false, lock); !status)
    return std::move(status).error();
  if (auto status = read_section(*source, *document, "develop", true, lock); !status)
    return std::move(status).error();
  for (const Member& member : document->members) {
    if (!is_pipfile_category(member.name) || member.name == "_meta") continue;
    if (auto status = read_section(*source, *document, member.name, true, lock); !status)
      return std::move(status).error();
  }
  if (const Value* meta = document->find("_meta")) {
    if (const Value* required = meta->find("requires")) {
      const std::string_view version = required->string("python_version");
      if (!version.empty()) lock.requires_python = fmt::format("=={}.*", version);
    }
  }
  return lock;
}

}  // namespace resolver::lock
