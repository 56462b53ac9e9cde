// The file names of wheels and sdists.
#include <fmt/format.h>

#include "pep/ascii.h"
#include "pep/tag.h"

namespace pep {

namespace {

// Letters, digits, "_" and ".", no "__", as PEP 427 escapes a project name.
bool is_wheel_project(std::string_view text) {
  if (text.empty() || !is_alnum(text.front()) || !is_alnum(text.back())) return false;
  char before = 0;
  for (const char c : text) {
    if (!is_word_char(c) && c != '.') return false;
    if (c == '_' && before == '_') return false;
    before = c;
  }
  return true;
}

bool is_identifier(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return false;
  for (const char c : text) {
    if (!is_word_char(c)) return false;
  }
  return true;
}

// Words joined by dots, none empty.
bool is_compressed(std::string_view text, bool identifiers) {
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view word = text.substr(0, dot);
    if (word.empty() || (identifiers && !is_identifier(word))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_triple(std::string_view text) {
  const std::size_t first = text.find('-');
  const std::size_t second = text.find('-', first + 1);
  return is_compressed(text.substr(0, first), true) &&
         is_compressed(text.substr(first + 1, second - first - 1), false) &&
         is_compressed(text.substr(second + 1), false);
}

std::string_view without_sdist_suffix(std::string_view filename) {
  for (const std::string_view suffix : {std::string_view(".tar.gz"), std::string_view(".zip")}) {
    if (filename.ends_with(suffix)) return filename.substr(0, filename.size() - suffix.size());
  }
  return {};
}

Error bad_name(std::string_view filename, std::string_view kind, std::string_view form) {
  return pep::error(Fault::kMalformed, fmt::format("'{}' is no file name of {}: it should read {}",
                                                   filename.substr(0, 200), kind, form));
}

}  // namespace

std::optional<WheelView> view_wheel_filename(std::string_view filename) {
  constexpr std::size_t kMostDashes = 5;
  if (!filename.ends_with(".whl")) return std::nullopt;
  filename.remove_suffix(4);
  std::size_t dashes[kMostDashes] = {};
  std::size_t count = 0;
  for (std::size_t i = 0; i < filename.size(); ++i) {
    if (filename[i] != '-') continue;
    if (count == kMostDashes) return std::nullopt;
    dashes[count++] = i;
  }
  if (count < 4) return std::nullopt;
  const auto between = [&](std::size_t a, std::size_t b) {
    return filename.substr(dashes[a] + 1, dashes[b] - dashes[a] - 1);
  };
  WheelView view;
  view.name = filename.substr(0, dashes[0]);
  view.triple = filename.substr(dashes[count - 3] + 1);
  if (!is_wheel_project(view.name) || !is_triple(view.triple)) return std::nullopt;
  if (count == kMostDashes) {
    view.build = between(1, 2);
    if (view.build.empty() || !is_digit(view.build.front())) return std::nullopt;
  }
  auto version = Version::try_parse(between(0, 1));
  if (!version) return std::nullopt;
  view.version = *std::move(version);
  return view;
}

Result<WheelName> parse_wheel_filename(std::string_view filename) {
  auto view = view_wheel_filename(filename);
  if (!view) {
    return bad_name(filename, "a wheel", "name-version[-build]-python-abi-platform.whl (PEP 427)");
  }
  return WheelName{.name = Name::of(view->name),
                   .version = std::move(view->version),
                   .build = std::string(view->build),
                   .triple = std::string(view->triple)};
}

Result<SdistName> parse_sdist_filename(std::string_view filename) {
  const std::string_view stem = without_sdist_suffix(filename);
  const std::size_t dash = stem.rfind('-');
  if (dash != std::string_view::npos) {
    auto name = Name::parse(stem.substr(0, dash));
    auto version = Version::try_parse(stem.substr(dash + 1));
    if (name && version) {
      return SdistName{.name = *std::move(name), .version = *std::move(version)};
    }
  }
  return bad_name(filename, "an sdist", "name-version.tar.gz or name-version.zip (PEP 625)");
}

std::optional<Version> sdist_version(std::string_view filename, const Name& project) {
  constexpr std::size_t kLongest = 1024;
  const std::string_view stem = without_sdist_suffix(filename);
  if (stem.size() > kLongest) return std::nullopt;
  // Not before the project's name can end: it is at least as long as its normal form.
  for (std::size_t dash = stem.find('-', project.str().size()); dash != std::string_view::npos;
       dash = stem.find('-', dash + 1)) {
    if (Name::of(stem.substr(0, dash)) == project) return Version::try_parse(stem.substr(dash + 1));
  }
  return std::nullopt;
}

}  // namespace pep
