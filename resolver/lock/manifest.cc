// The choice of a reader, and of a manifest; see manifest.h.
#include "resolver/lock/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>

#include "resolver/lock/lock_manifest.h"
#include "resolver/lock/pipfile.h"
#include "resolver/lock/pyproject.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/requirements_file.h"
#include "resolver/lock/setup_cfg.h"
#include "resolver/lock/source_text.h"

namespace resolver::lock {
namespace {

namespace fs = std::filesystem;

pep::Status refuse_selection(const std::string& path, const Selection& selection) {
  if (selection.extras.empty() && selection.groups.empty()) return pep::Done{};
  const std::string option = selection.extras.empty() ? "--group" : "--extra";
  return pep::error(
      pep::Fault::kUsage,
      fmt::format("{} needs a pyproject.toml, setup.cfg or Pipfile; {} has none of these parts",
                  option, path));
}

// Whether the file, which may serve other tools only, says what the application needs.
bool says_requirements(const std::string& path, ManifestKind kind) {
  std::error_code failed;
  if (!fs::is_regular_file(path, failed)) return false;
  if (kind != ManifestKind::kPyproject && kind != ManifestKind::kSetupCfg) return true;
  const auto text = read_file(path);
  if (!text) return true;  // reading it will say why
  const std::string_view table =
      kind == ManifestKind::kPyproject ? "[project]" : "install_requires";
  return text->starts_with(table) || text->find("\n" + std::string(table)) != std::string::npos;
}

std::vector<std::string> sorted_texts(const Requirements& requirements) {
  std::vector<std::string> texts;
  for (const RootRequirement& root : requirements.requirements) {
    texts.push_back(root.origin == Origin::kIndex ? root.requirement.str() : root.requirement.url);
  }
  std::ranges::sort(texts);
  return texts;
}

// Two manifests agree if they ask for the same, or if one is the lock made from the other.
bool agree(const std::string& one, const std::string& other) {
  const auto first = read_manifest(one, {});
  const auto second = read_manifest(other, {});
  if (!first || !second) return false;
  const auto is_lock = [](const Requirements& r) {
    return !r.requirements.empty() &&
           std::ranges::none_of(r.requirements, [](const RootRequirement& root) {
             return root.hashes.empty() || !root.requirement.specifiers.pins();
           });
  };
  return is_lock(*second) || sorted_texts(*first) == sorted_texts(*second);
}

}  // namespace

ManifestKind manifest_kind(const std::string& path) {
  const std::string name = fs::path(path).filename().string();
  if (is_pylock_filename(name) || name.ends_with(".lock")) return ManifestKind::kLock;
  if (name == "Pipfile") return ManifestKind::kPipfile;
  if (name.ends_with(".toml")) return ManifestKind::kPyproject;
  if (name.ends_with(".cfg")) return ManifestKind::kSetupCfg;
  return ManifestKind::kRequirements;
}

pep::Result<Requirements> read_manifest(const std::string& path, const Selection& selection) {
  if (path == "-") {
    auto text = read_file("/dev/stdin");
    if (!text) return std::move(text).error();
    return read_requirements_text(*text, "-");
  }
  switch (manifest_kind(path)) {
    case ManifestKind::kPyproject:
      return read_pyproject(path, selection);
    case ManifestKind::kPipfile:
      return read_pipfile(path, selection);
    case ManifestKind::kSetupCfg:
      return read_setup_cfg(path, selection);
    case ManifestKind::kLock:
      return read_lock_as_manifest(path, selection);
    case ManifestKind::kRequirements:
      break;
  }
  if (auto status = refuse_selection(path, selection); !status) return std::move(status).error();
  return read_requirements(path);
}

pep::Result<std::string> find_manifest(const std::string& directory) {
  static constexpr std::array<std::string_view, 5> kNames = {
      "pyproject.toml", "Pipfile", "setup.cfg", "requirements.in", "requirements.txt"};
  std::vector<std::string> found;
  for (const std::string_view name : kNames) {
    const fs::path path =
        directory.empty() || directory == "." ? fs::path(name) : fs::path(directory) / name;
    if (says_requirements(path.string(), manifest_kind(path.string())))
      found.push_back(path.string());
  }
  if (found.empty()) {
    return pep::error(
        pep::Fault::kNotFound,
        fmt::format("{} has no requirements.txt, requirements.in, pyproject.toml, Pipfile or "
                    "setup.cfg; name the "
                    "file, or give requirements with --with",
                    directory.empty() || directory == "." ? "the current directory" : directory));
  }
  // What pip-compile and its like read and write.
  if (found.size() > 1 && found.back().ends_with(".txt") &&
      found[found.size() - 2].ends_with(".in"))
    found.pop_back();
  for (std::size_t other = 1; other < found.size(); ++other) {
    if (agree(found[0], found[other])) continue;
    return pep::error(pep::Fault::kConflict,
                      fmt::format("{} and {} ask for different things; name the one that counts",
                                  found[0], found[other]));
  }
  return found[0];
}

void append(Requirements& all, Requirements more) {
  const auto move_to = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move_to(all.requirements, more.requirements);
  move_to(all.constraints, more.constraints);
  move_to(all.named_indexes, more.named_indexes);
  move_to(all.warnings, more.warnings);
  move_to(all.files_read, more.files_read);
  FileOptions& to = all.options;
  FileOptions& from = more.options;
  if (from.index_url) to.index_url = std::move(from.index_url);
  move_to(to.extra_index_urls, from.extra_index_urls);
  move_to(to.find_links, from.find_links);
  move_to(to.only_index, from.only_index);
  move_to(to.trusted_hosts, from.trusted_hosts);
  move_to(to.only_binary, from.only_binary);
  move_to(to.no_binary, from.no_binary);
  to.no_index = to.no_index || from.no_index;
  to.pre = to.pre || from.pre;
  to.prefer_binary = to.prefer_binary || from.prefer_binary;
  to.require_hashes = to.require_hashes || from.require_hashes;
  if (all.requires_python.empty()) all.requires_python = std::move(more.requires_python);
}

}  // namespace resolver::lock
