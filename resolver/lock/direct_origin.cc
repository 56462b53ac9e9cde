// PEP 751's archive, vcs and directory, and what pip and pipenv write; see direct_origin.h.
#include "resolver/lock/direct_origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "resolver/lock/lock_entry.h"
#include "resolver/lock/manifest_entry.h"
#include "resolver/lock/requirement_text.h"
#include "resolver/lock/toml_text.h"
#include "resolver/lock/url.h"

namespace resolver::lock {
namespace {

namespace fs = std::filesystem;
using Kind = Value::Kind;

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string encoded_path(std::string_view path) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 ||
        std::string_view("/-_.~+!,=").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

// `path` as seen from `directory`, where the lock will be.
std::string beside(std::string_view path, std::string_view directory) {
  if (directory.empty() || !path.starts_with('/')) return std::string(path);
  const fs::path relative = fs::path(path).lexically_relative(fs::path(directory));
  return relative.empty() ? std::string(path) : relative.generic_string();
}

bool is_web(std::string_view url) { return is_url(url) && !url.starts_with("file:"); }

std::string path_of(std::string_view url) {
  return url.starts_with("file://") ? percent_decoded(url.substr(7)) : std::string(url);
}

void append_text(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  out += key;
  out += " = ";
  append_toml_string(out, value);
  out += '\n';
}

void append_archive(std::string& out, const Package& package, std::string_view directory) {
  out += "\n[packages.archive]\n";
  const std::string& url = package.origin->url;
  if (is_web(url)) {
    append_text(out, "url", url);
  } else {
    append_text(out, "path", beside(path_of(url), directory));
  }
  if (package.artifacts.empty()) return;
  const Artifact& artifact = package.artifacts.front();
  if (artifact.size != 0) out += "size = " + std::to_string(artifact.size) + "\n";
  append_text(out, "subdirectory", package.origin->subdirectory);
  out += "hashes = { sha256 = ";
  append_toml_string(out, artifact.sha256);
  out += " }\n";
}

pep::Status read_sha256(const SourceText& source, const Value& entry, Artifact& artifact) {
  const Value* hashes = entry.find("hashes");
  if (hashes == nullptr || !hashes->is_table() || hashes->members.empty())
    return error_at(source, entry, "an archive needs hashes");
  const std::string_view text = hashes->string("sha256");
  if (text.empty()) return pep::Done{};
  artifact.sha256 = checked_sha256(text);
  if (!artifact.sha256.empty()) return pep::Done{};
  return error_at(source, *hashes, "a sha256 hash has 64 hexadecimal digits");
}

pep::Status read_archive(const SourceText& source, const Value& entry, Package& package) {
  DirectOrigin& origin = *package.origin;
  const std::string_view url = entry.string("url");
  origin.url = std::string(url.empty() ? entry.string("path") : url);
  if (origin.url.empty()) return error_at(source, entry, "an archive needs a url or a path");
  Artifact artifact;
  artifact.url = origin.url;
  artifact.filename = url_filename(origin.url);
  artifact.wheel = artifact.filename.ends_with(".whl");
  if (const Value* size = entry.find("size"); size != nullptr && size->integer > 0)
    artifact.size = static_cast<std::uint64_t>(size->integer);
  if (auto status = read_sha256(source, entry, artifact); !status) return status;
  package.artifacts.push_back(std::move(artifact));
  return pep::Done{};
}

pep::Status read_repository(const SourceText& source, const Value& entry, Package& package) {
  DirectOrigin& origin = *package.origin;
  if (entry.string("type") != "git") {
    return error_at(source, entry,
                    fmt::format("{} comes from a repository of type \"{}\"; only git is supported",
                                package.name.str(), entry.string("type")));
  }
  const std::string_view url = entry.string("url");
  origin.url = url.empty() ? "file://" + encoded_path(entry.string("path")) : std::string(url);
  origin.revision = std::string(entry.string("requested-revision"));
  origin.commit = std::string(entry.string("commit-id"));
  if (url.empty() && entry.string("path").empty())
    return error_at(source, entry, "a repository needs a url or a path");
  if (!is_commit(origin.commit))
    return error_at(source, entry, "commit-id is no commit of git: 40 hexadecimal digits");
  return pep::Done{};
}

pep::Status read_one(const SourceText& source, const Value& entry, Package& package) {
  DirectOrigin& origin = *package.origin;
  origin.subdirectory = std::string(entry.string("subdirectory"));
  switch (origin.kind) {
    case DirectOrigin::Kind::kArchive:
      return read_archive(source, entry, package);
    case DirectOrigin::Kind::kRepository:
      return read_repository(source, entry, package);
    case DirectOrigin::Kind::kDirectory:
      break;
  }
  const Value* editable = entry.find("editable");
  origin.editable = editable != nullptr && editable->boolean;
  origin.url = std::string(entry.string("path"));
  if (origin.url.empty()) return error_at(source, entry, "a directory needs a path");
  return pep::Done{};
}

Member text_member(std::string_view name, std::string_view text) {
  Value value;
  value.kind = Kind::kString;
  value.text = std::string(text);
  return {std::string(name), std::move(value)};
}

struct UrlParts {
  std::string url;  // without fragment
  std::string subdirectory;
  std::string sha256;
};

UrlParts parts_of(std::string_view url) {
  UrlParts parts;
  const std::size_t hash = std::min(url.find('#'), url.size());
  parts.url = std::string(url.substr(0, hash));
  std::string_view rest = hash < url.size() ? url.substr(hash + 1) : std::string_view();
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (word.starts_with("subdirectory=")) parts.subdirectory = percent_decoded(word.substr(13));
    if (word.starts_with("sha256=")) parts.sha256 = checked_sha256(word.substr(7));
  }
  return parts;
}

pep::Error no_lock(const RootRequirement& root, std::string what) {
  pep::Error failure = pep::error(pep::Fault::kMalformed, std::move(what));
  failure.place = root.place;
  failure.excerpt = redacted(root.excerpt);
  return failure;
}

}  // namespace

std::string direct_url(const DirectOrigin& origin) {
  const std::string below =
      origin.subdirectory.empty() ? "" : "#subdirectory=" + encoded_path(origin.subdirectory);
  if (origin.kind == DirectOrigin::Kind::kRepository) {
    return "git+" + origin.url + "@" + origin.commit + below;
  }
  if (is_url(origin.url)) return origin.url + below;
  return "file://" + encoded_path(origin.url) + below;
}

std::string place_url(const DirectOrigin& origin) {
  return is_url(origin.url) ? origin.url : "file://" + encoded_path(origin.url);
}

std::string direct_requirement(const Package& package) {
  const DirectOrigin& origin = *package.origin;
  const std::string url = direct_url(origin);
  if (origin.editable || url.starts_with("git+file:")) {
    // Only in this form does pip take what is editable, and a URL without a host. It has no room
    // for extras, which mean nothing where a lock is installed without looking at dependencies.
    const std::size_t fragment = url.find('#');
    return (origin.editable ? "-e " : "") + url.substr(0, fragment) + "#egg=" + package.name.str() +
           (fragment == std::string::npos ? "" : "&" + url.substr(fragment + 1));
  }
  std::string extras;
  for (const pep::Name& extra : package.extras)
    extras += (extras.empty() ? "[" : ",") + extra.str();
  if (!extras.empty()) extras += "]";
  return package.name.str() + extras + " @ " + url;
}

void append_origin(std::string& out, const Package& package, std::string_view directory) {
  const DirectOrigin& origin = *package.origin;
  switch (origin.kind) {
    case DirectOrigin::Kind::kArchive:
      return append_archive(out, package, directory);
    case DirectOrigin::Kind::kDirectory:
      out += "\n[packages.directory]\n";
      append_text(out, "path", beside(origin.url, directory));
      if (origin.editable) out += "editable = true\n";
      break;
    case DirectOrigin::Kind::kRepository:
      out += "\n[packages.vcs]\ntype = \"git\"\n";
      append_text(out, "url", origin.url);
      append_text(out, "requested-revision", origin.revision);
      append_text(out, "commit-id", origin.commit);
      break;
  }
  append_text(out, "subdirectory", origin.subdirectory);
}

pep::Result<bool> read_origin(const SourceText& source, const Value& entry, Package& package) {
  static constexpr std::pair<std::string_view, DirectOrigin::Kind> kTables[] = {
      {"archive", DirectOrigin::Kind::kArchive},
      {"directory", DirectOrigin::Kind::kDirectory},
      {"vcs", DirectOrigin::Kind::kRepository}};
  for (const auto& [name, kind] : kTables) {
    const Value* table = entry.find(name);
    if (table == nullptr) continue;
    if (auto status = expect_kind(source, *table, Kind::kTable, name); !status)
      return std::move(status).error();
    if (package.origin) {
      return error_at(source, *table,
                      fmt::format("{} can't come from two places", package.name.str()));
    }
    package.origin.emplace().kind = kind;
    if (auto status = read_one(source, *table, package); !status) return std::move(status).error();
  }
  if (package.origin && (entry.find("wheels") != nullptr || entry.find("sdist") != nullptr)) {
    return error_at(source, entry,
                    fmt::format("{} can't come from two places", package.name.str()));
  }
  return package.origin.has_value();
}

std::vector<Member> pipfile_origin(const DirectOrigin& origin) {
  std::vector<Member> members;
  if (origin.editable) {
    Value yes;
    yes.kind = Kind::kBoolean;
    yes.boolean = true;
    members.push_back({"editable", std::move(yes)});
  }
  switch (origin.kind) {
    case DirectOrigin::Kind::kArchive:
      members.push_back(text_member("file", direct_url(origin)));
      return members;
    case DirectOrigin::Kind::kDirectory:
      members.push_back(text_member("path", origin.url));
      break;
    case DirectOrigin::Kind::kRepository:
      members.push_back(text_member("git", origin.url));
      members.push_back(text_member("ref", origin.commit));
      break;
  }
  if (!origin.subdirectory.empty())
    members.push_back(text_member("subdirectory", origin.subdirectory));
  return members;
}

pep::Result<bool> read_pipfile_origin(const SourceText& source, const Value& entry,
                                      Package& package) {
  DirectOrigin origin;
  if (const std::string_view git = entry.string("git"); !git.empty()) {
    origin.kind = DirectOrigin::Kind::kRepository;
    origin.url = std::string(git);
    origin.commit = std::string(entry.string("ref"));
    if (!is_commit(origin.commit)) {
      return error_at(
          source, entry,
          fmt::format("{}: ref is no commit of git: 40 hexadecimal digits", package.name.str()));
    }
  } else if (const std::string_view file = entry.string("file"); !file.empty()) {
    UrlParts parts = parts_of(file);
    origin.url = std::move(parts.url);
    origin.subdirectory = std::move(parts.subdirectory);
  } else if (const std::string_view path = entry.string("path"); !path.empty()) {
    const bool archive = path.ends_with(".whl") || path.ends_with(".gz") || path.ends_with(".zip");
    origin.kind = archive ? DirectOrigin::Kind::kArchive : DirectOrigin::Kind::kDirectory;
    origin.url = std::string(path);
  } else {
    return false;
  }
  if (const std::string_view below = entry.string("subdirectory"); !below.empty())
    origin.subdirectory = std::string(below);
  const Value* editable = entry.find("editable");
  origin.editable = editable != nullptr && editable->boolean;
  package.origin = std::move(origin);
  return true;
}

pep::Result<Package> package_of_url(const RootRequirement& root) {
  Package package;
  package.name = root.requirement.name;
  package.extras = root.requirement.extras;
  package.has_version = false;
  if (root.requirement.marker) package.marker = root.requirement.marker->str();
  DirectOrigin& origin = package.origin.emplace();
  UrlParts parts = parts_of(root.requirement.url);
  origin.subdirectory = std::move(parts.subdirectory);
  origin.editable = root.editable;
  if (root.origin == Origin::kVersionControl) {
    const std::size_t at = parts.url.rfind('@');
    const bool git = parts.url.starts_with("git+");
    if (!git || at == std::string::npos || !is_commit(std::string_view(parts.url).substr(at + 1)))
      return no_lock(root, "a lock names the commit of a repository: git+URL@ and 40 digits");
    origin.kind = DirectOrigin::Kind::kRepository;
    origin.url = parts.url.substr(4, at - 4);
    origin.commit = parts.url.substr(at + 1);
  } else {
    const std::string filename = url_filename(parts.url);
    const bool remote = is_web(parts.url);
    Artifact artifact{.filename = filename, .url = parts.url, .sha256 = parts.sha256};
    artifact.wheel = filename.ends_with(".whl");
    for (const std::string& hash : root.hashes) {
      if (hash.starts_with("sha256:")) artifact.sha256 = hash.substr(7);
    }
    const bool archive = remote || !artifact.sha256.empty() || artifact.wheel ||
                         filename.ends_with(".tar.gz") || filename.ends_with(".zip");
    origin.kind = archive ? DirectOrigin::Kind::kArchive : DirectOrigin::Kind::kDirectory;
    origin.url = remote ? parts.url : path_of(parts.url);
    if (archive && artifact.sha256.empty())
      return no_lock(root, "a lock gives the hash of an archive: --hash=sha256:…");
    if (archive) package.artifacts.push_back(std::move(artifact));
  }
  if (package.name.empty())
    return no_lock(root, "a lock names the project that a URL or path holds: name @ URL");
  return package;
}

}  // namespace resolver::lock
