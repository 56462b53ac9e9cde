// Tells the forms of a requirement apart; see requirement_text.h.
#include "resolver/lock/requirement_text.h"

#include <algorithm>

#include "pep/tag.h"
#include "resolver/lock/url.h"

namespace resolver::lock {
namespace {

bool is_archive(std::string_view text) {
  for (const std::string_view suffix : {".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz"}) {
    if (text.ends_with(suffix)) return true;
  }
  return false;
}

bool has_scheme(std::string_view text) { return is_url(text) || text.starts_with("file:"); }

// A path is what no name, specifier or marker could be: it begins with a dot or slash, or has a
// slash in its first word.
bool is_path(std::string_view text) {
  if (text.starts_with('.') || text.starts_with('/') || text.starts_with('~')) return true;
  const std::size_t end = text.find_first_of(" \t;@[(<>=!~,");
  const std::string_view word = text.substr(0, end);
  return word.find('/') != std::string_view::npos || is_archive(word);
}

// What "#egg=", or the file name of a wheel or sdist, says of the project; empty if nothing does.
pep::Name name_in_url(std::string_view url) {
  const std::size_t fragment = url.find('#');
  if (fragment != std::string_view::npos) {
    const std::string_view rest = url.substr(fragment + 1);
    const std::size_t egg = rest.find("egg=");
    if (egg != std::string_view::npos) {
      std::string_view name = rest.substr(egg + 4);
      name = name.substr(0, name.find_first_of("&["));
      auto parsed = pep::Name::parse(name);
      if (parsed) return *parsed;
    }
  }
  const std::string file = url_filename(url);
  if (auto wheel = pep::parse_wheel_filename(file)) return wheel->name;
  if (auto sdist = pep::parse_sdist_filename(file)) return sdist->name;
  return {};
}

Origin origin_of(std::string_view url) {
  if (is_version_control(url)) return Origin::kVersionControl;
  return is_url(url) && !url.starts_with("file:") ? Origin::kUrl : Origin::kPath;
}

// "https://…/x.whl ; python_version < '3'": the marker needs a space before its semicolon, as a URL
// may hold one.
pep::Result<RootRequirement> parse_bare_url(std::string_view text) {
  RootRequirement root;
  std::string_view url = text;
  std::size_t semicolon = text.find(" ;");
  if (semicolon == std::string_view::npos) {
    semicolon = text.find("; ");
  }
  if (semicolon != std::string_view::npos) {
    const std::size_t start = text.find(';', semicolon) + 1;
    url = text.substr(0, semicolon);
    auto marker = pep::Marker::parse(text.substr(start));
    if (!marker) {
      pep::Error failure = std::move(marker).error();
      const int column = failure.place ? failure.place->column : 1;
      failure.place = pep::Place{{}, 1, std::max(column, 1) + static_cast<int>(start)};
      failure.excerpt = std::string(text);
      return failure;
    }
    root.requirement.marker = std::move(*marker);
  }
  while (url.ends_with(' ') || url.ends_with('\t')) url.remove_suffix(1);
  root.requirement.url = std::string(url);
  root.requirement.name = name_in_url(url);
  root.requirement.spelled = root.requirement.name.str();
  root.origin = origin_of(url);
  return root;
}

}  // namespace

bool is_version_control(std::string_view url) {
  for (const std::string_view scheme : {"git+", "hg+", "svn+", "bzr+"}) {
    if (url.starts_with(scheme)) return true;
  }
  return false;
}

bool is_relative(std::string_view file) { return !file.starts_with('/') && !has_scheme(file); }

pep::Result<RootRequirement> parse_requirement_text(std::string_view text) {
  if (has_scheme(text) || is_version_control(text) || is_path(text)) return parse_bare_url(text);
  auto parsed = pep::Requirement::parse(text);
  if (!parsed) return std::move(parsed).error();
  RootRequirement root;
  root.requirement = std::move(*parsed);
  if (!root.requirement.url.empty()) root.origin = origin_of(root.requirement.url);
  return root;
}

}  // namespace resolver::lock
