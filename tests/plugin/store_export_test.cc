// `seshat index export`: what the store knows, as an index of its own.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/plugin/store_fixture.h"

namespace plugin::test {
namespace {

// Metadata that a run guesses at and does not wait for: the run before may not have known them.
constexpr std::size_t kGuesses = 3;

namespace fs = std::filesystem;

class IndexExport : public StoreTest {
 protected:
  Ran export_index(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"index", "export", "out", "--cache-dir", "cache"};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words, directory_.path());
  }
  // A run on the export without the store.
  Ran advise_from(const std::string& url) {
    forget_lock();
    std::vector<std::string> words = advise_words(url, {"--no-cache"});
    return run_program(words, directory_.path());
  }
  std::string exported_url() const { return "file://" + (directory_ / "out/simple/"); }

  // Serves the export at the same paths, as any web server would.
  void serve(support::LoopbackServer& server) const {
    const fs::path root = directory_ / "out";
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file()) continue;
      std::string path = "/" + entry.path().lexically_relative(root).string();
      if (path.ends_with("/index.json")) continue;
      if (path.ends_with("/index.html")) path.resize(path.size() - 10);
      server.put(path, support::read_file(entry.path()),
                 path.ends_with("/") ? "text/html" : "application/octet-stream");
    }
  }
  // The lock without what says where it comes from.
  static std::string facts(const std::string& lock) {
    std::string kept;
    std::istringstream lines(lock);
    for (std::string line; std::getline(lines, line);)
      if (!line.starts_with("index = ")) kept += line + "\n";
    return kept;
  }
};

TEST_F(IndexExport, GivesTheSameLockWithoutTheIndex) {
  ASSERT_EQ(advise().exit_code, 0);
  const std::string original = lock();
  const Ran ran = export_index({"--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto told = nlohmann::json::parse(ran.out);
  EXPECT_EQ(told["schema"], "seshat.index/1");
  EXPECT_EQ(told["projects"], 31);
  EXPECT_EQ(told["indexes"], nlohmann::json::array({server_.url()}));
  server_.forget_requests();
  const Ran again = advise_from(exported_url());
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_LE(server_.count(), kGuesses);
  EXPECT_EQ(facts(lock()), facts(original));
}

TEST_F(IndexExport, ServedOverHttpItResolvesToTheSameFiles) {
  ASSERT_EQ(advise().exit_code, 0);
  const std::string original = lock();
  ASSERT_EQ(export_index().exit_code, 0);
  support::LoopbackServer plain;
  serve(plain);
  server_.forget_requests();
  ASSERT_EQ(advise_from(plain.url()).exit_code, 0);
  EXPECT_LE(server_.count(), kGuesses);
  for (const std::string& text : {original, lock()}) EXPECT_EQ(count_of(text, "[[packages]]"), 31U);
  std::istringstream lines(original);
  for (std::string line; std::getline(lines, line);) {
    const bool said = line.starts_with("version = ") || line.starts_with("hashes = ");
    EXPECT_TRUE(!said || lock().find(line) != std::string::npos) << line;
  }
}

TEST_F(IndexExport, PipReadsIt) {
  if (run_command({"python3", "-m", "pip", "--version"}, directory_.path()).exit_code != 0)
    GTEST_SKIP() << "python3 has no pip here";
  ASSERT_EQ(advise().exit_code, 0);
  ASSERT_EQ(run_program({"fetch", "pylock.toml", "-d", "wheels"}, directory_.path()).exit_code, 0);
  const Ran ran = export_index({"--find-links", "wheels"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  support::LoopbackServer plain;
  serve(plain);
  server_.forget_requests();
  const Ran pip = run_command(
      {"python3", "-m", "pip", "download", "--no-deps", "--isolated", "--no-cache-dir",
       "--disable-pip-version-check", "--index-url", plain.url(), "--dest", "got", "p5", "app"},
      directory_.path());
  EXPECT_EQ(pip.exit_code, 0) << pip.out << pip.err;
  EXPECT_TRUE(fs::exists(directory_ / "got/app-1.0-py3-none-any.whl"));
  EXPECT_EQ(server_.count(), 0U);
}

TEST_F(IndexExport, AFileOfTheWheelhouseThatIsAnotherIsRefused) {
  ASSERT_EQ(advise().exit_code, 0);
  directory_.write("wheels/app-1.0-py3-none-any.whl", "not this");
  const Ran ran = export_index({"-f", "wheels"});
  EXPECT_EQ(ran.exit_code, 7);
  EXPECT_NE(ran.err.find("app-1.0-py3-none-any.whl is not the file"), std::string::npos) << ran.err;
  EXPECT_TRUE(fs::is_empty(directory_ / "out")) << "nothing half-written stays";
}

TEST_F(IndexExport, WhatIsThereIsOnlyReplacedByForce) {
  ASSERT_EQ(advise().exit_code, 0);
  directory_.write("out/of-the-user", "text");
  Ran ran = export_index();
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("out is not empty"), std::string::npos) << ran.err;
  directory_.write("out/simple/old/index.html", "");
  EXPECT_EQ(export_index({"--force"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(directory_ / "out/simple/old"));
  EXPECT_TRUE(fs::exists(directory_ / "out/simple/app/index.html"));
  EXPECT_EQ(support::read_file(directory_ / "out/of-the-user"), "text");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_ / "out"), fs::directory_iterator()), 2);
}

TEST_F(IndexExport, WritesTheSameBytesEachTime) {
  ASSERT_EQ(advise().exit_code, 0);
  ASSERT_EQ(export_index().exit_code, 0);
  fs::rename(directory_ / "out", directory_ / "first");
  ASSERT_EQ(run_program({"cache", "prune", "--cache-dir", "cache"}, directory_.path()).exit_code,
            0);
  ASSERT_EQ(export_index().exit_code, 0);
  EXPECT_EQ(run_command({"diff", "-r", "first", "out"}, directory_.path()).exit_code, 0);
}

TEST_F(IndexExport, AnEmptyStoreHasNothing) {
  const Ran ran = export_index();
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("knows no index yet"), std::string::npos) << ran.err;
  EXPECT_FALSE(fs::exists(directory_ / "out"));
}

TEST_F(IndexExport, OfSeveralIndexesOneIsNamed) {
  support::LoopbackServer other;
  other.add({.name = "theirs"});
  ASSERT_EQ(advise({"--extra-index-url", other.url(), "--with", "theirs"}).exit_code, 0);
  const std::string original = lock();
  const Ran ran = export_index();
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find(other.url()), std::string::npos) << ran.err;
  ASSERT_EQ(
      export_index({"--index-url", server_.url(), "--extra-index-url", other.url()}).exit_code, 0);
  EXPECT_TRUE(fs::exists(directory_ / "out/simple/theirs/theirs-1.0-py3-none-any.whl.metadata"));
  EXPECT_TRUE(fs::exists(directory_ / "out/simple/app"));
}

TEST_F(IndexExport, HoldsNoCredentials) {
  support::LoopbackServer closed({.user = "me:secret"});
  closed.add({.name = "app"});
  std::string url = closed.url();
  url.insert(7, "me:secret@");
  ASSERT_EQ(run_program(advise_words(url, {}), directory_.path()).exit_code, 0);
  ASSERT_EQ(export_index().exit_code, 0);
  EXPECT_NE(run_command({"grep", "-r", "secret", "out"}, directory_.path()).exit_code, 0);
}

}  // namespace
}  // namespace plugin::test
