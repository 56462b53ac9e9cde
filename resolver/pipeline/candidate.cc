#include "resolver/pipeline/candidate.h"

#include <algorithm>
#include <limits>

#include "pep/specifier.h"
#include "resolver/index/file_digest.h"

namespace resolver::pipeline {

bool NameSet::contains(const pep::Name& name) const {
  return all || std::binary_search(names.begin(), names.end(), name);
}

bool CandidateFilter::python_fits(std::string_view requires_python) {
  if (requires_python.empty()) return true;
  auto [place, fresh] = python_fits_.try_emplace(std::string(requires_python), true);
  if (fresh) {
    auto specifiers = pep::SpecifierSet::parse(requires_python);
    // What nobody can read says nothing: pip takes such a file too.
    place->second = !specifiers || specifiers->contains(target_.python);
  }
  return place->second;
}

Rejection CandidateFilter::reject(const index::FileFacts& file, const pep::Name& name, bool pinned,
                                  std::uint32_t& rank) {
  if (policy_.exclude_newer &&
      (file.upload_time == 0 || file.upload_time >= *policy_.exclude_newer)) {
    return Rejection::kTooNew;
  }
  if (file.yanked && !pinned && !policy_.allow_yanked) return Rejection::kYanked;
  if (!python_fits(file.requires_python)) return Rejection::kRequiresPython;
  if (file.kind == index::FileKind::kSdist) {
    rank = std::numeric_limits<std::uint32_t>::max();
    return policy_.only_binary.contains(name) ? Rejection::kOnlyBinary : Rejection::kNone;
  }
  if (policy_.no_binary.contains(name)) return Rejection::kNoBinary;
  auto found = target_.tags.rank(file.triple);
  if (!found) return Rejection::kTags;
  rank = *found;
  return Rejection::kNone;
}

bool CandidateFilter::hash_fits(const index::Page& page, std::uint32_t number) const {
  if (policy_.hashes.empty()) return true;
  const auto given = policy_.hashes.find(page.name());
  if (given == policy_.hashes.end()) return true;
  const std::string digest = index::sha256_hex(page.file(number));
  return !digest.empty() &&
         std::find(given->second.begin(), given->second.end(), digest) != given->second.end();
}

// For what is known of this very file.
Rejection CandidateFilter::reject_known(const index::Page& page, std::uint32_t number) const {
  if (!hash_fits(page, number)) return Rejection::kHash;
  if (policy_.lacking.empty()) return Rejection::kNone;
  return policy_.lacking.contains(page.file(number).filename) ? Rejection::kLacks
                                                              : Rejection::kNone;
}

Candidate CandidateFilter::best(const index::Page& page, std::uint32_t version, bool pinned) {
  Candidate best{.file = {}, .rejection = Rejection::kNoFiles};
  std::uint64_t best_rank = std::numeric_limits<std::uint64_t>::max();
  std::optional<std::uint32_t> announced;  // a wheel whose metadata the index serves
  bool sdist = false;
  const index::FileRange range = page.files(version);
  for (std::uint32_t number = range.begin; number < range.end; ++number) {
    std::uint32_t rank = 0;
    const index::FileFacts file = page.facts(number);
    if (file.kind == index::FileKind::kWheel && file.has_core_metadata && !announced)
      announced = number;
    Rejection rejection = reject(file, page.name(), pinned, rank);
    if (rejection == Rejection::kNone) rejection = reject_known(page, number);
    if (rejection != Rejection::kNone) {
      if (!best.file) best.rejection = std::max(best.rejection, rejection);
    } else if (rank < best_rank) {
      best_rank = rank;
      best = {.file = number, .metadata_file = number, .rejection = Rejection::kNone};
      sdist = file.kind == index::FileKind::kSdist;
    }
  }
  if (sdist && announced) best.metadata_file = *announced;
  return best;
}

std::vector<std::uint32_t> CandidateFilter::usable_files(const index::Page& page,
                                                         std::uint32_t version, bool pinned) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranked;
  const index::FileRange range = page.files(version);
  for (std::uint32_t number = range.begin; number < range.end; ++number) {
    std::uint32_t rank = 0;
    if (reject(page.facts(number), page.name(), pinned, rank) == Rejection::kNone &&
        reject_known(page, number) == Rejection::kNone) {
      ranked.emplace_back(rank, number);
    }
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::uint32_t> files;
  files.reserve(ranked.size());
  for (const auto& [rank, number] : ranked) files.push_back(number);
  return files;
}

std::string libc_needed(std::string_view triple, const rpmenv::Target& target) {
  const std::size_t platform = triple.rfind('-');
  if (platform == std::string_view::npos || target.platforms.empty()) return {};
  std::string_view rest = triple.substr(platform + 1);
  while (!rest.empty()) {
    std::string_view one = rest.substr(0, rest.find('.'));
    rest = one.size() == rest.size() ? std::string_view() : rest.substr(one.size() + 1);
    for (std::string_view family : {"manylinux_", "musllinux_"}) {
      if (!one.starts_with(family)) continue;
      std::string_view level = one.substr(family.size());
      std::size_t minor = level.find('_');
      std::size_t machine = minor == std::string_view::npos ? minor : level.find('_', minor + 1);
      if (machine == std::string_view::npos) continue;
      // Would the target take it, if only its libc were new enough?
      std::string generic = std::string(triple.substr(0, platform + 1)) + "linux" +
                            std::string(level.substr(machine));
      if (!target.tags.rank(generic)) continue;
      const bool musl = family.starts_with("musl");
      const bool target_musl = target.platforms.front().starts_with("musl");
      if (musl != target_musl) continue;
      return std::string(musl ? "musl " : "glibc ") + std::string(level.substr(0, minor)) + "." +
             std::string(level.substr(minor + 1, machine - minor - 1));
    }
  }
  return {};
}

}  // namespace resolver::pipeline
