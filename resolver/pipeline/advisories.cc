#include "resolver/pipeline/advisories.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "pep/name.h"
#include "resolver/index/osv_record.h"
#include "resolver/index/source_archive.h"
#include "resolver/pipeline/cvss.h"

namespace resolver::pipeline {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestRecord = std::size_t{16} << 20;
constexpr std::size_t kLargestArchive = std::size_t{1} << 30;

using Kind = Affected::Event::Kind;

// Of equal versions what ends comes after what begins: a version that is introduced and fixed at
// once is not affected.
bool earlier(const Affected::Event& a, const Affected::Event& b) {
  if (a.beginning != b.beginning) return a.beginning;
  if (!a.beginning && a.version != b.version) return a.version < b.version;
  return a.kind < b.kind;
}

bool within(const std::vector<Affected::Event>& events, const pep::Version& version) {
  bool affected = false;
  for (const Affected::Event& event : events) {
    if (event.kind == Kind::kIntroduced && (event.beginning || version >= event.version))
      affected = true;
    if (event.kind == Kind::kFixed && version >= event.version) affected = false;
    if (event.kind == Kind::kLastAffected && version > event.version) affected = false;
  }
  return affected;
}

Affected affected_of(const index::OsvRecord::Package& package) {
  Affected made;
  for (const index::OsvRecord::Range& range : package.ranges) {
    if (range.type != "ECOSYSTEM") continue;
    std::vector<Affected::Event> events;
    std::vector<pep::Version> limits;
    for (const auto& [kind, text] : range.events) {
      const bool beginning = kind == "introduced" && text == "0";
      const auto version = pep::Version::try_parse(text);
      if (!version) continue;
      if (kind == "limit") limits.push_back(*version);
      if (kind == "introduced") events.push_back({Kind::kIntroduced, beginning, *version});
      if (kind == "fixed") events.push_back({Kind::kFixed, false, *version});
      if (kind == "last_affected") events.push_back({Kind::kLastAffected, false, *version});
    }
    std::stable_sort(events.begin(), events.end(), earlier);
    made.ranges.push_back(std::move(events));
    made.limits.push_back(std::move(limits));
  }
  for (const std::string& text : package.versions) {
    if (const auto version = pep::Version::try_parse(text)) made.versions.push_back(*version);
  }
  std::sort(made.versions.begin(), made.versions.end());
  return made;
}

// The worst that is said, of the package before that of the whole record.
void note_severity(const index::OsvRecord& record, const index::OsvRecord::Package& package,
                   Vulnerability& into) {
  for (const auto& [type, vector] : package.severity.empty() ? record.severity : package.severity) {
    const auto score = cvss_base_score(vector);
    if (score && (!into.cvss || *score > *into.cvss)) into.cvss = score;
  }
  if (into.cvss) {
    into.severity = cvss_severity(*into.cvss);
  } else if (into.severity.empty()) {
    into.severity = record.severity_in_words;
  }
}

std::string link_of(const index::OsvRecord& record) {
  for (const char* wanted : {"ADVISORY", "WEB", ""}) {
    for (const auto& [type, url] : record.references) {
      if (*wanted == '\0' || type == wanted) return url;
    }
  }
  return {};
}

std::string first_line(const std::string& text) {
  std::string line = text.substr(0, text.find('\n'));
  return line.size() <= 200 ? line : line.substr(0, 197) + "...";
}

pep::Result<std::string> contents(const std::string& path, std::size_t most) {
  std::error_code failure;
  const auto size = fs::file_size(path, failure);
  if (failure || !fs::is_regular_file(path, failure))
    return pep::error(pep::Fault::kUsage, path + " cannot be read as advisories");
  if (size > most) return pep::error(pep::Fault::kUsage, path + " is too large for advisories");
  std::ifstream file(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(size)))
    return pep::error(pep::Fault::kUsage, path + " cannot be read as advisories");
  return text;
}

bool are_one(const Vulnerability& a, const Vulnerability& b) {
  return std::any_of(a.names.begin(), a.names.end(),
                     [&](const std::string& name) { return b.names.contains(name); });
}

void join(Vulnerability& into, Vulnerability& from) {
  if (from.id < into.id) {
    std::swap(into.id, from.id);
    std::swap(into.summary, from.summary);
    std::swap(into.link, from.link);
  }
  if (into.summary.empty()) into.summary = from.summary;
  if (into.link.empty()) into.link = from.link;
  if (from.cvss && (!into.cvss || *from.cvss > *into.cvss)) {
    into.cvss = from.cvss;
    into.severity = from.severity;
  }
  if (into.severity.empty()) into.severity = from.severity;
  into.names.merge(from.names);
  std::move(from.affected.begin(), from.affected.end(), std::back_inserter(into.affected));
}

}  // namespace

struct AdvisoryBook::Parser {
  index::OsvParser osv;
};

bool Affected::contains(const pep::Version& version) const {
  if (std::binary_search(versions.begin(), versions.end(), version)) return true;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const bool in_limits = limits[i].empty() ||
                           std::any_of(limits[i].begin(), limits[i].end(),
                                       [&](const pep::Version& limit) { return version < limit; });
    if (in_limits && within(ranges[i], version)) return true;
  }
  return false;
}

std::string Affected::text() const {
  std::string text;
  for (const std::vector<Event>& events : ranges) {
    for (const Event& event : events) {
      if (event.kind == Kind::kIntroduced) {
        if (!text.empty()) text += " or ";
        text += event.beginning ? ">=0" : ">=" + event.version.str();
      } else {
        text += (event.kind == Kind::kFixed ? ",<" : ",<=") + event.version.str();
      }
    }
  }
  return text;
}

bool Vulnerability::contains(const pep::Version& version) const {
  return std::any_of(affected.begin(), affected.end(),
                     [&](const Affected& one) { return one.contains(version); });
}

pep::Status AdvisoryBook::add(std::string_view name, const std::string& json) {
  if (!parser_) parser_ = std::make_shared<Parser>();
  auto record = parser_->osv.parse(json);
  if (!record) {
    return pep::error(record.error().fault, std::string(name) + " " + record.error().what +
                                                "; take it out, or get the advisories again");
  }
  ++records_;
  if (record->withdrawn) return pep::Done{};
  std::sort(record->aliases.begin(), record->aliases.end());
  for (const index::OsvRecord::Package& package : record->affected) {
    if (package.ecosystem != "PyPI" && !package.ecosystem.starts_with("PyPI:")) continue;
    const auto normal = pep::Name::parse(package.name);
    if (!normal) continue;
    std::vector<Vulnerability>& known = packages_[normal->str()];
    Vulnerability made;
    made.id = record->id;
    made.names.insert(record->aliases.begin(), record->aliases.end());
    made.names.insert(record->id);
    made.summary = first_line(record->summary.empty() ? record->details : record->summary);
    made.link = link_of(*record);
    made.affected.push_back(affected_of(package));
    note_severity(*record, package, made);
    known.push_back(std::move(made));
  }
  return pep::Done{};
}

// Joins what is one vulnerability; the order in which records came shows nowhere.
void AdvisoryBook::finish() {
  parser_.reset();
  for (auto& [package, list] : packages_) {
    std::stable_sort(list.begin(), list.end(),
                     [](const Vulnerability& a, const Vulnerability& b) { return a.id < b.id; });
    std::vector<Vulnerability> joined;
    for (Vulnerability& one : list) {
      Vulnerability whole = std::move(one);
      for (auto other = joined.begin(); other != joined.end();) {
        if (!are_one(*other, whole)) {
          ++other;
          continue;
        }
        join(whole, *other);
        other = joined.erase(other);
      }
      joined.push_back(std::move(whole));
    }
    std::sort(joined.begin(), joined.end(),
              [](const Vulnerability& a, const Vulnerability& b) { return a.id < b.id; });
    for (Vulnerability& one : joined) {
      for (const std::string& name : one.names) {
        if (name.starts_with("CVE-") && one.cve_id.empty()) one.cve_id = name;
      }
    }
    list = std::move(joined);
  }
}

const std::vector<Vulnerability>& AdvisoryBook::of(std::string_view package) const {
  static const std::vector<Vulnerability> kNone;
  const auto found = packages_.find(package);
  return found == packages_.end() ? kNone : found->second;
}

pep::Result<AdvisoryBook> AdvisoryBook::read(const std::vector<std::string>& sources) {
  AdvisoryBook book;
  for (const std::string& source : sources) {
    std::error_code failure;
    const bool directory = fs::is_directory(source, failure);
    if (!directory && !source.ends_with(".json")) {
      auto bytes = contents(source, kLargestArchive);
      if (!bytes) return std::move(bytes).error();
      auto read = index::each_source_file(*bytes, ".json",
                                          [&](std::string_view name, const std::string& text) {
                                            return book.add(source + ":" + std::string(name), text);
                                          });
      if (!read) return std::move(read).error().in("reading advisories from " + source);
      continue;
    }
    std::vector<std::string> files;
    if (!directory) files.push_back(source);
    fs::recursive_directory_iterator end;
    fs::recursive_directory_iterator entry(directory ? source : ".", failure);
    for (; directory && !failure && entry != end; entry.increment(failure)) {
      std::error_code unknown;
      if (entry->path().extension() == ".json" && entry->is_regular_file(unknown))
        files.push_back(entry->path().native());
    }
    if (failure) return pep::error(pep::Fault::kUsage, source + ": " + failure.message());
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) {
      auto text = contents(file, kLargestRecord);
      if (!text) return std::move(text).error();
      if (auto added = book.add(file, *text); !added) return std::move(added).error();
    }
  }
  book.finish();
  return book;
}

}  // namespace resolver::pipeline
