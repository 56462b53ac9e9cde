// Advisories in the OSV format: which versions are affected, which records are one, what a CVSS
// vector is worth.
#include "resolver/pipeline/advisories.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "resolver/pipeline/cvss.h"
#include "tests/support/temp_directory.h"

namespace resolver::pipeline {
namespace {

std::string record(const std::string& affected, const std::string& more = "") {
  return R"({"schema_version":"1.6.0","id":"T-1","summary":"bad",)" + more +
         R"("affected":[{"package":{"ecosystem":"PyPI","name":"My.Package"},)" + affected + "}]}";
}

std::string range(const std::string& events, const std::string& type = "ECOSYSTEM") {
  return R"("ranges":[{"type":")" + type + R"(","events":[)" + events + "]}]";
}

bool is_affected(const std::string& json, const std::string& version) {
  AdvisoryBook book;
  EXPECT_TRUE(book.add("t.json", json));
  book.finish();
  const auto& found = book.of("my-package");
  return std::any_of(found.begin(), found.end(), [&](const Vulnerability& one) {
    return one.contains(*pep::Version::parse(version));
  });
}

struct AffectedRow {
  const char* what;
  std::string json;
  std::vector<const char*> yes;
  std::vector<const char*> no;
};

TEST(Advisories, VersionsAreAffectedAsTheStandardSays) {
  const AffectedRow rows[] = {
      {"from the beginning until fixed",
       record(range(R"({"introduced":"0"},{"fixed":"2.0"})")),
       {"0.1", "0.0.dev1", "1.9", "2.0rc1"},
       {"2.0", "2.0.0", "3.0"}},
      {"two spans, events in any order",
       record(
           range(R"({"fixed":"3.1"},{"introduced":"1.0"},{"introduced":"3.0"},{"fixed":"1.5"})")),
       {"1.0", "1.4.9", "3.0", "3.0.post1"},
       {"0.9", "1.5", "2.0", "3.1"}},
      {"the last that is affected",
       record(range(R"({"introduced":"1.0"},{"last_affected":"1.5"})")),
       {"1.0", "1.5", "1.5.0"},
       {"1.5.1", "1.5.post1", "0.9"}},
      {"never fixed", record(range(R"({"introduced":"1.0"})")), {"1.0", "99"}, {"0.9"}},
      {"introduced and fixed at once",
       record(range(R"({"introduced":"1.0"},{"fixed":"1.0"})")),
       {},
       {"0.9", "1.0", "1.1"}},
      {"a limit", record(range(R"({"introduced":"1.0"},{"limit":"2.0"})")), {"1.5"}, {"2.0"}},
      {"a list of versions",
       record(R"("versions":["1.0","v1.2","nonsense"])"),
       {"1.0", "1.0.0", "1.2"},
       {"1.1"}},
      {"a list beside a range",
       record(R"("versions":["0.5"],)" + range(R"({"introduced":"1.0"},{"fixed":"1.1"})")),
       {"0.5", "1.0"},
       {"0.6", "1.1"}},
      {"ranges of commits say nothing", record(range(R"({"introduced":"0"})", "GIT")), {}, {"1.0"}},
      {"ranges of another scheme say nothing",
       record(range(R"({"introduced":"0"})", "SEMVER")),
       {},
       {"1.0"}},
      {"withdrawn",
       record(range(R"({"introduced":"0"})"), R"("withdrawn":"2024-01-01T00:00:00Z",)"),
       {},
       {"1.0"}},
      {"nothing said of versions", record(R"("ranges":[])"), {}, {"1.0"}},
      {"another ecosystem",
       R"({"id":"T-1","affected":[{"package":{"ecosystem":"npm","name":"my-package"},"versions":["1.0"]}]})",
       {},
       {"1.0"}},
      {"fields that are not known, and of other types",
       record(R"("future":{"a":[1,{"b":null}]},"versions":["1.0"])",
              R"("summary":7,"aliases":null,)"),
       {"1.0"},
       {"1.1"}},
  };
  for (const AffectedRow& row : rows) {
    for (const char* version : row.yes)
      EXPECT_TRUE(is_affected(row.json, version)) << row.what << ": " << version;
    for (const char* version : row.no)
      EXPECT_FALSE(is_affected(row.json, version)) << row.what << ": " << version;
  }
}

TEST(Advisories, AliasesAreOneVulnerability) {
  const auto json = [](const std::string& id, const std::string& aliases,
                       const std::string& fixed) {
    return R"({"id":")" + id + R"(","aliases":[)" + aliases +
           R"(],"affected":[{"package":{"ecosystem":"PyPI","name":"a"},"ranges":[{"type":"ECOSYSTEM",)"
           R"("events":[{"introduced":"0"},{"fixed":")" +
           fixed + R"("}]}]}]})";
  };
  // The second links the first and the third, which do not know of each other.
  const std::vector<std::string> records = {json("PYSEC-1", R"("CVE-2024-1")", "1.0"),
                                            json("GHSA-x", R"("CVE-2024-1","OTHER-3")", "2.0"),
                                            json("OTHER-3", "", "1.5"), json("GHSA-y", "", "3.0")};
  for (const bool reversed : {false, true}) {
    AdvisoryBook book;
    for (std::size_t i = 0; i < records.size(); ++i)
      ASSERT_TRUE(book.add("t", records[reversed ? records.size() - 1 - i : i]));
    book.finish();
    const auto& found = book.of("a");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].id, "GHSA-x");
    EXPECT_EQ(found[0].cve_id, "CVE-2024-1");
    EXPECT_TRUE(found[0].contains(*pep::Version::parse("1.7")));
    EXPECT_EQ(found[1].id, "GHSA-y");
  }
}

TEST(Advisories, WhatIsNoRecordIsAnErrorThatNamesTheFile) {
  const support::TempDirectory directory;
  for (const char* text : {"", "{", "[]", "{}", R"({"id":7})", R"({"id":"a","affected":[{]})"}) {
    directory.write("x/bad.json", text);
    const auto read = AdvisoryBook::read({directory.path() + "/x"});
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().what.find("bad.json"), std::string::npos) << read.error().what;
  }
  EXPECT_FALSE(AdvisoryBook::read({directory.path() + "/missing"}));
  EXPECT_FALSE(AdvisoryBook::read({directory.path() + "/missing.json"}));
}

TEST(Advisories, DamagedRecordsAreRefusedOrReadAndNeverMore) {
  const std::string whole =
      record(R"("versions":["1.0","2.0rc1"],)" + range(R"({"introduced":"0"},{"fixed":"2.0"})"),
             R"("aliases":["CVE-1"],"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N"}],)");
  std::uint32_t random = 1;
  const auto below = [&](std::size_t bound) {
    random = random * 1664525U + 1013904223U;
    return (random >> 8) % bound;
  };
  int read = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string text = whole;
    for (std::size_t n = 1 + below(4); n-- > 0;) {
      const std::size_t at = below(text.size());
      if (below(4) == 0) {
        text.erase(at, 1 + below(8));
      } else {
        text[at] = static_cast<char>(below(3) == 0 ? R"({}[]",:\\)"[below(8)] : below(256));
      }
    }
    AdvisoryBook book;
    read += book.add("t.json", text) ? 1 : 0;
    book.finish();
    for (const auto& [package, list] : book.all()) {
      for (const Vulnerability& one : list) (void)one.contains(*pep::Version::parse("1.5"));
    }
  }
  EXPECT_GT(read, 0);
  EXPECT_LT(read, 5000);
}

struct VectorRow {
  const char* vector;
  double score;
};

TEST(Cvss, BaseScoresAreThoseOfTheStandard) {
  const VectorRow rows[] = {{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},
                            {"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1},
                            {"CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8},
                            {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0},
                            {"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", 5.9},
                            {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P/RL:O", 7.5},
                            {"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0},
                            {"AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5},
                            {"AV:N/AC:M/Au:N/C:N/I:P/A:N", 4.3},
                            {"AV:L/AC:L/Au:N/C:C/I:C/A:C", 7.2}};
  for (const VectorRow& row : rows) {
    const auto score = cvss_base_score(row.vector);
    ASSERT_TRUE(score) << row.vector;
    EXPECT_NEAR(*score, row.score, 1e-9) << row.vector;
  }
  for (const char* text : {"", "CVSS:4.0/AV:N", "CVSS:3.1/AV:N", "nonsense", "CVSS:3.1/AV:X/AC:L"})
    EXPECT_FALSE(cvss_base_score(text)) << text;
}

}  // namespace
}  // namespace resolver::pipeline
