// Locks of other tools: Pipfile.lock (written too), poetry.lock, uv.lock, pdm.lock.
#include <gtest/gtest.h>

#include "resolver/lock/pipfile.h"
#include "resolver/lock/readers.h"
#include "tests/support/temp_directory.h"

namespace resolver::lock {
namespace {

const std::string kA(64, 'a');
const std::string kB(64, 'b');

TEST(PipfileLock, IsRead) {
  const auto lock = read_pipfile_lock(
      R"({"_meta": {"hash": {"sha256": "x"}, "pipfile-spec": 6, "requires": {"python_version": "3.9"},
          "sources": [{"name": "main", "url": "https://pypi.example/simple", "verify_ssl": true}]},
          "default": {"Flask": {"hashes": ["sha256:)" +
          kA + R"(", "md5:00"], "index": "main", "extras": ["async"],
                                "markers": "python_version >= '3.8'", "version": "==3.0.3"}},
          "develop": {"pytest": {"version": "==8.0"}, "flask": {"version": "==3.0.3"}}})",
      "Pipfile.lock");
  ASSERT_TRUE(lock) << lock.error().what;
  EXPECT_EQ(lock->requires_python, "==3.9.*");
  ASSERT_EQ(lock->packages.size(), 2U);
  EXPECT_EQ(lock->packages[0].name.str(), "flask");
  EXPECT_EQ(lock->packages[0].index, "https://pypi.example/simple");
  EXPECT_EQ(lock->packages[0].marker, "python_version >= '3.8'");
  EXPECT_EQ(lock->packages[0].extras.at(0).str(), "async");
  ASSERT_EQ(lock->packages[0].artifacts.size(), 1U);
  EXPECT_EQ(lock->packages[0].artifacts[0].sha256, kA);
  EXPECT_FALSE(lock->packages[0].develop);
  EXPECT_TRUE(lock->packages[1].develop);
}

TEST(PipfileLock, BadOnesAreRefused) {
  for (const char* text :
       {"", "[]", "{}", "{\"default\": []}", "{\"default\": {\"a\": 1}}",
        "{\"default\": {\"a\": {}}}", "{\"default\": {\"a\": {\"version\": \"==x\"}}}",
        "{\"default\": {\"a\": {\"git\": \"https://h.example/\"}}}",
        "{\"default\": {\"a\": {\"version\": \"==1\", \"hashes\": [\"sha256:00\"]}}}",
        "{\"default\": {\"a\": {\"version\": \"==1\", \"markers\": \"no\"}}}",
        "{\"default\": {\"a\": {\"version\": \"==1\"}, \"A\": {\"version\": \"==2\"}}}",
        "{\"a\": 1, \"a\": 2}"}) {
    const auto lock = read_pipfile_lock(text, "Pipfile.lock");
    ASSERT_FALSE(lock) << text;
    EXPECT_EQ(lock.error().fault, pep::Fault::kMalformed);
  }
}

TEST(PipfileLock, SaysWhereTheJsonBreaks) {
  const auto lock = read_pipfile_lock("{\n  \"default\": oops\n}", "Pipfile.lock");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().place->line, 2);
}

TEST(PipfileLock, DeepJsonIsRefused) {
  EXPECT_FALSE(read_pipfile_lock(std::string(100000, '['), "Pipfile.lock"));
}

constexpr std::string_view kPipfile =
    "[[source]]\nurl = \"https://pypi.example/simple\"\nverify_ssl = true\nname = \"main\"\n\n"
    "[packages]\nflask = {version = \"*\", extras = [\"async\"]}\nrequests = "
    "\"*\"\n\n[dev-packages]\n\n"
    "[scripts]\nstart = \"caf\u00e9\"\n\n[requires]\npython_version = \"3.9\"\n";

constexpr const char* kDefault = "https://pypi.example/simple/";

TEST(PipfileLock, HashesWhatPipenvHashes) {
  const auto facts = pipfile_facts(kPipfile, "Pipfile", "");
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(
      facts->hashed,
      R"({"_meta":{"requires":{"python_version":"3.9"},"sources":[{"name":"main",)"
      R"("url":"https://pypi.example/simple","verify_ssl":true}]},"default":{"flask":{"extras":["async"],)"
      R"("version":"*"},"requests":"*"},"develop":{}})");
}

TEST(PipfileLock, CategoriesAreHashedToo) {
  const auto good = pipfile_facts("[docs]\nsphinx = {markers = \"\xC3\xA9\xF0\x9F\x98\x80\"}\n",
                                  "Pipfile", kDefault);
  ASSERT_TRUE(good);
  EXPECT_NE(good->hashed.find(R"("docs":{"sphinx":{"markers":"\u00e9\ud83d\ude00"}})"),
            std::string::npos)
      << good->hashed;
}

TEST(PipfileLock, IsWrittenAsPipenvLaysItOut) {
  Lock lock;
  Package flask;
  flask.name = pep::Name::of("flask");
  flask.version = *pep::Version::parse("3.0.3");
  flask.index = "https://pypi.example/simple";
  flask.extras = {pep::Name::of("async")};
  Artifact b;
  b.sha256 = kB;
  Artifact a;
  a.sha256 = kA;
  flask.artifacts = {b, a, b};
  lock.packages = {flask};
  const auto facts = pipfile_facts(kPipfile, "Pipfile", "");
  ASSERT_TRUE(facts);
  const std::string text = write_pipfile_lock(lock, *facts, "00ff");
  EXPECT_EQ(text, R"({
    "_meta": {
        "hash": {
            "sha256": "00ff"
        },
        "pipfile-spec": 6,
        "requires": {
            "python_version": "3.9"
        },
        "sources": [
            {
                "name": "main",
                "url": "https://pypi.example/simple",
                "verify_ssl": true
            }
        ]
    },
    "default": {
        "flask": {
            "extras": [
                "async"
            ],
            "hashes": [
                "sha256:)" +
                      kA + R"(",
                "sha256:)" +
                      kB + R"("
            ],
            "index": "main",
            "version": "==3.0.3"
        }
    },
    "develop": {}
}
)");
  const auto again = read_pipfile_lock(text, "Pipfile.lock");
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->packages.at(0).artifacts.size(), 2U);
}

TEST(PipfileLock, KeepsCredentialsOut) {
  const auto facts = pipfile_facts(
      "[[source]]\nname = \"m\"\nurl = \"https://u:s3cret@pypi.example/\"\n", "Pipfile", "");
  ASSERT_TRUE(facts);
  EXPECT_EQ(write_pipfile_lock({}, *facts, "").find("s3cret"), std::string::npos);
}

TEST(PipfileLock, HasPipenvsOwnSourceWhereThePipfileHasNone) {
  const auto facts = pipfile_facts("[packages]\na = \"*\"\n", "Pipfile", kDefault);
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(facts->hashed, R"({"_meta":{"requires":{},"sources":[{"name":"pypi",)"
                           R"("url":"https://pypi.example/simple","verify_ssl":true}]},)"
                           R"("default":{"a":"*"},"develop":{}})");
  EXPECT_NE(facts->meta.find("\"https://pypi.example/simple\""), std::string::npos);
}

TEST(PipfileLock, IsNotGuessedWhereNoSourceIsKnown) {
  const auto facts = pipfile_facts("[packages]\na = \"*\"\n", "Pipfile", "");
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().fault, pep::Fault::kConfig);
  EXPECT_NE(facts.error().what.find("has no [[source]]"), std::string::npos);
}

TEST(PipfileLock, NamesTheIndexOfAPackageWhateverSecretItsUrlHas) {
  const auto facts = pipfile_facts(
      "[[source]]\nname = \"m\"\nurl = \"https://u:s3cret@pypi.example/\"\n", "Pipfile", "");
  ASSERT_TRUE(facts);
  Package package;
  package.name = pep::Name::of("a");
  package.index = "https://pypi.example";
  Lock lock;
  lock.packages = {package};
  EXPECT_NE(write_pipfile_lock(lock, *facts, "").find("\"index\": \"m\""), std::string::npos);
}

TEST(PipfileLock, KeepsAPathAsThePipfileSpellsIt) {
  const auto facts =
      pipfile_facts("[packages]\nb = {path = \"../pb\", editable = true}\n", "Pipfile", kDefault);
  ASSERT_TRUE(facts);
  Package package;
  package.name = pep::Name::of("b");
  package.origin = DirectOrigin{.kind = DirectOrigin::Kind::kDirectory, .url = "/home/u/pb"};
  Lock lock;
  lock.packages = {package};
  EXPECT_NE(write_pipfile_lock(lock, *facts, "").find("\"path\": \"../pb\""), std::string::npos);
}

TEST(PoetryLock, IsRead) {
  const auto lock = read_poetry_lock(
      "[[package]]\nname = \"Flask\"\nversion = \"3.0.3\"\noptional = false\npython-versions = "
      "\">=3.8\"\n"
      "groups = [\"main\", \"dev\"]\nmarkers = \"python_version < '4'\"\nfiles = [\n"
      "  {file = \"flask-3.0.3.tar.gz\", hash = \"sha256:" +
          kB +
          "\"},\n"
          "  {file = \"flask-3.0.3-py3-none-any.whl\", hash = \"sha256:" +
          kA +
          "\"},\n]\n"
          "[package.dependencies]\nclick = \">=8\"\nWerkzeug = {version = \">=3\", markers = "
          "\"x\"}\n"
          "[[package]]\nname = \"pytest\"\nversion = \"8.0\"\ngroups = [\"dev\"]\nfiles = []\n"
          "[package.source]\ntype = \"legacy\"\nurl = \"https://other.example/simple\"\nreference "
          "= \"other\"\n"
          "[metadata]\nlock-version = \"2.1\"\n",
      "poetry.lock");
  ASSERT_TRUE(lock) << lock.error().what;
  ASSERT_EQ(lock->packages.size(), 2U);
  const Package& flask = lock->packages[0];
  EXPECT_EQ(flask.dependencies.size(), 2U);
  EXPECT_EQ(flask.marker, "python_version < '4'");
  EXPECT_FALSE(flask.develop);
  ASSERT_EQ(flask.artifacts.size(), 2U);
  EXPECT_TRUE(flask.artifacts[0].wheel);
  EXPECT_EQ(flask.artifacts[0].sha256, kA);
  EXPECT_TRUE(lock->packages[1].develop);
  EXPECT_EQ(lock->packages[1].index, "https://other.example/simple");
}

TEST(PoetryLock, TheFirstFormatIsReadToo) {
  const auto lock = read_poetry_lock(
      "[[package]]\nname = \"a\"\nversion = \"1\"\ncategory = \"dev\"\n[metadata]\nlock-version = "
      "\"1.1\"\n"
      "[metadata.files]\na = [{file = \"a-1.tar.gz\", hash = \"sha256:" +
          kA + "\"}]\n",
      "poetry.lock");
  ASSERT_TRUE(lock) << lock.error().what;
  EXPECT_TRUE(lock->packages.at(0).develop);
  EXPECT_EQ(lock->packages[0].artifacts.at(0).filename, "a-1.tar.gz");
}

TEST(UvLock, IsRead) {
  const auto lock = read_uv_lock(
      "version = 1\nrevision = 3\nrequires-python = \">=3.9\"\n"
      "[[package]]\nname = \"app\"\nversion = \"0.1\"\nsource = { virtual = \".\" }\ndependencies "
      "= [{ name = \"numpy\" }]\n"
      "[[package]]\nname = \"numpy\"\nversion = \"2.2\"\nsource = { registry = "
      "\"https://pypi.example/simple\" }\n"
      "resolution-markers = [\"python_version >= '3.10'\"]\n"
      "sdist = { url = \"https://h.example/numpy-2.2.tar.gz\", hash = \"sha256:" +
          kB +
          "\", size = 5 }\n"
          "wheels = [\n  { url = \"https://h.example/numpy-2.2-py3-none-any.whl\", hash = "
          "\"sha256:" +
          kA +
          "\", size = 7, upload-time = \"2024-01-01T00:00:00Z\" },\n]\n"
          "[[package]]\nname = \"numpy\"\nversion = \"1.26\"\nsource = { registry = "
          "\"https://pypi.example/simple\" }\n"
          "resolution-markers = [\"python_version < '3.10'\"]\n",
      "uv.lock");
  ASSERT_TRUE(lock) << lock.error().what;
  ASSERT_EQ(lock->packages.size(), 2U);
  EXPECT_EQ(lock->packages[0].version.str(), "1.26");
  EXPECT_EQ(lock->packages[1].marker, "(python_version >= '3.10')");
  ASSERT_EQ(lock->packages[1].artifacts.size(), 2U);
  EXPECT_EQ(lock->packages[1].artifacts[0].filename, "numpy-2.2-py3-none-any.whl");
  EXPECT_EQ(lock->packages[1].artifacts[0].size, 7U);
  EXPECT_FALSE(lock->packages[1].artifacts[1].wheel);
}

TEST(PdmLock, IsRead) {
  const auto lock = read_pdm_lock(
      "[metadata]\nlock_version = \"4.5.0\"\n"
      "[[package]]\nname = \"flask\"\nversion = \"3.0.3\"\nrequires_python = \">=3.8\"\ngroups = "
      "[\"default\"]\n"
      "marker = \"python_version >= '3.8'\"\ndependencies = [\"click>=8\", \"flask==3.0.3\"]\n"
      "files = [{file = \"flask-3.0.3-py3-none-any.whl\", hash = \"sha256:" +
          kA +
          "\"}]\n"
          "[[package]]\nname = \"flask\"\nversion = \"3.0.3\"\nextras = [\"async\"]\ngroups = "
          "[\"default\"]\n",
      "pdm.lock");
  ASSERT_TRUE(lock) << lock.error().what;
  ASSERT_EQ(lock->packages.size(), 1U);
  EXPECT_EQ(lock->packages[0].dependencies.size(), 1U);
  EXPECT_EQ(lock->packages[0].requires_python, ">=3.8");
}

TEST(OtherLocks, WhatIsOnNoIndexIsRefused) {
  EXPECT_FALSE(read_poetry_lock(
      "[[package]]\nname='a'\nversion='1'\n[package.source]\ntype='git'\nurl='u'\n", "l"));
  EXPECT_FALSE(read_uv_lock("[[package]]\nname='a'\nversion='1'\nsource={git='u'}\n", "l"));
  EXPECT_FALSE(read_pdm_lock("[[package]]\nname='a'\nversion='1'\ngit='u'\n", "l"));
}

TEST(ReadLock, ChoosesByName) {
  const support::TempDirectory directory;
  EXPECT_TRUE(read_lock(directory.write("requirements.txt", "a==1\n")));
  EXPECT_TRUE(read_lock(directory.write("pylock.x.toml", "lock-version='1.0'\npackages=[]\n")));
  EXPECT_TRUE(read_lock(directory.write("Pipfile.lock", "{\"default\": {}}")));
  EXPECT_TRUE(read_lock(directory.write("uv.lock", "version = 1\n")));
  const auto other = read_lock(directory.write("other.json", "{}"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().fault, pep::Fault::kUsage);
}

}  // namespace
}  // namespace resolver::lock
