#include "plugin/direct/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "pep/tag.h"
#include "plugin/direct/git.h"
#include "plugin/direct/process.h"
#include "resolver/index/checksum.h"
#include "resolver/index/digest.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/source_archive.h"
#include "resolver/index/wheel.h"
#include "resolver/lock/project_metadata.h"
#include "resolver/lock/source_text.h"
#include "resolver/lock/url.h"

namespace plugin::direct {
namespace {

namespace index = resolver::index;
namespace lock = resolver::lock;
namespace fs = std::filesystem;

std::string below(const std::string& subdirectory, const std::string& name) {
  return subdirectory.empty() ? name : subdirectory + "/" + name;
}

pep::Result<pep::Metadata> parsed(std::string_view text, const std::string& shown) {
  auto metadata = pep::Metadata::parse(text);
  if (metadata) return metadata;
  return pep::error(pep::Fault::kMalformed, fmt::format("the metadata of {} are invalid: {}", shown,
                                                        metadata.error().what));
}

pep::Status compare(const Location& location, const std::string& actual) {
  const auto& wanted = location.sha256;
  if (wanted.empty() || std::find(wanted.begin(), wanted.end(), actual) != wanted.end())
    return pep::Done{};
  return pep::error(pep::Fault::kIntegrity,
                    fmt::format("{} does not match its hash: expected is sha256 {}, received was "
                                "{}",
                                location.shown, wanted.front(), actual));
}

// "DIGEST SIZE\nMETADATA": what the store keeps of an archive.
struct Kept {
  std::string digest;
  std::uint64_t size = 0;
  std::string metadata;
};

std::optional<Kept> kept_of(const std::optional<std::string>& text) {
  if (!text || text->size() < 66 || (*text)[64] != ' ') return std::nullopt;
  const std::size_t end = text->find('\n');
  if (end == std::string::npos) return std::nullopt;
  return Kept{.digest = text->substr(0, 64),
              .size = std::strtoull(text->c_str() + 65, nullptr, 10),
              .metadata = text->substr(end + 1)};
}

// Copies a directory that a build may write into; without what is big and of no use to it.
pep::Status copy_tree(const std::string& from, const std::string& to) {
  std::error_code failed;
  fs::recursive_directory_iterator entries(from, failed);
  for (; !failed && entries != fs::recursive_directory_iterator(); entries.increment(failed)) {
    const fs::path relative = entries->path().lexically_relative(from);
    const std::string leaf = entries->path().filename();
    if (entries->is_directory(failed) && !entries->is_symlink(failed)) {
      if (leaf == ".venv" || leaf == ".tox" || leaf == ".nox" || leaf == "node_modules" ||
          leaf == "__pycache__") {
        entries.disable_recursion_pending();
        continue;
      }
      fs::create_directories(fs::path(to) / relative, failed);
    } else if (entries->is_regular_file(failed) || entries->is_symlink(failed)) {
      fs::copy(entries->path(), fs::path(to) / relative, fs::copy_options::copy_symlinks, failed);
    }
  }
  if (!failed) return pep::Done{};
  return pep::error(pep::Fault::kIo,
                    fmt::format("{} cannot be copied: {}", from, failed.message()));
}

}  // namespace

std::optional<index::Sha256> digest_of(const std::string& hex) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (hex.size() != 64) return std::nullopt;
  index::Sha256 digest{};
  for (std::size_t i = 0; i < 64; ++i) {
    if (digit(hex[i]) < 0) return std::nullopt;
    digest[i / 2] = static_cast<std::uint8_t>(digest[i / 2] * 16 + digit(hex[i]));
  }
  return digest;
}

std::string SourceReader::flavour() const {
  return builder_ == nullptr ? "" : " built for " + builder_->settings().version;
}

pep::Result<Source> SourceReader::read(const Location& location) {
  switch (location.kind) {
    case Location::Kind::kDirectory:
      return read_directory(location);
    case Location::Kind::kRepository:
      return read_repository(location);
    case Location::Kind::kArchive:
      break;
  }
  return read_archive(location);
}

// An archive is always read whole: a lock gives its hash, and no hash is passed on that nobody saw.
pep::Result<Source> SourceReader::read_archive(const Location& location) {
  const bool remote = !location.local;
  std::string key = "archive:" + location.shown + "#" + location.subdirectory + flavour();
  if (location.sha256.size() == 1) key += " sha256:" + location.sha256[0];
  if (location.url != location.shown) key += fmt::format(" as {}", index::checksum(location.url));
  std::optional<Kept> kept;
  if (remote) kept = kept_of(client_.recall(key));
  const std::string filename = lock::url_filename(remote ? location.shown : location.url);
  if (!kept) {
    auto scratch = Scratch::make();
    if (!scratch) return std::move(scratch).error();
    std::string path = location.url;
    kept.emplace();
    if (remote) {
      path = scratch->path() + "/archive";
      auto fetched = client_.fetch_file(location.url, path);
      if (!fetched) return std::move(fetched).error();
      kept->digest = index::hex(fetched->sha256);
      kept->size = fetched->size;
    } else {
      const auto file = index::MappedFile::open(path);
      if (!file) return file.error();
      kept->digest = index::hex(index::sha256_of(file->bytes()));
      kept->size = file->bytes().size();
    }
    if (auto same = compare(location, kept->digest); !same) return std::move(same).error();
    auto text = metadata_of_archive(path, filename, location);
    if (!text) return std::move(text).error();
    kept->metadata = index::condensed(*text);
    if (remote) {
      client_.remember(key, fmt::format("{} {}\n{}", kept->digest, kept->size, kept->metadata),
                       location.sha256.size() == 1);
    }
  }
  if (auto same = compare(location, kept->digest); !same) return std::move(same).error();
  auto metadata = parsed(kept->metadata, location.shown);
  if (!metadata) return std::move(metadata).error();
  return Source{
      .direct = {.metadata = std::move(*metadata),
                 .filename = filename,
                 .url = location.shown,
                 .sha256 = digest_of(kept->digest),
                 .size = kept->size},
      .origin = {
          .kind = location.kind, .url = location.shown, .subdirectory = location.subdirectory}};
}

pep::Result<std::string> SourceReader::metadata_of_archive(const std::string& path,
                                                           const std::string& filename,
                                                           const Location& location) {
  const auto file = index::MappedFile::open(path);
  if (!file) return file.error();
  if (filename.ends_with(".whl")) {
    auto name = pep::parse_wheel_filename(filename);
    if (!name) return std::move(name).error();
    return index::wheel_metadata(file->bytes(), name->name);
  }
  std::string why;
  if (location.subdirectory.empty()) {
    auto pkg_info = index::sdist_pkg_info(file->bytes());
    if (!pkg_info && pkg_info.error().fault != pep::Fault::kNotFound)
      return pep::error(pep::Fault::kMalformed,
                        fmt::format("{}: {}", location.shown, pkg_info.error().what));
    if (pkg_info) {
      const auto fixed = index::check_static(*pkg_info);
      if (fixed) return pkg_info;
      why = fixed.error().what;
    }
  }
  auto text = lock::static_metadata(
      [&](const std::string& name) {
        return index::source_file(file->bytes(), below(location.subdirectory, name));
      },
      location.shown);
  if (text || text.error().fault != pep::Fault::kNotFound || builder_ == nullptr) {
    if (!text && text.error().fault == pep::Fault::kNotFound && !why.empty())
      text.error().what = fmt::format("{}: {}", location.shown, why);
    return text;
  }
  return build_archive(file->bytes(), location.subdirectory, location.shown);
}

pep::Result<std::string> SourceReader::build_archive(std::string_view bytes,
                                                     const std::string& subdirectory,
                                                     const std::string& shown) {
  auto scratch = Scratch::make();
  if (!scratch) return std::move(scratch).error();
  auto tree = index::unpack_source(bytes, scratch->directory("source"));
  if (!tree) return std::move(tree).error();
  return builder_->metadata_of(subdirectory.empty() ? *tree : *tree + "/" + subdirectory, shown);
}

std::string SourceReader::sdist_key(const index::File& file) const {
  return "sdist:" + index::hex(file.sha256) + flavour();
}

std::optional<std::string> SourceReader::known_sdist(const index::File& file) const {
  return file.has_sha256 ? client_.recall(sdist_key(file)) : std::nullopt;
}

pep::Result<std::string> SourceReader::build_sdist(const index::File& file) {
  const std::string name(file.filename);
  if (!file.has_sha256 && !index::is_local(file.url)) {
    return pep::error(pep::Fault::kNotFound,
                      name + " is not built: its index gives no hash to hold it against");
  }
  std::string path = index::local_path(file.url);
  auto scratch = Scratch::make();
  if (!scratch) return std::move(scratch).error();
  if (!index::is_local(file.url)) {
    path = scratch->path() + "/sdist";
    auto fetched = client_.download(std::string(file.url), file.sha256, path);
    if (!fetched) return std::move(fetched).error();
  }
  const auto archive = index::MappedFile::open(path);
  if (!archive) return archive.error();
  auto text = build_archive(archive->bytes(), "", name);
  if (!text) return text;
  std::string kept = index::condensed(*text);
  if (file.has_sha256) client_.remember(sdist_key(file), kept, true);
  return kept;
}

pep::Result<Source> SourceReader::read_directory(const Location& location) {
  const std::string place =
      location.subdirectory.empty() ? location.url : location.url + "/" + location.subdirectory;
  auto text = lock::static_metadata(
      [&](const std::string& name) { return lock::read_file(place + "/" + name); }, location.url);
  if (!text && text.error().fault == pep::Fault::kNotFound && builder_ != nullptr) {
    auto scratch = Scratch::make();
    if (!scratch) return std::move(scratch).error();
    // A build leaves traces; they are no business of the user's directory.
    const std::string copy = scratch->directory("source");
    if (auto copied = copy_tree(location.url, copy); !copied) return std::move(copied).error();
    text = builder_->metadata_of(
        location.subdirectory.empty() ? copy : copy + "/" + location.subdirectory, location.url);
  }
  if (!text) return std::move(text).error();
  auto metadata = parsed(*text, location.url);
  if (!metadata) return std::move(metadata).error();
  return Source{.direct = {.metadata = std::move(*metadata), .url = location.shown},
                .origin = {.kind = location.kind,
                           .url = location.url,
                           .subdirectory = location.subdirectory,
                           .editable = location.editable}};
}

pep::Result<Source> SourceReader::read_repository(const Location& location) {
  const bool remote = !location.local;
  const std::string secret =
      location.url == location.shown ? "" : fmt::format(" as {}", index::checksum(location.url));
  const std::string ref_key = "ref:" + location.shown + "@" + location.revision + secret;
  const auto metadata_key = [&](const std::string& commit) {
    return "commit:" + commit + "#" + location.subdirectory + flavour();
  };
  std::string commit = is_commit(location.revision) ? location.revision : "";
  if (commit.empty() && remote) commit = client_.recall(ref_key).value_or("");
  std::optional<std::string> text;
  if (!commit.empty()) text = client_.recall(metadata_key(commit));
  if (!text) {
    if (client_.options().offline && remote) {
      return pep::error(
          pep::Fault::kUnreachable,
          location.canonical() + " is not in the store, and --offline forbids to ask for it");
    }
    auto scratch = Scratch::make();
    if (!scratch) return std::move(scratch).error();
    Git git(client_.options(), *scratch, location.url);
    if (commit.empty()) {
      auto resolved = git.resolve(location.revision);
      if (!resolved) return std::move(resolved).error();
      commit = std::move(*resolved);
    }
    text = client_.recall(metadata_key(commit));
    if (!text) {
      auto read = metadata_of_commit(location, git, commit);
      if (!read) return std::move(read).error();
      text = index::condensed(*read);
      client_.remember(metadata_key(commit), *text, true);
    }
    if (remote && !is_commit(location.revision)) client_.remember(ref_key, commit, false);
  }
  auto metadata = parsed(*text, location.shown);
  if (!metadata) return std::move(metadata).error();
  return Source{
      .direct = {.metadata = std::move(*metadata), .url = "git+" + location.shown + "@" + commit},
      .origin = {.kind = location.kind,
                 .url = location.shown,
                 .subdirectory = location.subdirectory,
                 .revision = location.revision,
                 .commit = commit,
                 .editable = location.editable}};
}

pep::Result<std::string> SourceReader::metadata_of_commit(const Location& location, Git& git,
                                                          const std::string& commit) {
  if (auto fetched = git.fetch(commit); !fetched) return std::move(fetched).error();
  auto text = lock::static_metadata(
      [&](const std::string& name) { return git.file(commit, below(location.subdirectory, name)); },
      location.shown);
  if (text || text.error().fault != pep::Fault::kNotFound || builder_ == nullptr) return text;
  auto scratch = Scratch::make();
  if (!scratch) return std::move(scratch).error();
  const std::string tree = scratch->directory("source");
  if (auto cloned = git.clone(commit, tree); !cloned) return std::move(cloned).error();
  return builder_->metadata_of(
      location.subdirectory.empty() ? tree : tree + "/" + location.subdirectory, location.shown);
}

}  // namespace plugin::direct
