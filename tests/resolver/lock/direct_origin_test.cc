// Packages that no index gave, in every format that can say so: written and read back.
#include "resolver/lock/direct_origin.h"

#include <gtest/gtest.h>

#include <map>

#include "resolver/lock/project_metadata.h"
#include "resolver/lock/readers.h"

namespace resolver::lock {
namespace {

const std::string kDigest(64, 'a');
const std::string kCommit(40, 'c');
using Kind = DirectOrigin::Kind;

Package archive() {
  Package package;
  package.name = pep::Name::of("a");
  package.version = *pep::Version::parse("1.0");
  package.origin = DirectOrigin{.kind = Kind::kArchive, .url = "https://host.example/a-1.0.zip"};
  package.artifacts.push_back(
      {.filename = "a-1.0.zip", .url = package.origin->url, .sha256 = kDigest, .wheel = false});
  return package;
}

Package repository() {
  Package package;
  package.name = pep::Name::of("r");
  package.version = *pep::Version::parse("2.0");
  package.origin = DirectOrigin{.kind = Kind::kRepository,
                                .url = "ssh://git@host.example/r.git",
                                .subdirectory = "deep/r",
                                .revision = "main",
                                .commit = kCommit};
  return package;
}

Package directory() {
  Package package;
  package.name = pep::Name::of("d");
  package.version = *pep::Version::parse("3.0");
  package.origin = DirectOrigin{.kind = Kind::kDirectory, .url = "/work/d", .editable = true};
  return package;
}

Lock all() {
  Lock lock;
  lock.packages = {archive(), directory(), repository()};
  return lock;
}

void expect_same(const Package& read, const Package& written, bool revision) {
  ASSERT_TRUE(read.origin.has_value()) << written.name.str();
  EXPECT_EQ(read.name, written.name);
  EXPECT_EQ(read.origin->kind, written.origin->kind);
  EXPECT_EQ(read.origin->url, written.origin->url);
  EXPECT_EQ(read.origin->subdirectory, written.origin->subdirectory);
  EXPECT_EQ(read.origin->commit, written.origin->commit);
  EXPECT_EQ(read.origin->editable, written.origin->editable);
  EXPECT_EQ(read.origin->revision, revision ? written.origin->revision : "");
}

TEST(DirectOrigin, APylockIsReadBackTheSame) {
  const Lock lock = all();
  const auto read = read_pylock(write_pylock(lock), "pylock.toml");
  ASSERT_TRUE(read) << read.error().what;
  for (std::size_t i = 0; i < 3; ++i) expect_same(read->packages[i], lock.packages[i], true);
  EXPECT_TRUE(read->packages[0].has_version);
  EXPECT_EQ(read->packages[0].artifacts[0].sha256, kDigest);
  EXPECT_FALSE(read->packages[1].has_version) << "a source tree has none (PEP 751)";
  EXPECT_FALSE(read->packages[2].has_version);
}

TEST(DirectOrigin, PathsOfAPylockAreRelativeToIt) {
  const std::string text = write_pylock(all(), "/work/app");
  EXPECT_NE(text.find("path = \"../d\""), std::string::npos) << text;
}

TEST(DirectOrigin, RequirementsAreReadBackTheSame) {
  Lock lock = all();
  const auto read = read_locked_requirements(write_requirements(lock), "lock.txt");
  ASSERT_TRUE(read) << read.error().what;
  for (std::size_t i = 0; i < 3; ++i) expect_same(read->packages[i], lock.packages[i], false);
}

struct Fault {
  const char* table;
  const char* said;
};

class PylockFault : public testing::TestWithParam<Fault> {};

TEST_P(PylockFault, IsMalformedAndSaysWhy) {
  const auto read = read_pylock(
      std::string("lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\nname = \"a\"\n") +
          GetParam().table,
      "pylock.toml");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().what.find(GetParam().said), std::string::npos) << read.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    All, PylockFault,
    testing::Values(
        Fault{"[packages.vcs]\ntype = \"hg\"\nurl = \"https://h/a\"\n", "only git"},
        Fault{"[packages.vcs]\ntype = \"git\"\nurl = \"https://h/a\"\ncommit-id = \"main\"\n",
              "no commit of git"},
        Fault{"[packages.archive]\nurl = \"https://h/a.zip\"\n", "needs hashes"},
        Fault{"[packages.archive]\nhashes = {sha256 = \"1\"}\n", "needs a url or a path"},
        Fault{"[packages.directory]\n", "needs a path"},
        Fault{"[packages.directory]\npath = \"a\"\n[packages.vcs]\ntype = \"git\"\n", "two places"},
        Fault{"directory = 3\n", "directory"}));

std::string metadata_of(std::map<std::string, std::string> files) {
  auto text = static_metadata(
      [&](const std::string& name) -> pep::Result<std::string> {
        const auto found = files.find(name);
        if (found == files.end()) return pep::error(pep::Fault::kNotFound, name);
        return found->second;
      },
      "tree");
  return text ? *text : "error: " + text.error().what;
}

TEST(ProjectMetadata, SaysWhatProjectSays) {
  EXPECT_EQ(metadata_of({{"pyproject.toml",
                          "[project]\nname='A.b'\nversion='1'\nrequires-python='>=3.9'\n"
                          "dependencies=['c>=1; os_name==\"posix\"']\n"
                          "[project.optional-dependencies]\nX_y=['d', 'e; os_name==\"nt\"']\n"}}),
            "Metadata-Version: 2.2\nName: A.b\nVersion: 1\nRequires-Python: >=3.9\n"
            "Requires-Dist: c>=1; os_name == \"posix\"\nProvides-Extra: x-y\n"
            "Requires-Dist: d ; extra == \"x-y\"\n"
            "Requires-Dist: e ; (os_name == \"nt\") and extra == \"x-y\"\n");
}

TEST(ProjectMetadata, WhatOnlyABuildTellsNamesTheOption) {
  const std::map<std::string, std::string> trees[] = {
      {{"pyproject.toml", "[project]\nname='a'\ndynamic=['version']\n"}},
      {{"pyproject.toml", "[project]\nname='a'\nversion='1'\ndynamic=['dependencies']\n"}},
      {{"pyproject.toml", "[build-system]\nbuild-backend='poetry.core.masonry.api'\n"}},
      {{"setup.py", "setup(name='a')"}},
      {{"setup.cfg", "[metadata]\nname=a\nversion=attr: a.version\n"}},
      {{"setup.cfg", "[metadata]\nname=a\nversion=1\n[options]\ninstall_requires=file: r.txt\n"}}};
  for (const auto& tree : trees)
    EXPECT_NE(metadata_of(tree).find("--allow-build"), std::string::npos) << metadata_of(tree);
}

TEST(ProjectMetadata, NonsenseIsNoMetadata) {
  for (const char* text : {"[project]\nname='a'\n", "[project]\nversion='1'\n", "project = 3\n",
                           "[project]\nname='a'\nversion='one'\n", "[project",
                           "[project]\nname='a'\nversion='1'\ndependencies=['==']\n",
                           "[project]\nname='a'\nversion='1'\ndependencies='b'\n",
                           "[project]\nname=\"a\\nVersion: 2\"\nversion='1'\n"})
    EXPECT_TRUE(metadata_of({{"pyproject.toml", text}}).starts_with("error: ")) << text;
  EXPECT_NE(metadata_of({}).find("is no Python project"), std::string::npos);
}

}  // namespace
}  // namespace resolver::lock
