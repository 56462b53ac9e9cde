#include "plugin/direct/location.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "resolver/lock/requirement_text.h"
#include "resolver/lock/url.h"

namespace plugin::direct {
namespace {

namespace fs = std::filesystem;
namespace index = resolver::index;
namespace lock = resolver::lock;

pep::Error bad(std::string what) { return pep::error(pep::Fault::kConfig, std::move(what)); }

bool is_digest(std::string_view text) {
  return text.size() == 64 &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// "#egg=name&subdirectory=x&sha256=…"; other algorithms are refused, as a hash that nobody compares
// is worse than none.
pep::Status read_fragment(std::string_view fragment, Location& found) {
  while (!fragment.empty()) {
    const std::string_view word = fragment.substr(0, fragment.find('&'));
    fragment.remove_prefix(std::min(word.size() + 1, fragment.size()));
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals);
    const std::string value =
        equals == std::string_view::npos ? "" : lock::percent_decoded(word.substr(equals + 1));
    if (key == "subdirectory") {
      const fs::path path = fs::path(value).lexically_normal();
      if (path.is_absolute() || (!path.empty() && *path.begin() == ".."))
        return bad(fmt::format("subdirectory={} leads out of the project", value));
      found.subdirectory = path == "." ? "" : path.generic_string();
      while (found.subdirectory.ends_with('/')) found.subdirectory.pop_back();
    } else if (key == "sha256") {
      if (!is_digest(value)) return bad("a sha256 hash has 64 hexadecimal digits");
      found.sha256 = {lowered(value)};
    } else if (key == "md5" || key == "sha1" || key == "sha224" || key == "sha384" ||
               key == "sha512") {
      return bad(fmt::format("only a sha256 hash is compared; {} is not supported in a URL", key));
    }
  }
  return pep::Done{};
}

// "./project[a,b]": what stands in brackets at the end, unless a file is really called so.
pep::Status take_extras(std::string& path, Location& found) {
  std::error_code unknown;
  const std::size_t bracket = path.rfind('[');
  if (!path.ends_with(']') || bracket == std::string::npos || fs::exists(path, unknown))
    return pep::Done{};
  std::string_view list = std::string_view(path).substr(bracket + 1);
  list.remove_suffix(1);
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    const std::size_t begin = one.find_first_not_of(' ');
    const std::size_t end = one.find_last_not_of(' ');
    auto name = begin == std::string_view::npos
                    ? pep::Name::parse("")
                    : pep::Name::parse(one.substr(begin, end - begin + 1));
    if (!name) return bad(fmt::format("\"{}\" is no name of an extra", one));
    found.extras.push_back(std::move(*name));
  }
  path.resize(bracket);
  return pep::Done{};
}

// A path is relative to the working directory, as pip has it, or else to the file that names it.
pep::Status read_path(std::string path, const std::string& file, Location& found) {
  if (auto taken = take_extras(path, found); !taken) return taken;
  std::error_code unknown;
  if (path.starts_with("~/")) {
    if (const char* home = std::getenv("HOME")) path = home + path.substr(1);
  }
  fs::path place(path);
  if (place.is_relative() && !fs::exists(place, unknown)) {
    const fs::path beside = fs::path(file).parent_path() / place;
    if (fs::exists(beside, unknown)) place = beside;
  }
  place = fs::absolute(place, unknown).lexically_normal();
  std::string text = place.string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  if (!fs::exists(text, unknown)) return bad(fmt::format("{} is not there", text));
  found.local = true;
  found.kind =
      fs::is_directory(text, unknown) ? Location::Kind::kDirectory : Location::Kind::kArchive;
  found.url = text;
  found.shown = index::file_url(text);
  return pep::Done{};
}

pep::Status read_repository(std::string url, Location& found) {
  if (!url.starts_with("git+"))
    return bad(fmt::format("of repositories only those of git are supported, and {} is none",
                           lock::redacted(url)));
  url.erase(0, 4);
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) {
    return bad(fmt::format("git+{} is no URL; write git+ssh://git@host/path or git+https://…",
                           lock::redacted(url)));
  }
  const std::size_t path = std::min(url.find('/', scheme + 3), url.size());
  if (const std::size_t at = url.rfind('@'); at != std::string::npos && at > path) {
    found.revision = url.substr(at + 1);
    url.resize(at);
  }
  if (found.revision.starts_with('-') ||
      found.revision.find_first_of(" ~^:?*[\\") != std::string::npos) {
    return bad(fmt::format("\"{}\" is no branch, tag or commit", found.revision));
  }
  const std::string_view kind = std::string_view(url).substr(0, scheme);
  if (kind != "https" && kind != "http" && kind != "ssh" && kind != "git" && kind != "file")
    return bad(fmt::format("git+{}:// is not supported", kind));
  found.kind = Location::Kind::kRepository;
  found.url = url;
  found.local = kind == "file";
  index::Credentials secret = index::take_credentials(url);
  // Who logs in by ssh is a part of the address and no secret.
  if (kind == "ssh" && !secret.user.empty()) url.insert(scheme + 3, secret.user + "@");
  if (kind == "ssh" || kind == "git") found.url = url;
  found.shown = url;
  return pep::Done{};
}

pep::Status read_url(const lock::RootRequirement& requirement, Location& found) {
  std::string url = requirement.requirement.url;
  const std::size_t hash = url.find('#');
  const bool is_url = lock::is_url(url) || url.starts_with("file:");
  if (hash != std::string::npos && (is_url || lock::is_version_control(url))) {
    if (auto read = read_fragment(std::string_view(url).substr(hash + 1), found); !read)
      return read;
    url.resize(hash);
  }
  if (lock::is_version_control(url)) return read_repository(std::move(url), found);
  if (url.starts_with("file:")) {
    std::string_view path = std::string_view(url).substr(5);
    if (path.starts_with("//localhost/")) path.remove_prefix(11);
    if (path.starts_with("//")) path.remove_prefix(2);
    return read_path(lock::percent_decoded(path), requirement.place.file, found);
  }
  if (!is_url) return read_path(std::move(url), requirement.place.file, found);
  if (!url.starts_with("https://") && !url.starts_with("http://"))
    return bad(fmt::format("{} is no URL that a package can be taken from", lock::redacted(url)));
  found.url = url;
  found.shown = lock::without_credentials(url);
  return pep::Done{};
}

}  // namespace

std::string Location::canonical() const {
  std::string text = shown;
  if (kind == Kind::kRepository) {
    if (text.ends_with(".git")) text.resize(text.size() - 4);
    while (text.ends_with('/')) text.pop_back();
    text = "git+" + text + (revision.empty() ? "" : "@" + revision);
  }
  return subdirectory.empty() ? text : text + "#subdirectory=" + subdirectory;
}

pep::Result<Location> location_of(const lock::RootRequirement& requirement) {
  Location found;
  found.editable = requirement.editable;
  pep::Status read = read_url(requirement, found);
  if (read && found.editable && found.kind == Location::Kind::kArchive)
    read = bad("-e needs the directory of a project, or a repository");
  std::vector<std::string> given;
  for (const std::string& digest : requirement.hashes) {
    if (digest.starts_with("sha256:")) given.push_back(lowered(digest.substr(7)));
  }
  if (read && !requirement.hashes.empty() && found.kind != Location::Kind::kArchive)
    read = bad("a directory or a repository cannot be held against a hash");
  if (read && !requirement.hashes.empty() && given.empty())
    read = bad("only a sha256 hash can be compared with what a URL gives");
  if (!read) {
    pep::Error failure = std::move(read).error();
    failure.place = requirement.place;
    failure.excerpt = requirement.excerpt;
    return failure;
  }
  if (!given.empty()) {
    if (!found.sha256.empty() &&
        std::find(given.begin(), given.end(), found.sha256[0]) == given.end()) {
      given.clear();  // both must hold, and cannot
      given.push_back("no digest meets both the fragment and --hash");
    } else if (!found.sha256.empty()) {
      given = found.sha256;
    }
    found.sha256 = std::move(given);
  }
  return found;
}

}  // namespace plugin::direct
