#include "plugin/direct_place.h"

#include <filesystem>
#include <string>

#include "resolver/lock/url.h"

namespace plugin {

namespace {

namespace lock = resolver::lock;
using Kind = lock::DirectOrigin::Kind;

// One text for all spellings; what is on this machine is a path.
std::string canonical_place(const lock::DirectOrigin& origin) {
  std::string place = lock::without_credentials(origin.url);
  const bool here = place.starts_with("file://") || !lock::is_url(place);
  if (place.starts_with("file://")) place = lock::percent_decoded(place.substr(7));
  if (here) place = std::filesystem::path(place).lexically_normal().string();
  while (place.size() > 1 && place.ends_with('/')) place.pop_back();
  if (origin.kind == Kind::kRepository && place.ends_with(".git")) place.resize(place.size() - 4);
  while (place.size() > 1 && place.ends_with('/')) place.pop_back();
  return place;
}

std::string canonical_subdirectory(const std::string& text) {
  if (text.empty()) return text;
  std::string path = std::filesystem::path(text).lexically_normal().generic_string();
  while (path.ends_with('/')) path.pop_back();
  return path == "." ? "" : path;
}

bool is_commit(const std::string& text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

bool is_same_place(const lock::DirectOrigin& asked, const lock::DirectOrigin& locked,
                   bool notes_revisions) {
  if (asked.kind != locked.kind || canonical_place(asked) != canonical_place(locked) ||
      canonical_subdirectory(asked.subdirectory) != canonical_subdirectory(locked.subdirectory)) {
    return false;
  }
  // pylock.toml has no room for it in a repository.
  const bool notes_editable = asked.kind == Kind::kDirectory || !notes_revisions;
  if (notes_editable && asked.editable != locked.editable) return false;
  if (asked.kind != Kind::kRepository || asked.commit == locked.commit) return true;
  if (is_commit(asked.revision)) return false;
  return !notes_revisions || asked.revision == locked.revision;
}

}  // namespace plugin
