// The whole public corpus (../shared/data): it loads without an error, and counts by type are the
// oracle's.
#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "prescriptions/read.h"

namespace prescriptions {
namespace {

constexpr const char* kCorpus = SESHAT_SOURCE_DIR "/../shared/data/prescriptions-corpus.tar.xz";

std::vector<Document> documents() {
  std::vector<Document> found;
  archive* tar = archive_read_new();
  archive_read_support_filter_xz(tar);
  archive_read_support_format_tar(tar);
  archive_entry* entry = nullptr;
  if (archive_read_open_filename(tar, kCorpus, 1U << 20U) == ARCHIVE_OK) {
    while (archive_read_next_header(tar, &entry) == ARCHIVE_OK) {
      const std::string path = archive_entry_pathname(entry);
      if (!path.ends_with(".yaml") || path.ends_with("_prescription_metadata.yaml")) continue;
      Document document{
          path, std::string(static_cast<std::size_t>(archive_entry_size(entry)), '\0'), "thoth"};
      EXPECT_EQ(archive_read_data(tar, document.text.data(), document.text.size()),
                archive_entry_size(entry));
      found.push_back(std::move(document));
    }
  }
  archive_read_free(tar);
  return found;
}

TEST(Corpus, LoadsWhole) {
  if (!std::filesystem::exists(kCorpus)) GTEST_SKIP() << kCorpus << " is not there";
  const Reading reading = read_documents(documents());
  for (const Fault& fault : reading.errors)
    ADD_FAILURE() << fault.file << ":" << fault.line << " " << fault.message;
  std::map<std::string, int> counts;
  for (const Unit& unit : reading.book.units) ++counts[type_name_of(unit.body)];
  const std::map<std::string, int> expected = {
      {"boot", 3502},           {"pseudonym", 2}, {"sieve", 50},
      {"sieve.SkipPackage", 5}, {"step", 20},     {"step.Group", 12},
      {"step.SkipPackage", 1},  {"wrap", 83041},  {"wrap.GHReleaseNotes", 3978}};
  EXPECT_EQ(reading.documents, 65090U);
  EXPECT_EQ(counts, expected);
}

}  // namespace
}  // namespace prescriptions
