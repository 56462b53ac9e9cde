// A project's page in two runs of bytes: a hot one that is held in memory and decoded on demand,
// and a cold one (URLs, file names, digests) that is read when a file is chosen. Little endian,
// offsets from the run's beginning, no pointers:
//
//   header     12 x u32: magic, sizes of the hot and the cold run, numbers of versions, files,
//   strings, tag triples (the
//              first of the strings), offsets of strings and text, lengths of the name and the
//              index URL, reserved
//   versions   24 bytes each, ascending: u64 key (pep::Version::key), u32 release size, u32 text
//   offset, u32 text length,
//              u32 first file; one more closes the last range
//   files      32 bytes each, grouped by version, in the order of the page: u32 offset in the cold
//   run, u16 URL length,
//              u16 file name length, u32 triple, u32 Requires-Python, u32 reason of a yank, u32
//              upload time, u64 size in the low 48 bits and flags above
//   strings    8 bytes each: u32 offset, u32 length; each different text once
//   text       the name, the index URL, then what versions and strings refer to
//
//   cold       for each file: its digest and that of its metadata file if flagged, 32 bytes each;
//   the URL; the file name
//              unless the URL ends with it
//
// Knows nothing of JSON or HTML. A view checks the tables once and every text when it is asked for,
// so damaged bytes can give wrong answers but no wild reads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "resolver/index/page.h"

namespace resolver::index {

using Sha256 = std::array<std::uint8_t, 32>;

// One file as an index names it. Views need to live until PageBuilder::add() returns.
struct RawFile {
  std::string_view filename;
  std::string_view url;  // may be relative to the page; a fragment is removed
  std::string_view requires_python;
  std::string_view yanked_reason;
  const Sha256* sha256 = nullptr;
  const Sha256* metadata_sha256 = nullptr;
  std::uint64_t size = 0;
  std::int64_t upload_time = 0;
  bool yanked = false;
  bool core_metadata = false;
  std::uint8_t origin = 0;  // of a merged page: number of the index
};

struct PageBytes {
  std::vector<std::byte> hot;
  std::vector<std::byte> cold;
};

// Collects the files of one project and writes the record. Files whose name does not parse, or is
// of another project, are left out.
class PageBuilder {
 public:
  PageBuilder(pep::Name name, std::string index_url, std::string page_url);
  ~PageBuilder();
  void set_page_url(std::string page_url) { page_url_ = std::move(page_url); }
  // True if the file was taken.
  bool add(const RawFile& file);
  std::size_t file_count() const;
  PageBytes finish();

 private:
  struct Entry;
  struct Slot;
  std::optional<std::uint32_t> version_slot(std::string_view text);
  std::uint32_t text_number(std::string_view text);
  std::uint32_t triple_number(std::string_view text);
  void append_cold(Entry& entry, const RawFile& file);

  pep::Name name_;
  std::string index_url_;
  std::string page_url_;
  std::string directory_;  // of the last relative link, joined once
  std::string directory_reference_;
  std::string text_;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;
  std::vector<std::byte> cold_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> texts_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> triples_;
  std::unordered_map<std::string, std::uint32_t> text_numbers_;
  std::unordered_map<std::string, std::uint32_t> triple_numbers_;
  std::unordered_map<std::string, std::uint32_t> slot_numbers_;  // UINT32_MAX: not a version
};

// Where the cold run lies when it is not in memory.
class ColdSource {
 public:
  virtual ~ColdSource() = default;
  // False if it cannot be read any more.
  virtual bool read(std::uint64_t offset, std::span<char> target) const = 0;
};

class PageView final : public Page {
 public:
  // None if the bytes are no page record.
  static std::shared_ptr<PageView> own(PageBytes bytes);
  // With the cold run at `cold_at` of `source`, which must outlive the view.
  static std::shared_ptr<PageView> open(std::vector<std::byte> hot, const ColdSource& source,
                                        std::uint64_t cold_at);

  const pep::Name& name() const override { return name_; }
  const std::string& index_url() const override { return index_url_; }
  std::uint32_t version_count() const override { return version_count_; }
  pep::Version version(std::uint32_t index) const override;
  std::uint64_t version_key(std::uint32_t index) const override;
  std::string_view version_text(std::uint32_t index) const override;
  FileRange files(std::uint32_t version_index) const override;
  FileFacts facts(std::uint32_t file_number) const override;
  File file(std::uint32_t file_number) const override;
  std::uint32_t triple_count() const override { return triple_count_; }
  std::string_view triple(std::uint32_t number) const override;

  std::uint32_t index_count() const override {
    return origins_.empty() ? 1 : static_cast<std::uint32_t>(origins_.size());
  }
  const std::string& index_url_of(std::uint32_t file_number) const override;
  // The indexes of a merged page, by RawFile::origin.
  void set_origins(std::vector<std::string> origins) { origins_ = std::move(origins); }

  std::uint32_t file_count() const { return file_count_; }
  std::uint32_t version_of(std::uint32_t file_number) const;
  std::optional<Sha256> metadata_sha256(std::uint32_t file_number) const;
  const PageBytes& bytes() const { return bytes_; }
  void set_index_url(std::string url) { index_url_ = std::move(url); }
  // Byte for byte; false too if what lies elsewhere cannot be read. `other` is all in memory.
  bool is_same(const PageView& other) const;
  // The cold run has been written to `source`: forget it here.
  void move_cold(const ColdSource& source, std::uint64_t cold_at);

 private:
  PageView() = default;
  bool read_header();
  std::string_view text(std::uint64_t offset, std::uint64_t length) const;
  std::string_view string(std::uint32_t number) const;
  std::string_view cold(std::uint32_t file_number) const;

  PageBytes bytes_;
  pep::Name name_;
  std::string index_url_;
  std::vector<std::string> origins_;  // empty: the page is of one index
  std::uint32_t version_count_ = 0;
  std::uint32_t file_count_ = 0;
  std::uint32_t string_count_ = 0;
  std::uint32_t triple_count_ = 0;
  const std::byte* versions_ = nullptr;
  const std::byte* files_ = nullptr;
  const std::byte* strings_ = nullptr;
  mutable std::mutex mutex_;  // of what follows
  const ColdSource* source_ = nullptr;
  std::uint64_t cold_at_ = 0;
  mutable std::unordered_map<std::uint32_t, std::unique_ptr<char[]>> cold_known_;
};

}  // namespace resolver::index
