// pyproject.toml, Pipfile and setup.cfg, and which of them is the manifest.
#include "resolver/lock/manifest.h"

#include <gtest/gtest.h>

#include "resolver/lock/pipfile.h"
#include "resolver/lock/pyproject.h"
#include "resolver/lock/setup_cfg.h"
#include "tests/support/temp_directory.h"

namespace resolver::lock {
namespace {

using support::TempDirectory;
using Texts = std::vector<std::string>;

Texts texts(const pep::Result<Requirements>& found) {
  Texts out;
  EXPECT_TRUE(found) << found.error().what;
  if (!found) return out;
  for (const RootRequirement& root : found->requirements) {
    out.push_back((root.develop ? "dev " : "") + root.requirement.str());
  }
  return out;
}

constexpr std::string_view kPyproject = R"([project]
name = "My_App"
requires-python = ">=3.9"
dependencies = [
  "flask>=3",
  "zope.interface",
]

[project.optional-dependencies]
pdf = ["reportlab"]
all = ["my-app[pdf]", "attrs"]

[dependency-groups]
test = ["pytest>=8", {include-group = "types"}]
types = ["mypy"]
dev = ["black"]
)";

Texts pyproject(const Selection& selection) {
  return texts(read_pyproject_text(kPyproject, "pyproject.toml", selection));
}

TEST(Pyproject, ReadsDependenciesInTheirOrder) {
  EXPECT_EQ(pyproject({}), (Texts{"flask>=3", "zope-interface"}));
  EXPECT_EQ(read_pyproject_text(kPyproject, "p", {})->requires_python, ">=3.9");
}

TEST(Pyproject, PlacesThem) {
  const auto found = read_pyproject_text(kPyproject, "pyproject.toml", {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->requirements[1].place.line, 6);
  EXPECT_EQ(found->requirements[1].place.column, 3);
  EXPECT_EQ(found->requirements[1].excerpt, "  \"zope.interface\",");
}

TEST(Pyproject, AnExtraMayNameTheProjectItself) {
  EXPECT_EQ(pyproject({.extras = {"ALL"}}),
            (Texts{"flask>=3", "zope-interface", "reportlab", "attrs"}));
  EXPECT_EQ(pyproject({.all_extras = true}).size(), 4U);
}

TEST(Pyproject, GroupsIncludeGroups) {
  EXPECT_EQ(pyproject({.groups = {"test"}}),
            (Texts{"flask>=3", "zope-interface", "dev pytest>=8", "dev mypy"}));
  EXPECT_EQ(pyproject({.develop = true}), (Texts{"flask>=3", "zope-interface", "dev black"}));
}

struct FaultRow {
  const char* text;
  int line;
  const char* word;
};

TEST(Pyproject, SaysWhatIsWrongAndWhere) {
  const FaultRow rows[] = {
      {"[project]\nname = \"x\"\ndynamic = [\"dependencies\"]\n", 3, "dynamic"},
      {"[project]\ndependencies = [\"flask>>1\"]\n", 2, ""},
      {"[project]\ndependencies = \"flask\"\n", 2, "a string"},
      {"[project]\ndependencies = [1]\n", 2, "an integer"},
      {"[project\n", 1, "TOML"},
      {"[project]\nname = \"x\"\nname = \"y\"\n", 3, "TOML"},
      {"[tool.poetry]\nname = \"x\"\n", 1, "poetry"},
      {"[tool.black]\n", 1, "[project]"},
      {"", 1, "[project]"},
      {"project = 3\n", 1, "an integer"},
      {"[project]\nrequires-python = \"three\"\n", 2, ""},
  };
  for (const FaultRow& row : rows) {
    const auto found = read_pyproject_text(row.text, "pyproject.toml", {});
    ASSERT_FALSE(found) << row.text;
    EXPECT_EQ(found.error().fault, pep::Fault::kMalformed);
    ASSERT_TRUE(found.error().place) << row.text;
    EXPECT_EQ(found.error().place->line, row.line) << row.text << found.error().what;
    EXPECT_NE(found.error().what.find(row.word), std::string::npos) << found.error().what;
  }
}

TEST(Pyproject, TheColumnPointsIntoTheString) {
  const auto found = read_pyproject_text("[project]\ndependencies = [\"flask !\"]\n", "p", {});
  ASSERT_FALSE(found);
  EXPECT_GE(found.error().place->column, 18 + 5);
}

TEST(Pyproject, UnknownPartsAreUsageErrors) {
  for (const Selection& selection : {Selection{.extras = {"x"}}, Selection{.groups = {"x"}}}) {
    const auto found = read_pyproject_text(kPyproject, "pyproject.toml", selection);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().fault, pep::Fault::kUsage) << found.error().what;
  }
}

TEST(Pyproject, FaultsInGroupsHaveAPlace) {
  const auto found = read_pyproject_text(
      "[project]\n[dependency-groups]\na = [\"ok\",\n  \"x>>1\"]\n", "p", {.groups = {"a"}});
  ASSERT_FALSE(found);
  ASSERT_TRUE(found.error().place) << found.error().what;
  EXPECT_EQ(found.error().place->line, 4);
}

// A row of which only the parts that are asked for are read.
struct PartRow {
  const char* what;
  const char* text;
  Selection selection;
  Texts wanted;      // empty: refused
  const char* word;  // of the refusal
};

TEST(Pyproject, PartsAreReadWhereTheyAreAskedFor) {
  const PartRow rows[] = {
      {"dynamic extras that nobody asks for",
       "[project]\ndynamic = [\"optional-dependencies\", \"version\"]\ndependencies = [\"a\"]\n",
       {},
       {"a"},
       ""},
      {"dynamic extras",
       "[project]\ndynamic = [\"optional-dependencies\"]\ndependencies = [\"a\"]\n",
       {.extras = {"x"}},
       {},
       "only the build backend knows it"},
      {"groups without a project",
       "[dependency-groups]\ndev = [\"a\"]\n",
       {.groups = {"dev"}},
       {"dev a"},
       ""},
      {"a group by another spelling",
       "[project]\n[dependency-groups]\nMy_Group = [\"a\"]\n",
       {.groups = {"my-group"}},
       {"dev a"},
       ""},
      {"a group that includes itself",
       "[project]\n[dependency-groups]\na = [{include-group = \"b\"}]\nb = [{include-group = "
       "\"A\"}]\n",
       {.groups = {"a"}},
       {},
       "in a circle"},
      {"a group that includes one that is not there",
       "[project]\n[dependency-groups]\na = [{include-group = \"b\"}]\n",
       {.groups = {"a"}},
       {},
       "no dependency group 'b'"},
      {"a group twice by its normal name",
       "[project]\n[dependency-groups]\na-b = [\"x\"]\na_b = [\"y\"]\n",
       {.groups = {"a-b"}},
       {},
       "a_b"},
      {"an item of a group that is neither",
       "[project]\n[dependency-groups]\na = [{include = \"b\"}]\n",
       {.groups = {"a"}},
       {},
       "include-group"},
      {"a group of a group, each item once more",
       "[project]\n[dependency-groups]\na = [\"x\", {include-group = \"b\"}]\nb = [\"y\", {"
       "include-group = \"c\"}]\nc = [\"z<2\"]\n",
       {.groups = {"a"}},
       {"dev x", "dev y", "dev z<2"},
       ""},
      {"a marker and a URL",
       "[project]\ndependencies = [\"a ; python_version < '3'\", \"b @ "
       "https://h.example/b.whl\"]\n",
       {},
       {"a; python_version < \"3\"", "b @ https://h.example/b.whl"},
       ""}};
  for (const PartRow& row : rows) {
    const auto found = read_pyproject_text(row.text, "pyproject.toml", row.selection);
    if (row.wanted.empty()) {
      ASSERT_FALSE(found) << row.what;
      EXPECT_NE(found.error().what.find(row.word), std::string::npos)
          << row.what << ": " << found.error().what;
    } else {
      ASSERT_TRUE(found) << row.what << ": " << found.error().what;
      EXPECT_EQ(texts(found), row.wanted) << row.what;
    }
  }
}

struct EntryRow {
  const char* entry;
  const char* requirement;
};

TEST(Pipfile, EveryFormOfAnEntryIsARequirement) {
  const EntryRow rows[] = {
      {"'*'", "a"},
      {"''", "a"},
      {"'==1.0'", "a==1.0"},
      {"'1.0'", "a==1.0"},
      {"'~=1.2'", "a~=1.2"},
      {"'>=1,<2,!=1.5'", "a!=1.5,<2,>=1"},
      {"{version = '>=1'}", "a>=1"},
      {"{extras = ['y', 'x']}", "a[x,y]"},
      {"{version = '*', extras = ['x']}", "a[x]"},
      {"{version = '*', os_name = \"== 'nt'\"}", "a; os_name == \"nt\""},
      {"{version = '*', markers = \"os_name == 'nt' or os_name == 'x'\", python_version = \"< "
       "'3'\"}",
       "a; (os_name == \"nt\" or os_name == \"x\") and python_version < \"3\""},
      {"{git = 'https://h.example/a.git'}", "a @ git+https://h.example/a.git"},
      {"{git = 'https://h.example/a.git', ref = 'v1', markers = \"os_name == 'nt'\"}",
       "a @ git+https://h.example/a.git@v1 ; os_name == \"nt\""},
      {"{file = 'https://h.example/a.whl'}", "a @ https://h.example/a.whl"}};
  for (const EntryRow& row : rows) {
    const auto found =
        read_pipfile_text(std::string("[packages]\na = ") + row.entry + "\n", "Pipfile", {});
    ASSERT_TRUE(found) << row.entry << ": " << found.error().what;
    EXPECT_EQ(texts(found), Texts{row.requirement}) << row.entry;
  }
}

TEST(Pyproject, DeepKeysAreRefused) {
  std::string text = "a";
  for (int i = 0; i < 100000; ++i) text += ".a";
  EXPECT_FALSE(read_pyproject_text(text + " = 1\n", "p", {}));
  EXPECT_FALSE(read_pyproject_text("a = " + std::string(100000, '['), "p", {}));
}

TEST(Pyproject, WhatTheParserDidNotExpectIsAnErrorToo) {
  for (const char* text :
       {"a = { [", "a = { = 1 }", "[= 1", "a = { b = Ub }", "a = [}]", "a.= 1", "a = {,}"}) {
    const auto found = read_pyproject_text(text, "pyproject.toml", {});
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().fault, pep::Fault::kMalformed);
  }
}

constexpr std::string_view kPipfile = R"([[source]]
url = "https://pypi.example/simple"
verify_ssl = true
name = "main"

[[source]]
url = "https://other.example/simple"
verify_ssl = false
name = "other"

[packages]
requests = "*"
Flask = ">=3"
pinned = "1.0"
uvicorn = {version = ">=0.3", extras = ["standard"], markers = "python_version < '3.12'", index = "other"}
win = {version = "*", sys_platform = "== 'win32'", platform_machine = "!= 'x86'"}
mine = {path = ".", editable = true}
repo = {git = "https://h.example/r.git", ref = "main"}

[dev-packages]
pytest = "*"

[docs]
sphinx = "*"

[requires]
python_version = "3.9"

[pipenv]
allow_prereleases = true
)";

TEST(Pipfile, ReadsPackages) {
  const auto found = read_pipfile_text(kPipfile, "Pipfile", {});
  EXPECT_EQ(texts(found), (Texts{"requests", "flask>=3", "pinned==1.0",
                                 "uvicorn[standard]>=0.3; python_version < \"3.12\"",
                                 "win; sys_platform == \"win32\" and platform_machine != \"x86\"",
                                 "mine @ .", "repo @ git+https://h.example/r.git@main"}));
  EXPECT_EQ(found->requires_python, "==3.9.*");
  EXPECT_TRUE(found->options.pre);
  EXPECT_EQ(found->requirements[3].index, "other");
  EXPECT_EQ(found->requirements[5].origin, Origin::kPath);
  EXPECT_TRUE(found->requirements[5].editable);
  EXPECT_EQ(found->requirements[6].origin, Origin::kVersionControl);
  ASSERT_EQ(found->named_indexes.size(), 2U);
  EXPECT_FALSE(found->named_indexes[1].verify_ssl);
}

TEST(Pipfile, ReadsPackagesForDevelopmentAndCategories) {
  const auto found =
      texts(read_pipfile_text(kPipfile, "Pipfile", {.groups = {"docs"}, .develop = true}));
  ASSERT_EQ(found.size(), 9U);
  EXPECT_EQ(found[7], "dev pytest");
  EXPECT_EQ(found[8], "dev sphinx");
}

TEST(Pipfile, SaysWhatIsWrongAndWhere) {
  const FaultRow rows[] = {
      {"[packages]\nflask = \">>3\"\n", 2, "flask"},
      {"[packages]\nflask = 3\n", 2, "flask"},
      {"[packages]\nflask = {version = \"*\", index = \"x\"}\n", 2, "\"x\""},
      {"[packages]\nflask = {version = \"*\", markers = \"python ~ 3\"}\n", 2, "flask"},
      {"[packages]\nflask = \n", 2, "TOML"},
      {"[[source]]\nname = \"a\"\n", 1, "url"},
      {"packages = []\n", 1, "an array"},
  };
  for (const FaultRow& row : rows) {
    const auto found = read_pipfile_text(row.text, "Pipfile", {});
    ASSERT_FALSE(found) << row.text;
    ASSERT_TRUE(found.error().place) << row.text;
    EXPECT_EQ(found.error().place->line, row.line) << row.text << found.error().what;
    EXPECT_NE(found.error().what.find(row.word), std::string::npos) << found.error().what;
  }
}

constexpr std::string_view kSetupCfg = R"([metadata]
name = x

[options]
python_requires = >=3.8
install_requires =
    flask>=3
    # a comment
    attrs; python_version < "3.12"
[options.extras_require]
pdf = reportlab
)";

TEST(SetupCfg, ReadsRequirements) {
  const auto found = read_setup_cfg_text(kSetupCfg, "setup.cfg", {.extras = {"PDF"}});
  EXPECT_EQ(texts(found), (Texts{"flask>=3", "attrs; python_version < \"3.12\"", "reportlab"}));
  EXPECT_EQ(found->requires_python, ">=3.8");
  EXPECT_EQ(found->requirements[0].place.line, 7);
  EXPECT_EQ(found->requirements[0].place.column, 5);
}

TEST(SetupCfg, RefusesWhatIsComputed) {
  const auto found =
      read_setup_cfg_text("[options]\ninstall_requires = file: r.txt\n", "setup.cfg", {});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().place->line, 2);
  const auto fault =
      read_setup_cfg_text("[options]\ninstall_requires =\n  a>>1\n", "setup.cfg", {});
  ASSERT_FALSE(fault);
  EXPECT_EQ(fault.error().place->line, 3);
}

TEST(Manifest, IsToldByItsName) {
  EXPECT_EQ(manifest_kind("a/pyproject.toml"), ManifestKind::kPyproject);
  EXPECT_EQ(manifest_kind("Pipfile"), ManifestKind::kPipfile);
  EXPECT_EQ(manifest_kind("setup.cfg"), ManifestKind::kSetupCfg);
  EXPECT_EQ(manifest_kind("requirements-dev.txt"), ManifestKind::kRequirements);
  EXPECT_EQ(manifest_kind("x.in"), ManifestKind::kRequirements);
  EXPECT_EQ(manifest_kind("pylock.web.toml"), ManifestKind::kLock);
  EXPECT_EQ(manifest_kind("Pipfile.lock"), ManifestKind::kLock);
}

TEST(Manifest, TheOneInADirectoryIsFound) {
  const TempDirectory directory;
  const auto none = find_manifest(directory.path());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().fault, pep::Fault::kNotFound);
  directory.write("pyproject.toml", "[tool.black]\n");
  directory.write("requirements.txt", "flask\n");
  EXPECT_EQ(*find_manifest(directory.path()), directory / "requirements.txt");
  directory.write("requirements.in", "flask\n");
  EXPECT_EQ(*find_manifest(directory.path()), directory / "requirements.in");
}

TEST(Manifest, TwoThatAgreeAreNoConflict) {
  const TempDirectory directory;
  directory.write("pyproject.toml",
                  "[project]\nname = \"x\"\ndependencies = [\"flask\", \"attrs>1\"]\n");
  directory.write("requirements.txt", "attrs>1\nflask\n");
  EXPECT_EQ(*find_manifest(directory.path()), directory / "pyproject.toml");
  directory.write("requirements.txt", "flask==3 --hash=sha256:" + std::string(64, 'a') + "\n");
  EXPECT_EQ(*find_manifest(directory.path()), directory / "pyproject.toml");
}

TEST(Manifest, TwoThatContradictAreAConflict) {
  const TempDirectory directory;
  directory.write("Pipfile", "[packages]\nflask = \"*\"\n");
  directory.write("requirements.txt", "flask<3\n");
  const auto found = find_manifest(directory.path());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, pep::Fault::kConflict);
  EXPECT_NE(found.error().what.find("Pipfile"), std::string::npos);
}

TEST(Manifest, PartsThatAFileCannotHaveAreUsageErrors) {
  const TempDirectory directory;
  const auto found = read_manifest(directory.write("r.in", "flask\n"), {.extras = {"x"}});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, pep::Fault::kUsage);
}

TEST(Manifest, AppendedRequirementsComeLast) {
  Requirements all = *read_pyproject_text(kPyproject, "p", {});
  append(all, *read_pipfile_text(kPipfile, "Pipfile", {}));
  EXPECT_EQ(all.requirements.size(), 9U);
  EXPECT_EQ(all.files_read.size(), 2U);
  EXPECT_EQ(all.requires_python, ">=3.9");
  EXPECT_TRUE(all.options.pre);
}

}  // namespace
}  // namespace resolver::lock
