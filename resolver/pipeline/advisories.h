// Security advisories in the OSV format, from files of this machine: which versions of which
// package are affected, told by the standard's own algorithm. Records about one vulnerability
// (aliases of each other) are one. Immutable once read; safe to share between threads.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "pep/version.h"
#include "resolver/pipeline/appraisal.h"

namespace resolver::pipeline {

// What one record says of one package.
struct Affected final : VersionSet {
  struct Event {
    enum class Kind { kIntroduced, kLastAffected, kFixed };
    Kind kind = Kind::kIntroduced;
    bool beginning = false;  // introduced "0": before all versions
    pep::Version version;
  };
  std::vector<std::vector<Event>> ranges;         // each sorted by version
  std::vector<std::vector<pep::Version>> limits;  // of each range; none: without end
  std::vector<pep::Version> versions;             // sorted
  bool contains(const pep::Version& version) const override;
  std::string text() const;  // ">=1.0,<1.2 or ==2.0"
};

// A vulnerability as one package has it.
struct Vulnerability final : VersionSet {
  std::string id;               // of the first record, in the order of ids
  std::string cve_id;           // empty: none
  std::set<std::string> names;  // ids and aliases
  std::string summary;
  std::string link;
  std::optional<double> cvss;
  std::string severity;  // in words; empty: not known
  std::vector<Affected> affected;
  bool contains(const pep::Version& version) const override;
};

class AdvisoryBook {
 public:
  // Files, directories or archives (zip, tar) of OSV records. Malformed names the file.
  static pep::Result<AdvisoryBook> read(const std::vector<std::string>& sources);

  // One record, as JSON text; `name` is what a person is told. For read() and for tests.
  pep::Status add(std::string_view name, const std::string& json);
  void finish();  // once, after the last record

  const std::vector<Vulnerability>& of(std::string_view package) const;
  const std::map<std::string, std::vector<Vulnerability>, std::less<>>& all() const {
    return packages_;
  }
  std::size_t records() const { return records_; }

 private:
  struct Parser;
  std::map<std::string, std::vector<Vulnerability>, std::less<>> packages_;
  std::size_t records_ = 0;
  std::shared_ptr<Parser> parser_;
};

}  // namespace resolver::pipeline
