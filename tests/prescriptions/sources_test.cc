// Files and directories of rules.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "prescriptions/read.h"
#include "tests/support/temp_directory.h"

namespace prescriptions {
namespace {

using testing::ElementsAre;

std::string boot(const std::string& name) {
  return "units: {boots: [{name: " + name + ", type: boot, should_include: {}, run: {}}]}\n";
}

class Sources : public testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) { directory_.write(path, text); }
  Reading read_all(const std::string& path = "") {
    const std::vector<std::string> sources = {path.empty() ? std::string(directory_.path())
                                                           : directory_.path() + "/" + path};
    return read(sources);
  }
  static std::vector<std::string> names(const Reading& reading) {
    std::vector<std::string> found;
    for (const Unit& unit : reading.book.units) found.push_back(unit.qualified);
    return found;
  }
  support::TempDirectory directory_;
};

TEST_F(Sources, ADirectoryIsReadInTheOrderOfPaths) {
  write("b.yaml", boot("B"));
  write("a/z.yml", boot("Z"));
  write("a.yaml", boot("A"));
  write(".hidden/h.yaml", boot("H"));
  write("notes.txt", "no rules");
  EXPECT_THAT(names(read_all()), ElementsAre("UNKNOWN.Z", "UNKNOWN.A", "UNKNOWN.B"));
}

TEST_F(Sources, MetadataNamesTheNamespaceOfAllBelow) {
  write("_prescription_metadata.yaml", "prescription: {name: outer, release: '1'}\n");
  write("a.yaml", boot("A"));
  write("sub/b.yaml", boot("B"));
  write("sub/inner/_prescription_metadata.yaml", "prescription: {name: inner, release: '2'}\n");
  write("sub/inner/c.yaml", boot("C"));
  EXPECT_THAT(names(read_all()), ElementsAre("outer.A", "outer.B", "inner.C"));
}

TEST_F(Sources, AFileKnowsTheNamespaceOfItsDirectory) {
  write("_prescription_metadata.yaml", "prescription: {name: mine, release: '1'}\n");
  write("a.yaml", boot("A"));
  EXPECT_THAT(names(read_all("a.yaml")), ElementsAre("mine.A"));
}

TEST_F(Sources, WhatCannotBeReadIsAnErrorAndSpoilsNothingElse) {
  write("a.yaml", boot("A"));
  const std::string fifo = directory_.path() + "/b.yaml";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  std::filesystem::create_symlink("nowhere", directory_.path() + "/c.yaml");
  const Reading reading = read_all();
  ASSERT_EQ(reading.errors.size(), 2U);
  EXPECT_EQ(reading.errors[0].code, "unreadable");
  EXPECT_EQ(reading.errors[0].file, fifo);
  EXPECT_THAT(names(reading), ElementsAre("UNKNOWN.A"));
}

TEST_F(Sources, AMissingSourceAndAnEmptyDirectoryAreErrors) {
  EXPECT_EQ(read_all("nowhere").errors.at(0).code, "unreadable");
  EXPECT_EQ(read_all().errors.at(0).code, "no_units");
}

TEST_F(Sources, AGiantFileIsRefusedUnread) {
  write("a.yaml", boot("A"));
  std::filesystem::resize_file(directory_.path() + "/a.yaml", 100U << 20U);
  EXPECT_EQ(read_all().errors.at(0).code, "too_large");
}

}  // namespace
}  // namespace prescriptions
