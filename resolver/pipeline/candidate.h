// Whether a version has a file that the target can install, and which one is best. Prescriptions
// are not its business. Remembers what it computed for Requires-Python texts: one filter per
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "resolver/index/page.h"
#include "resolver/pipeline/question.h"
#include "rpmenv/target.h"

namespace resolver::pipeline {

// Why a file is no candidate, in the order in which a person should be told.
enum class Rejection : std::uint8_t {
  kNone,
  kNoFiles,  // the version has none that could ever be installed
  kTooNew,   // uploaded after the cut-off
  kYanked,
  kRequiresPython,
  kOnlyBinary,  // only an sdist, and sdists are ruled out
  kNoBinary,    // only wheels, and wheels are ruled out
  kTags,        // no wheel for this target
  kHash,        // none with a hash that the user gave
  kLacks,       // its wheel needs libraries that the target lacks
};

struct Candidate {
  std::optional<std::uint32_t> file;  // number of the best file; none: no candidate
  // The file whose metadata speaks for the version: the best one, or for an sdist a wheel of the
  // same version that the index has metadata of, even if the target can't use the wheel. Building
  // the sdist would be the only other way.
  std::uint32_t metadata_file = 0;
  Rejection rejection = Rejection::kNone;
};

class CandidateFilter {
 public:
  CandidateFilter(const rpmenv::Target& target, const Policy& policy)
      : target_(target), policy_(policy) {}

  // `pinned`: the user pins this version, so that a yanked file may be taken.
  Candidate best(const index::Page& page, std::uint32_t version, bool pinned);
  // All files that may be installed, best first.
  std::vector<std::uint32_t> usable_files(const index::Page& page, std::uint32_t version,
                                          bool pinned);
  bool python_fits(std::string_view requires_python);

 private:
  bool hash_fits(const index::Page& page, std::uint32_t number) const;
  Rejection reject_known(const index::Page& page, std::uint32_t number) const;
  Rejection reject(const index::FileFacts& file, const pep::Name& name, bool pinned,
                   std::uint32_t& rank);

  const rpmenv::Target& target_;
  const Policy& policy_;
  std::unordered_map<std::string, bool> python_fits_;
};

// The indexes that files of a version come from, each once.
std::vector<const std::string*> index_urls(const index::Page& page, std::uint32_t version);

// The libc level that a wheel asks for beyond what the target has, e.g. "glibc 2.28"; empty if that
// is not why the target cannot use it.
std::string libc_needed(std::string_view triple, const rpmenv::Target& target);

}  // namespace resolver::pipeline
