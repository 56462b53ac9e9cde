// Requirements that point at repositories: the machine's git and repositories made here. And what
// `fetch`, `install` and `verify` do with locks of what no index gave.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "tests/plugin/direct_fixture.h"

namespace plugin::test {
namespace {

namespace fs = std::filesystem;

class DirectGit : public DirectFixture {
 protected:
  DirectGit() { server_.add({.name = "b"}); }

  std::string repository_url() const { return "git+file://" + (directory_ / "repository"); }
  std::string make(const std::string& version) {
    write_project("repository", "a", version, {"b"});
    return make_repository("repository");
  }
  // A project that its own backend builds, with no build requirements.
  void write_buildable(const std::string& place) {
    write_project(place, "a", "1.0");
    std::ofstream(directory_ / (place + "/pyproject.toml"), std::ios::app)
        << "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n";
    directory_.write(place + "/backend.py", kTinyBackend);
  }
  bool has_pip() const {
    if (std::system("/usr/bin/python3 -m pip --version >/dev/null 2>&1") == 0) return true;
    std::puts("skipped: /usr/bin/python3 has no pip");
    return false;
  }
  Ran seshat(const std::vector<std::string>& arguments) {
    return run_program(arguments, directory_.path(), variables_);
  }
};

TEST_F(DirectGit, ABranchIsPinnedToItsCommit) {
  const std::string commit = make("1.0");
  auto found = packages(
      {"--with", "a @ " + repository_url() + "@main", "-o", "pylock.toml", "-o", "lock.txt"});
  EXPECT_EQ(found["a"]["version"], "1.0") << ran_.err;
  EXPECT_EQ(
      found["a"]["direct_url"]["vcs_info"],
      (nlohmann::json{{"vcs", "git"}, {"requested_revision", "main"}, {"commit_id", commit}}));
  EXPECT_TRUE(found.contains("b"));
  const std::string pylock = read("pylock.toml");
  EXPECT_NE(pylock.find("[packages.vcs]\ntype = \"git\"\nurl = \"" + repository_url().substr(4) +
                        "\"\nrequested-revision = \"main\"\ncommit-id = \"" + commit + "\"\n"),
            std::string::npos)
      << pylock;
  EXPECT_NE(read("lock.txt").find(repository_url() + "@" + commit + "#egg=a\n"), std::string::npos)
      << read("lock.txt");
}

TEST_F(DirectGit, TagsCommitsDigitsAndNothingAreRevisionsToo) {
  const std::string first = make("1.0");
  git("repository", "tag -a v1 -m one");
  const std::string second = make("2.0");
  const auto version = [&](const std::string& revision) {
    return packages({"--with", "a @ " + repository_url() + revision})["a"]["version"];
  };
  EXPECT_EQ(version("@v1"), "1.0") << ran_.err;
  EXPECT_EQ(version("@" + first), "1.0") << ran_.err;
  EXPECT_EQ(version("@" + first.substr(0, 9)), "1.0") << ran_.err;
  EXPECT_EQ(version(""), "2.0") << ran_.err;
  EXPECT_EQ(version("@refs/heads/main"), "2.0") << ran_.err;
  EXPECT_EQ(version("@nowhere"), nullptr);
  EXPECT_EQ(ran_.exit_code, 2);
  EXPECT_NE(ran_.err.find("has no branch, tag or commit \"nowhere\""), std::string::npos)
      << ran_.err;
}

TEST_F(DirectGit, AProjectMayLieInASubdirectory) {
  write_project("repository/deep/a", "a", "4.0");
  make_repository("repository");
  auto found =
      packages({"--with", repository_url() + "#subdirectory=deep/a&egg=a", "-o", "pylock.toml"});
  EXPECT_EQ(found["a"]["version"], "4.0") << ran_.err;
  EXPECT_NE(read("pylock.toml").find("subdirectory = \"deep/a\""), std::string::npos);
  packages({"--with", repository_url() + "#subdirectory=../elsewhere"});
  EXPECT_EQ(ran_.exit_code, 2) << ran_.err;
}

TEST_F(DirectGit, ARepositoryThatDoesNotAnswerIsUnavailable) {
  packages({"--with", "a @ git+file://" + (directory_ / "nothing")});
  EXPECT_EQ(ran_.exit_code, 9) << ran_.err;
  packages({"--with", "a @ git+https://127.0.0.1:9/a", "--offline"});
  EXPECT_EQ(ran_.exit_code, 9) << ran_.err;
  EXPECT_NE(ran_.err.find("--offline"), std::string::npos) << ran_.err;
}

TEST_F(DirectGit, WithoutGitThereIsASentence) {
  make("1.0");
  variables_["PATH"] = directory_ / "empty";
  packages({"--with", "a @ " + repository_url()});
  EXPECT_EQ(ran_.exit_code, 2);
  EXPECT_NE(ran_.err.find("git is not installed"), std::string::npos) << ran_.err;
}

TEST_F(DirectGit, SecretsReachGitByItsEnvironmentOnly) {
  // A git that notes what it was called with, and what it is answered when it asks.
  directory_.write("bin/git",
                   "#!/bin/sh\necho \"$@\" >> " + (directory_ / "arguments") +
                       "\n\"$GIT_ASKPASS\" \"Password for 'https://user@host.example': \" >> " +
                       (directory_ / "answers") +
                       "\n\"$GIT_ASKPASS\" \"Password for 'https://user@other.example': \" >> " +
                       (directory_ / "others") +
                       "\n\"$GIT_ASKPASS\" \"Password for 'http://user@host.example': \" >> " +
                       (directory_ / "others") + "\nexit 128\n");
  fs::permissions(directory_ / "bin/git", fs::perms::owner_all);
  variables_["PATH"] = (directory_ / "bin") + ":/usr/bin:/bin";
  packages({"--with", "a @ git+https://user:pa55@host.example/a@main", "-vv"});
  EXPECT_EQ(ran_.exit_code, 9) << ran_.err;
  EXPECT_EQ((ran_.out + ran_.err).find("pa55"), std::string::npos) << ran_.err;
  EXPECT_FALSE(read("arguments").empty());
  EXPECT_EQ(read("arguments").find("pa55"), std::string::npos) << read("arguments");
  EXPECT_EQ(read("answers"), "pa55\n");
  EXPECT_EQ(read("others"), "");
}

TEST_F(DirectGit, NothingOfTheRepositoryRuns) {
  make("1.0");
  directory_.write("repository/.gitattributes", "* filter=evil\n");
  make_repository("repository");
  directory_.write("template/hooks/post-checkout", "#!/bin/sh\ntouch " + (directory_ / "ran"));
  fs::permissions(directory_ / "template/hooks/post-checkout", fs::perms::owner_all);
  variables_["GIT_TEMPLATE_DIR"] = directory_ / "template";
  EXPECT_EQ(packages({"--with", "a @ " + repository_url()})["a"]["version"], "1.0") << ran_.err;
  EXPECT_FALSE(fs::exists(directory_ / "ran"));
}

TEST_F(DirectGit, WhatIsLockedIsFetchedInstalledAndVerified) {
  if (!has_pip()) return;
  write_buildable("repository");
  const std::string commit = make_repository("repository");
  write_buildable("tree");
  directory_.write(
      "tree/pyproject.toml",
      read("tree/pyproject.toml").replace(read("tree/pyproject.toml").find("'a'"), 3, "'t'"));
  server_.add({.name = "w"});
  directory_.write("requirements.txt",
                   "a @ " + repository_url() + "\n./tree\nw @ " + wheel_url("w", "1.0") + "\n");
  packages({"requirements.txt", "-o", "pylock.toml"});
  ASSERT_EQ(ran_.exit_code, 0) << ran_.err;
  Ran fetched = seshat({"fetch", "pylock.toml", "-d", "house", "--index-url", server_.url()});
  ASSERT_EQ(fetched.exit_code, 0) << fetched.err;
  EXPECT_TRUE(fs::exists(directory_ / "house/w-1.0-py3-none-any.whl"));
  EXPECT_TRUE(fs::exists(directory_ / ("house/a-" + commit.substr(0, 12) + "/pyproject.toml")));
  server_.forget_requests();
  fs::rename(directory_ / "repository", directory_ / "moved");
  Ran installed = seshat({"install", "pylock.toml", "--python", "/usr/bin/python3", "--find-links",
                          "house", "--target", "site"});
  ASSERT_EQ(installed.exit_code, 0) << installed.err << installed.out;
  EXPECT_EQ(server_.count(), 0U);
  for (const char* there : {"site/a.py", "site/t.py", "site/w-1.0.dist-info/METADATA"})
    EXPECT_TRUE(fs::exists(directory_ / there)) << there;
  const auto recorded =
      nlohmann::json::parse(read("site/a-1.0.dist-info/direct_url.json"), nullptr, false);
  EXPECT_EQ(recorded["vcs_info"]["commit_id"], commit);
}

TEST_F(DirectGit, ACloneThatIsNotWhatIsLockedIsClonedAnew) {
  make("1.0");
  const std::string commit = make("2.0");
  packages({"--with", "a @ " + repository_url(), "-o", "pylock.toml"});
  ASSERT_EQ(ran_.exit_code, 0) << ran_.err;
  const std::string clone = "house/a-" + commit.substr(0, 12);
  const auto fetch = [&] {
    return seshat({"fetch", "pylock.toml", "-d", "house", "--index-url", server_.url()}).exit_code;
  };
  ASSERT_EQ(fetch(), 0);
  directory_.write(clone + "/.git/seen", "");
  ASSERT_EQ(fetch(), 0);
  EXPECT_TRUE(fs::exists(directory_ / (clone + "/.git/seen"))) << "what is right is kept";
  const auto good = read(clone + "/pyproject.toml");
  const std::pair<const char*, std::function<void()>> changes[] = {
      {"another commit", [&] { git(clone, "checkout -q HEAD~1"); }},
      {"a file changed", [&] { directory_.write(clone + "/pyproject.toml", "evil"); }},
      {"a file added", [&] { directory_.write(clone + "/setup.py", "evil"); }},
      {"a file ignored",
       [&] {
         directory_.write(clone + "/.git/info/exclude", "setup.py\n");
         directory_.write(clone + "/setup.py", "evil");
       }},
      {"a file removed", [&] { fs::remove(directory_ / (clone + "/pyproject.toml")); }},
      {"a program that is configured",
       [&] {
         git(clone, "config core.fsmonitor 'touch " + (directory_ / "ran") + "; false'");
         directory_.write(clone + "/setup.py", "evil");
       }},
      {"no repository at all", [&] {
         fs::remove_all(directory_ / clone);
         directory_.write(clone + "/pyproject.toml", good);
       }}};
  for (const auto& [what, change] : changes) {
    directory_.write(clone + "/.git/seen", "");
    change();
    EXPECT_EQ(fetch(), 0) << what;
    EXPECT_FALSE(fs::exists(directory_ / (clone + "/.git/seen"))) << what;
    EXPECT_EQ(git(clone, "rev-parse HEAD"), commit) << what;
    EXPECT_EQ(git(clone, "status --porcelain --ignored"), "") << what;
    EXPECT_EQ(read(clone + "/pyproject.toml"), good) << what;
  }
  EXPECT_FALSE(fs::exists(directory_ / "ran"));
}

TEST_F(DirectGit, ALockOfRequirementsCanBeInstalledToo) {
  if (!has_pip()) return;
  write_buildable("tree");
  server_.add({.name = "w"});
  directory_.write("requirements.in", "./tree\nw @ " + wheel_url("w", "1.0") + "\n");
  packages({"requirements.in", "-o", "lock.txt"});
  ASSERT_EQ(ran_.exit_code, 0) << ran_.err;
  variables_["PIP_INDEX_URL"] = server_.url();
  Ran installed =
      seshat({"install", "lock.txt", "--python", "/usr/bin/python3", "--target", "site"});
  ASSERT_EQ(installed.exit_code, 0) << installed.err << installed.out;
  EXPECT_TRUE(fs::exists(directory_ / "site/a.py"));
  EXPECT_TRUE(fs::exists(directory_ / "site/w-1.0.dist-info/METADATA"));
}

TEST_F(DirectGit, AnArchiveThatChangedIsNotFetched) {
  server_.add({.name = "w"});
  packages({"--with", "w @ " + wheel_url("w", "1.0"), "-o", "pylock.toml"});
  ASSERT_EQ(ran_.exit_code, 0) << ran_.err;
  server_.put("/files/w-1.0-py3-none-any.whl", "another", "application/octet-stream");
  Ran fetched = seshat({"fetch", "pylock.toml", "-d", "house", "--index-url", server_.url()});
  EXPECT_EQ(fetched.exit_code, 7) << fetched.err;
  EXPECT_FALSE(fs::exists(directory_ / "house/w-1.0-py3-none-any.whl"));
}

TEST_F(DirectGit, ALockIsAManifestAgain) {
  const std::string commit = make("1.0");
  packages({"--with", "a @ " + repository_url(), "-o", "pylock.toml"});
  make("2.0");
  for (const char* lock : {"pylock.toml"}) {
    auto found = packages({lock, "-o", "again.txt"});
    EXPECT_EQ(found["a"]["version"], "1.0") << ran_.err;
    EXPECT_EQ(found["a"]["direct_url"]["vcs_info"]["commit_id"], commit);
  }
}

}  // namespace
}  // namespace plugin::test
