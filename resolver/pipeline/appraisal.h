// What a unit in C++ says of one package of a stack by itself, whatever else is in it: a score that
// is never above 0, so that it never raises what rules could bring at best, and why. Safe to share
// between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "pep/metadata.h"
#include "prescriptions/unit.h"
#include "resolver/index/page.h"

namespace resolver::pipeline {

struct AppraisedPackage {
  std::string_view name;  // normal form
  const pep::Version* version = nullptr;
  const index::Page* page = nullptr;
  std::uint32_t version_index = 0;
  std::optional<std::uint32_t> file;        // of the page: the one that would be installed
  const pep::Metadata* metadata = nullptr;  // null: not read so far
};

class Appraiser {
 public:
  virtual ~Appraiser() = default;
  virtual std::string_view unit() const = 0;                        // as reports call it
  virtual double score(const AppraisedPackage& package) const = 0;  // within [-1, 0]
  // Entries for the justification.
  virtual void explain(const AppraisedPackage& package,
                       std::vector<prescriptions::Entry>& entries) const = 0;
};

// A set of versions that no specifier can say.
class VersionSet {
 public:
  virtual ~VersionSet() = default;
  virtual bool contains(const pep::Version& version) const = 0;
};

double appraise(const std::vector<const Appraiser*>& appraisers, const AppraisedPackage& package);

}  // namespace resolver::pipeline
