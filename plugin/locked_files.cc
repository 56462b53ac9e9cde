#include "plugin/locked_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "pep/tag.h"
#include "resolver/index/file_digest.h"
#include "resolver/lock/url.h"

namespace plugin {

namespace {

namespace index = resolver::index;
namespace lock = resolver::lock;
namespace pipeline = resolver::pipeline;

std::optional<std::uint32_t> version_on(const index::Page& page, const pep::Version& version) {
  for (std::uint32_t i = 0; i < page.version_count(); ++i) {
    if (page.version(i) == version) return i;
  }
  return std::nullopt;
}

std::string plain_url(std::string_view url) {
  std::string plain = lock::without_credentials(url);
  while (plain.ends_with('/')) plain.pop_back();
  return plain;
}

bool is_web(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

std::string why_unusable(pipeline::Rejection rejection) {
  switch (rejection) {
    case pipeline::Rejection::kTooNew:
      return "it was uploaded after the cut-off";
    case pipeline::Rejection::kYanked:
      return "it was yanked, and no requirement of yours pins it";
    case pipeline::Rejection::kRequiresPython:
      return "it requires another Python than the target's";
    case pipeline::Rejection::kOnlyBinary:
      return "it has only an sdist that fits, and --only-binary rules that out";
    case pipeline::Rejection::kNoBinary:
      return "it has only wheels that fit, and --no-binary rules them out";
    case pipeline::Rejection::kHash:
      return "it has no file with a hash that the requirement gives";
    default:
      return "it has no file that this target can install";
  }
}

}  // namespace

void LockedFiles::check_index(const lock::Package& package, const index::Page& page,
                              Checked& checked) const {
  const std::string& now = page.index_url();
  if (!is_web(package.index) || !is_web(now) || package.index.find("${") != std::string::npos)
    return;
  if (plain_url(package.index) == plain_url(now)) return;
  checked.stale.push_back(fmt::format("it was locked from {}, and now comes from {}",
                                      lock::redacted(package.index), lock::redacted(now)));
}

void LockedFiles::check_files(const lock::Package& package, const index::Page& page,
                              std::uint32_t version, bool pinned, Checked& checked) {
  const std::string locked = package.version.str();
  const std::vector<std::uint32_t> usable = filter_.usable_files(page, version, pinned);
  if (usable.empty()) {
    checked.stale.push_back(fmt::format(
        "{} is locked: {}", locked, why_unusable(filter_.best(page, version, pinned).rejection)));
    return;
  }
  if (package.artifacts.empty()) {
    checked.stale.push_back(fmt::format("{} is locked without a hash", locked));
    return;
  }
  const auto has = [&](const std::string& digest) {
    return std::any_of(package.artifacts.begin(), package.artifacts.end(),
                       [&](const lock::Artifact& one) { return one.sha256 == digest; });
  };
  bool any = false;
  for (const std::uint32_t number : usable) {
    const index::File file = page.file(number);
    any = any || has(index::sha256_hex(file));
  }
  const index::FileRange range = page.files(version);
  for (std::uint32_t number = range.begin; number < range.end; ++number) {
    const index::File file = page.file(number);
    for (const lock::Artifact& one : package.artifacts) {
      if (one.filename != file.filename) continue;
      const std::string digest = index::sha256_hex(file);
      if (digest.empty() || one.sha256 == digest) continue;
      checked.stale.push_back(
          fmt::format("the index has another hash for {} than the lock", one.filename));
      return;
    }
  }
  if (!any) {
    checked.stale.push_back(
        fmt::format("{} is locked without a file that this target can install", locked));
  }
}

bool LockedFiles::fits(const lock::Artifact& artifact, const pep::Name& name) const {
  if (!artifact.wheel) return !policy_.only_binary.contains(name);
  const auto wheel = pep::parse_wheel_filename(artifact.filename);
  return wheel && !policy_.no_binary.contains(name) && target_.tags.rank(wheel->triple).has_value();
}

// What file names alone tell; a lock of hashes has none.
void LockedFiles::check_names(const lock::Package& package, Checked& checked) {
  const auto& artifacts = package.artifacts;
  const bool named = !artifacts.empty() && !artifacts[0].filename.empty();
  const bool any = std::any_of(artifacts.begin(), artifacts.end(),
                               [&](const auto& artifact) { return fits(artifact, package.name); });
  if (named && !any) {
    checked.stale.push_back(fmt::format("{} is locked without a file that this target can install",
                                        package.version.str()));
  }
  if (!filter_.python_fits(package.requires_python)) {
    checked.stale.push_back(
        fmt::format("{} requires Python {}", package.version.str(), package.requires_python));
  }
}

pep::Result<LockedFiles::Checked> LockedFiles::check(const lock::Package& package, bool pinned,
                                                     index::Client& client) {
  Checked checked;
  const auto out_of_reach = [&](pep::Error error) -> pep::Result<Checked> {
    if (error.fault != pep::Fault::kUnreachable) return error;
    check_names(package, checked);
    checked.unreachable = std::move(error);
    return std::move(checked);
  };
  auto page = client.page(package.name);
  if (!page) return out_of_reach(std::move(page).error());
  const auto version = *page == nullptr ? std::nullopt : version_on(**page, package.version);
  if (!version) {
    checked.stale.push_back(*page == nullptr
                                ? "no index has it"
                                : fmt::format("{} is locked, and the index has no such version",
                                              package.version.str()));
    return checked;
  }
  check_index(package, **page, checked);
  check_files(package, **page, *version, pinned, checked);
  // What a yanked version needs is of interest all the same.
  const pipeline::Candidate best = filter_.best(**page, *version, true);
  if (!best.file) return checked;
  auto metadata = client.metadata(**page, best.metadata_file);
  if (!metadata && metadata.error().fault != pep::Fault::kUnreachable) {
    checked.stale.push_back(
        fmt::format("{} is locked: {}", package.version.str(), metadata.error().what));
    return checked;
  }
  if (!metadata) return out_of_reach(std::move(metadata).error());
  checked.metadata = *metadata;
  const auto& python = (*metadata)->requires_python;
  if (python && !python->contains(target_.python)) {
    checked.stale.push_back(fmt::format("{} requires Python {}, and the target has {}",
                                        package.version.str(), python->str(),
                                        target_.python.str()));
  }
  return checked;
}

}  // namespace plugin
