// Requirements files as pip reads them: what is accepted, what is refused, and where the fault is
// said to be.
#include "resolver/lock/requirements_file.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/temp_directory.h"

namespace resolver::lock {
namespace {

using support::TempDirectory;

Requirements read(std::string_view text) {
  auto found = read_requirements_text(text, "requirements.in");
  EXPECT_TRUE(found) << found.error().what;
  return found ? *found : Requirements{};
}

std::vector<std::string> texts(const std::vector<RootRequirement>& roots) {
  std::vector<std::string> out;
  for (const RootRequirement& root : roots) {
    out.push_back(root.requirement.name.empty() ? root.requirement.url : root.requirement.str());
  }
  return out;
}

std::vector<std::string> required(std::string_view text) { return texts(read(text).requirements); }

using Texts = std::vector<std::string>;

TEST(RequirementsFile, IgnoresCommentsAndEmptyLines) {
  EXPECT_EQ(required("# all of it\n\nflask  # the framework\n   \n  # indented\nattrs\t#x\n# end"),
            (Texts{"flask", "attrs"}));
}

TEST(RequirementsFile, KeepsTheOrderOfTheFile) {
  EXPECT_EQ(required("zope.interface>=5\nAttrs\n"), (Texts{"zope-interface>=5", "attrs"}));
}

TEST(RequirementsFile, JoinsContinuationLines) {
  EXPECT_EQ(required("flask \\\n  >=3 \\\n  ,<4\nattrs"), (Texts{"flask<4,>=3", "attrs"}));
}

TEST(RequirementsFile, ACommentLineEndsAContinuation) {
  EXPECT_EQ(required("flask \\\n# no more\nattrs"), (Texts{"flask", "attrs"}));
}

TEST(RequirementsFile, ACommentSwallowsItsContinuation) {
  EXPECT_EQ(required("flask # see \\\n  below\nattrs"), (Texts{"flask", "attrs"}));
}

TEST(RequirementsFile, ReadsEveryLineEnd) {
  EXPECT_EQ(required("a\r\nb\rc\nd"), (Texts{"a", "b", "c", "d"}));
}

TEST(RequirementsFile, ReadsByteOrderMarks) {
  EXPECT_EQ(required("\xEF\xBB\xBF"
                     "flask\n"),
            Texts{"flask"});
  EXPECT_EQ(required(std::string("\xFF\xFE"
                                 "a\0b\0\n\0",
                                 8)),
            Texts{"ab"});
  EXPECT_EQ(required(std::string("\xFE\xFF\0a\0b\0\n", 8)), Texts{"ab"});
}

TEST(RequirementsFile, ReadsTheEncodingThatAFileDeclares) {
  EXPECT_EQ(required("# -*- coding: latin-1 -*-\nflask  # caf\xE9\n"), Texts{"flask"});
  EXPECT_EQ(required("# one\n# vim: set fileencoding=ISO_8859-1 :\nflask  # caf\xE9\n"),
            Texts{"flask"});
  EXPECT_EQ(required("# coding: utf-8\nflask  # caf\xC3\xA9\n"), Texts{"flask"});
  EXPECT_FALSE(read_requirements_text("# coding: koi8-r\nflask  # caf\xE9\n", "r.in"));
  EXPECT_FALSE(read_requirements_text("#\n#\n# coding: latin-1\nflask  # caf\xE9\n", "r.in"));
}

TEST(RequirementsFile, ReadsMarkersAndExtras) {
  const Requirements found = read("uvicorn[standard]>=0.3 ; python_version < '3.12'\n");
  ASSERT_EQ(found.requirements.size(), 1U);
  EXPECT_EQ(found.requirements[0].requirement.extras.at(0).str(), "standard");
  EXPECT_TRUE(found.requirements[0].requirement.marker.has_value());
}

TEST(RequirementsFile, ReadsOptions) {
  const Requirements found = read(
      "-i https://pypi.example/simple\n--extra-index-url=https://b.example/ --extra-index-url "
      "https://c.example/\n"
      "-f wheels\n--no-index\n--pre\n--only-binary "
      ":all:\n--no-binary=Foo.Bar,baz\n--prefer-binary\n"
      "--require-hashes\n--trusted-host b.example:8080\n--use-feature=fast-deps\nflask\n");
  const FileOptions& options = found.options;
  EXPECT_EQ(options.index_url, "https://pypi.example/simple");
  EXPECT_EQ(options.extra_index_urls, (Texts{"https://b.example/", "https://c.example/"}));
  EXPECT_EQ(options.find_links, Texts{"wheels"});
  EXPECT_EQ(options.only_binary, Texts{":all:"});
  EXPECT_EQ(options.no_binary, (Texts{"foo-bar", "baz"}));
  EXPECT_EQ(options.trusted_hosts, Texts{"b.example:8080"});
  EXPECT_TRUE(options.no_index && options.pre && options.prefer_binary && options.require_hashes);
  EXPECT_EQ(texts(found.requirements), Texts{"flask"});
}

TEST(RequirementsFile, NoneEmptiesAFormatList) {
  EXPECT_EQ(read("--only-binary a\n--only-binary :none:\n").options.only_binary, Texts{});
}

TEST(RequirementsFile, TakesAnUnambiguousBeginningOfAnOption) {
  EXPECT_EQ(read("--extra-index https://b.example/\n").options.extra_index_urls,
            Texts{"https://b.example/"});
}

TEST(RequirementsFile, ReadsQuotedValues) {
  EXPECT_EQ(read("--find-links 'my wheels'\n-f \"b c\"\n").options.find_links,
            (Texts{"my wheels", "b c"}));
}

TEST(RequirementsFile, ReadsHashes) {
  const std::string a(64, 'a');
  const std::string b(64, 'b');
  const Requirements found =
      read("flask==3.0.3 \\\n    --hash=sha256:" + a + " \\\n    --hash sha256:" + b + "\n");
  ASSERT_EQ(found.requirements.size(), 1U);
  EXPECT_EQ(found.requirements[0].hashes, (Texts{"sha256:" + a, "sha256:" + b}));
}

TEST(RequirementsFile, PutsEnvironmentVariablesIn) {
  ::setenv("SESHAT_TEST_TOKEN", "s3cret", 1);
  ::unsetenv("SESHAT_TEST_UNSET");
  const Requirements found = read(
      "-i https://u:${SESHAT_TEST_TOKEN}@pypi.example/\n-f ${SESHAT_TEST_UNSET}\n-f ${lower}\n");
  EXPECT_EQ(found.options.index_url, "https://u:s3cret@pypi.example/");
  EXPECT_EQ(found.options.find_links, (Texts{"${SESHAT_TEST_UNSET}", "${lower}"}));
}

struct OriginRow {
  const char* text;
  Origin origin;
  const char* name;
};

TEST(RequirementsFile, TellsWhereADistributionComesFrom) {
  const OriginRow rows[] = {
      {"flask", Origin::kIndex, "flask"},
      {"flask @ https://h.example/flask-3.0.3-py3-none-any.whl", Origin::kUrl, "flask"},
      {"https://h.example/flask-3.0.3-py3-none-any.whl", Origin::kUrl, "flask"},
      {"https://h.example/flask-3.0.3.tar.gz ; python_version > '3'", Origin::kUrl, "flask"},
      {"git+https://h.example/flask.git@main#egg=Flask&subdirectory=x", Origin::kVersionControl,
       "flask"},
      {"flask @ git+https://h.example/flask.git", Origin::kVersionControl, "flask"},
      {"./wheels/flask-3.0.3-py3-none-any.whl", Origin::kPath, "flask"},
      {"wheels/flask-3.0.3-py3-none-any.whl", Origin::kPath, "flask"},
      {"flask-3.0.3-py3-none-any.whl", Origin::kPath, "flask"},
      {"file:///w/flask-3.0.3-py3-none-any.whl", Origin::kPath, "flask"},
      {".", Origin::kPath, ""},
      {"-e .", Origin::kPath, ""},
      {"-e git+ssh://git@h.example/x.git#egg=x", Origin::kVersionControl, "x"},
  };
  for (const OriginRow& row : rows) {
    const Requirements found = read(row.text);
    ASSERT_EQ(found.requirements.size(), 1U) << row.text;
    EXPECT_EQ(found.requirements[0].origin, row.origin) << row.text;
    EXPECT_EQ(found.requirements[0].requirement.name.str(), row.name) << row.text;
    EXPECT_EQ(found.requirements[0].editable, std::string_view(row.text).starts_with("-e"))
        << row.text;
  }
}

TEST(RequirementsFile, IncludesFilesRelativeToTheIncludingOne) {
  const TempDirectory directory;
  directory.write("deps/base.in", "attrs\n-c limits.txt\n");
  directory.write("deps/limits.txt", "attrs<24\n");
  const auto found =
      read_requirements(directory.write("requirements.in", "-r deps/base.in\nflask\n"));
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(texts(found->requirements), (Texts{"attrs", "flask"}));
  EXPECT_EQ(texts(found->constraints), Texts{"attrs<24"});
  EXPECT_TRUE(found->constraints[0].constraint);
  EXPECT_EQ(found->files_read.size(), 3U);
}

TEST(RequirementsFile, WhatAConstraintFileIncludesIsConstraints) {
  const TempDirectory directory;
  directory.write("more.txt", "attrs<24\n");
  const auto found = read_constraints(directory.write("c.txt", "-r more.txt\n"));
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_TRUE(found->requirements.empty());
  EXPECT_EQ(texts(found->constraints), Texts{"attrs<24"});
}

TEST(RequirementsFile, ReadsAFileOnceHoweverOftenItIsIncluded) {
  const TempDirectory directory;
  directory.write("base.in", "attrs\n");
  const auto found = read_requirements(directory.write("r.in", "-r base.in\n-r ./base.in\n"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->files_read.size(), 2U);
}

TEST(RequirementsFile, PlacesARequirement) {
  const Requirements found = read("\n  flask>=3\nattrs \\\n  >=2\n");
  ASSERT_EQ(found.requirements.size(), 2U);
  EXPECT_EQ(found.requirements[0].place.file, "requirements.in");
  EXPECT_EQ(found.requirements[0].place.line, 2);
  EXPECT_EQ(found.requirements[0].place.column, 3);
  EXPECT_EQ(found.requirements[0].excerpt, "  flask>=3");
  EXPECT_EQ(found.requirements[1].place.line, 3);
}

struct FaultRow {
  std::string text;
  int line;
  int column;  // 0: any
  const char* word;
};

TEST(RequirementsFile, SaysWhereTheFaultIs) {
  const FaultRow rows[] = {
      {"flask\nnumpy>=\n", 2, 0, ""},
      {"flask \\\n  >>3\n", 2, 0, ""},
      {"--bogus\n", 1, 1, "--bogus"},
      {"flask --bogus\n", 1, 7, "--bogus"},
      {"flask --pre\n", 1, 7, "--pre"},
      {"flask -r other\n", 1, 0, "--requirement"},
      {"-i\n", 1, 1, "--index-url"},
      {"--pre=yes\n", 1, 1, "--pre"},
      {"--hash=sha256:aa\n", 1, 8, "--hash"},
      {"flask==1 --hash=sha256:aa\n", 1, 17, "64"},
      {"flask==1 --hash=md5:aa\n", 1, 17, "sha256"},
      {"-f 'open\n", 1, 4, "quote"},
      {"--only-binary a,,b\n", 1, 15, "name"},
      {"-i https://pypi.example/ flask\n", 1, 26, "flask"},
      {"-r https://h.example/r.txt\n", 1, 4, "disk"},
      {"flask\ncaf\xE9\n", 2, 4, "UTF-8"},
      {std::string("fl\0ask\n", 7), 1, 3, "text"},
  };
  for (const FaultRow& row : rows) {
    const auto found = read_requirements_text(row.text, "r.in");
    ASSERT_FALSE(found) << row.text;
    const pep::Error& error = found.error();
    EXPECT_EQ(error.fault, pep::Fault::kMalformed) << row.text;
    ASSERT_TRUE(error.place) << row.text;
    EXPECT_EQ(error.place->file, "r.in");
    EXPECT_EQ(error.place->line, row.line) << row.text << error.what;
    EXPECT_GT(error.place->column, 0) << row.text;
    if (row.column > 0) {
      EXPECT_EQ(error.place->column, row.column) << row.text << error.what;
    }
    EXPECT_NE(error.what.find(row.word), std::string::npos) << error.what;
    EXPECT_FALSE(error.excerpt.empty());
  }
}

TEST(RequirementsFile, TheCaretStandsInThePhysicalLine) {
  const auto found = read_requirements_text("flask >=3, \\\n   <<4\n", "r.in");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().place->line, 2);
  EXPECT_EQ(found.error().excerpt, "   <<4");
}

TEST(RequirementsFile, RefusesCycles) {
  const TempDirectory directory;
  const std::string path = directory.write("a.in", "-r b.in\n");
  directory.write("b.in", "flask\n-c ./a.in\n");
  const auto found = read_requirements(path);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, pep::Fault::kConflict);
  EXPECT_EQ(found.error().place->line, 2);
  EXPECT_EQ(found.error().place->file, directory / "b.in");
}

TEST(RequirementsFile, NamesTheIncludeWhoseFileIsMissing) {
  const TempDirectory directory;
  const auto found = read_requirements(directory.write("a.in", "flask\n-r missing.in\n"));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, pep::Fault::kNotFound);
  EXPECT_EQ(found.error().place->line, 2);
  EXPECT_NE(found.error().what.find("missing.in"), std::string::npos);
}

TEST(RequirementsFile, SaysThatTheFileIsMissing) {
  const TempDirectory directory;
  const auto found = read_requirements(directory / "none.txt");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, pep::Fault::kNotFound);
  EXPECT_NE(found.error().what.find("none.txt"), std::string::npos);
  const auto folder = read_requirements(directory.path());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().fault, pep::Fault::kIo);
}

TEST(RequirementsFile, AConstraintIsANameAndVersions) {
  const TempDirectory directory;
  EXPECT_FALSE(read_constraints(directory.write("a.txt", "flask[async]<3\n")));
  EXPECT_FALSE(read_constraints(directory.write("b.txt", "-e .\n")));
  EXPECT_FALSE(read_constraints(directory.write("c.txt", "./flask\n")));
}

TEST(RequirementsFile, FindLinksAreRelativeToTheFileIfTheyAreThere) {
  const TempDirectory directory;
  directory.write("sub/wheels/x", "");
  const auto found = read_requirements(directory.write("sub/r.in", "-f wheels\n-f elsewhere\n"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->options.find_links, (Texts{directory / "sub/wheels", "elsewhere"}));
}

}  // namespace
}  // namespace resolver::lock
