// What an index says of one project: its versions and their files (PEP 503, 691, 700), in a compact
// form that the store maps into memory. Everything is decoded on demand: a page of 2,000 versions
// costs nothing until asked. Knows nothing of targets, policies or prescriptions. Immutable; safe
// to share between threads.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pep/name.h"
#include "pep/version.h"

namespace resolver::index {

enum class FileKind : std::uint8_t { kWheel, kSdist };

// What tells whether a file is a candidate: at hand without reading anything. Views are valid as
// long as the page.
struct FileFacts {
  FileKind kind = FileKind::kWheel;
  std::string_view triple;  // the wheel's tag triple (pep/tag.h); empty for an sdist
  std::uint32_t triple_number =
      UINT32_MAX;  // of the page's different triples, so that each is ranked once
  std::string_view requires_python;
  bool has_sha256 = false;
  std::uint64_t size = 0;        // bytes, 0 if the index does not say
  std::int64_t upload_time = 0;  // seconds since the epoch, 0 if the index does not say
  bool yanked = false;
  std::string_view yanked_reason;
  bool has_core_metadata = false;  // PEP 658/714
};

// All that the index says; reads from the store, so ask it of chosen files and not of every
// candidate.
struct File : FileFacts {
  std::string_view filename;
  std::string_view url;  // absolute, without fragment
  std::array<std::uint8_t, 32> sha256{};
};

struct FileRange {
  std::uint32_t begin = 0;  // file numbers of the page
  std::uint32_t end = 0;
};

class Page {
 public:
  virtual ~Page() = default;
  virtual const pep::Name& name() const = 0;
  virtual const std::string& index_url() const = 0;  // as the user gave it
  // More than one where the pages of several indexes are merged; then each file knows its own.
  virtual std::uint32_t index_count() const { return 1; }
  virtual const std::string& index_url_of(std::uint32_t) const { return index_url(); }
  // Versions ascending, each once. Files whose name does not parse are left out.
  virtual std::uint32_t version_count() const = 0;
  virtual pep::Version version(std::uint32_t index) const = 0;
  // pep::Version::key() without making a Version; 0 when the version needs the exact path.
  virtual std::uint64_t version_key(std::uint32_t index) const = 0;
  virtual std::string_view version_text(std::uint32_t index) const = 0;  // as the index spells it
  virtual FileRange files(std::uint32_t version_index) const = 0;
  virtual FileFacts facts(std::uint32_t file_number) const = 0;
  virtual File file(std::uint32_t file_number) const = 0;
  virtual std::uint32_t triple_count() const = 0;
  virtual std::string_view triple(std::uint32_t number) const = 0;
};

}  // namespace resolver::index
