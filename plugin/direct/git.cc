#include "plugin/direct/git.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "resolver/lock/url.h"

namespace plugin::direct {
namespace {

namespace index = resolver::index;

constexpr double kSeconds = 900;
constexpr const char* kProtocols = "https:http:ssh:git";

// Answers git's questions, but only of the host that the credentials are for: a server may send git
// on to another one, or to the same one without TLS. Git asks "Username for 'https://host': ",
// "Password for 'https://user@host': ".
constexpr const char* kAskpass = R"(#!/bin/sh
case "$1" in
  "Username for '$SESHAT_GIT_ORIGIN'"*|"Username for '$SESHAT_GIT_ORIGIN/"*)
    printf '%s\n' "$SESHAT_GIT_USER" ;;
  "Password for '$SESHAT_GIT_SCHEME://"*"@$SESHAT_GIT_HOST'"*|"Password for '$SESHAT_GIT_SCHEME://"*"@$SESHAT_GIT_HOST/"*)
    printf '%s\n' "$SESHAT_GIT_PASSWORD" ;;
  *) exit 1 ;;
esac
)";

// What git complains of; what comes behind is advice.
std::string complaint(const Ended& ended) {
  std::istringstream lines(ended.err);
  for (std::string line; std::getline(lines, line);) {
    for (const char* begin : {"fatal: ", "error: "}) {
      if (line.starts_with(begin)) return line.substr(7);
    }
  }
  return ended.last_lines(1);
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

bool is_commit(const std::string& text) {
  return (text.size() == 40 || text.size() == 64) && is_hex(text);
}

Git::Git(const index::ClientOptions& options, const Scratch& scratch, std::string url)
    : options_(options), scratch_(scratch), url_(std::move(url)) {
  if (url_.starts_with("http")) credentials_ = index::take_credentials(url_);
}

pep::Status Git::write_askpass() {
  if (!askpass_.empty() || credentials_.empty()) return pep::Done{};
  askpass_ = scratch_.path() + "/askpass";
  std::ofstream file(askpass_);
  file << kAskpass;
  file.close();
  if (!file || ::chmod(askpass_.c_str(), 0700) != 0)
    return pep::error(pep::Fault::kIo, askpass_ + " cannot be written");
  return pep::Done{};
}

pep::Result<Ended> Git::git(std::vector<std::string> arguments, const std::string& directory) {
  if (auto written = write_askpass(); !written) return std::move(written).error();
  Process process{.command = {"git", "-c", "core.hooksPath=/dev/null", "-c", "core.askPass=", "-c",
                              "advice.detachedHead=false"},
                  .directory = directory,
                  .variables = {{"GIT_TERMINAL_PROMPT", "0"},
                                {"GIT_ALLOW_PROTOCOL", kProtocols},
                                {"GIT_SSH_COMMAND", "ssh -o BatchMode=yes"},
                                {"GIT_LFS_SKIP_SMUDGE", "1"},
                                {"LC_ALL", "C"},
                                {"GIT_DIR", std::nullopt},
                                {"GIT_WORK_TREE", std::nullopt},
                                {"GIT_INDEX_FILE", std::nullopt},
                                {"GIT_OBJECT_DIRECTORY", std::nullopt}},
                  .without_prefixes = {"SESHAT_", "PIP_"},
                  .seconds = kSeconds};
  auto& set = process.variables;
  // A repository's submodules may not lead to those of this machine, wherever it lies itself.
  const bool local = url_.starts_with("file:") || url_.starts_with('/');
  if (local && arguments.at(0) != "submodule")
    set["GIT_ALLOW_PROTOCOL"] = std::string(kProtocols) + ":file";
  if (std::getenv("GIT_SSH_COMMAND") != nullptr || std::getenv("GIT_SSH") != nullptr)
    set.erase("GIT_SSH_COMMAND");
  if (!credentials_.empty()) {
    const std::string origin(index::origin_of(url_));
    set["GIT_ASKPASS"] = askpass_;
    set["SESHAT_GIT_ORIGIN"] = origin;
    set["SESHAT_GIT_SCHEME"] = std::string(index::scheme_of(url_));
    set["SESHAT_GIT_HOST"] = std::string(index::host_of(url_));
    set["SESHAT_GIT_USER"] = credentials_.user;
    set["SESHAT_GIT_PASSWORD"] = credentials_.password;
  }
  if (!options_.proxy.empty()) {
    set["https_proxy"] = options_.proxy;
    set["http_proxy"] = options_.proxy;
  }
  if (!options_.ca_bundle.empty()) set["GIT_SSL_CAINFO"] = options_.ca_bundle;
  const std::string host(index::host_of(url_));
  const auto& trusted = options_.trusted_hosts;
  if (std::find(trusted.begin(), trusted.end(), host) != trusted.end() ||
      std::find(trusted.begin(), trusted.end(), host.substr(0, host.find(':'))) != trusted.end()) {
    set["GIT_SSL_NO_VERIFY"] = "1";
  }
  process.command.insert(process.command.end(), arguments.begin(), arguments.end());
  auto ended = run(process);
  if (!ended && ended.error().fault == pep::Fault::kNotFound) {
    return pep::error(pep::Fault::kConfig,
                      fmt::format("{} is a git repository, and git is not installed on this "
                                  "machine; install git, or name a release instead",
                                  url_));
  }
  return ended;
}

pep::Error Git::failure(const std::string& what, const Ended& ended) const {
  if (ended.timed_out)
    return pep::error(pep::Fault::kUnreachable,
                      fmt::format("{} {}: no end after {} seconds", url_, what, kSeconds));
  return pep::error(
      pep::Fault::kUnreachable,
      fmt::format("{} {}: {}", url_, what, resolver::lock::redacted(complaint(ended))));
}

pep::Result<std::string> Git::resolve(const std::string& revision) {
  if (is_commit(revision)) return revision;
  auto listed = git({"ls-remote", "--", url_});
  if (!listed) return std::move(listed).error();
  if (listed->exit_code != 0) return failure("cannot be read", *listed);
  const std::vector<std::string> names =
      revision.empty()
          ? std::vector<std::string>{"HEAD"}
          : std::vector<std::string>{"refs/heads/" + revision, "refs/tags/" + revision + "^{}",
                                     "refs/tags/" + revision, revision};
  std::size_t best = names.size();
  std::string commit;
  std::istringstream lines(listed->out);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos || !is_commit(line.substr(0, tab))) continue;
    const auto found = std::find(names.begin(), names.end(), line.substr(tab + 1));
    const auto place = static_cast<std::size_t>(found - names.begin());
    if (place >= best) continue;
    best = place;
    commit = line.substr(0, tab);
  }
  if (!commit.empty()) return commit;
  if (revision.size() >= 4 && is_hex(revision)) return abbreviated(revision);
  return pep::error(
      pep::Fault::kConfig,
      revision.empty() ? fmt::format("{} has no default branch; name a branch, tag or commit", url_)
                       : fmt::format("{} has no branch, tag or commit \"{}\"", url_, revision));
}

// Only all of a repository tells what the first digits of a commit stand for.
pep::Result<std::string> Git::abbreviated(const std::string& revision) {
  if (auto fetched = fetch({}); !fetched) return std::move(fetched).error();
  auto parsed = git({"rev-parse", "--verify", "--quiet", revision + "^{commit}"}, repository_);
  if (!parsed) return std::move(parsed).error();
  const std::string commit = parsed->out.substr(0, parsed->out.find('\n'));
  if (parsed->exit_code == 0 && is_commit(commit)) return commit;
  return pep::error(pep::Fault::kConfig,
                    fmt::format("{} has no branch, tag or commit \"{}\"", url_, revision));
}

// Without a commit: everything.
pep::Status Git::fetch(const std::string& commit) {
  if (whole_) return pep::Done{};
  if (repository_.empty()) {
    repository_ = scratch_.directory("repository.git");
    auto made = git({"init", "--quiet", "--bare", repository_});
    if (!made) return std::move(made).error();
    if (made->exit_code != 0) return failure("cannot be fetched", *made);
  }
  if (!commit.empty()) {
    auto shallow =
        git({"fetch", "--quiet", "--no-tags", "--depth=1", "--", url_, commit}, repository_);
    if (!shallow) return std::move(shallow).error();
    if (shallow->exit_code == 0) return pep::Done{};
  }
  // A server that gives no single commits, or knows no shallow ones.
  auto all =
      git({"fetch", "--quiet", "--no-tags", "--", url_, "+refs/*:refs/seshat/*"}, repository_);
  if (!all) return std::move(all).error();
  if (all->exit_code != 0) return failure("cannot be fetched", *all);
  whole_ = true;
  if (commit.empty()) return pep::Done{};
  auto there = git({"cat-file", "-e", commit + "^{commit}"}, repository_);
  if (!there) return std::move(there).error();
  if (there->exit_code == 0) return pep::Done{};
  return pep::error(pep::Fault::kConfig, fmt::format("{} has no commit {}", url_, commit));
}

pep::Result<std::string> Git::file(const std::string& commit, const std::string& path) {
  auto shown = git({"cat-file", "blob", commit + ":" + path}, repository_);
  if (!shown) return std::move(shown).error();
  if (shown->exit_code != 0)
    return pep::error(pep::Fault::kNotFound, fmt::format("{} has no {}", url_, path));
  return std::move(shown->out);
}

// Nothing of what lies in `directory` is believed or obeyed but its objects and its files: not its
// configuration, which could name programs, and not its index.
bool Git::holds(const std::string& commit, const std::string& directory) {
  std::string head;
  std::getline(std::ifstream(directory + "/.git/HEAD"), head);
  if (head != commit) return false;
  const std::string ours = scratch_.directory("looked-at.git");
  std::vector<std::string> init = {"init", "--quiet", "--bare", ours};
  if (commit.size() == 64) init.insert(init.begin() + 1, "--object-format=sha256");
  auto made = git(std::move(init));
  if (!made || made->exit_code != 0) return false;
  std::ofstream(ours + "/objects/info/alternates") << directory << "/.git/objects\n";
  const std::string git_dir = "--git-dir=" + ours;
  const std::string tree = "--work-tree=" + directory;
  auto read = git({git_dir, tree, "read-tree", commit}, directory);
  if (!read || read->exit_code != 0) return false;
  auto status = git({git_dir, tree, "-c", "core.bare=false", "status", "--porcelain", "--ignored",
                     "--untracked-files=normal", "--ignore-submodules=all"},
                    directory);
  if (!status || status->exit_code != 0) return false;
  // There is no commit in ours that the index could be compared with: "A " is what has not changed.
  std::istringstream lines(status->out);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("A ")) return false;
  }
  return true;
}

pep::Status Git::clone(const std::string& commit, const std::string& directory) {
  const auto step = [&](std::vector<std::string> arguments,
                        const std::string& in) -> pep::Result<Ended> {
    return git(std::move(arguments), in);
  };
  const std::vector<std::vector<std::string>> steps = {
      {"init", "--quiet", "--", directory},
      {"-C", directory, "remote", "add", "origin", url_},
      {"-C", directory, "fetch", "--quiet", "--tags", "origin",
       "+refs/heads/*:refs/remotes/origin/*"}};
  for (const auto& arguments : steps) {
    auto ended = step(arguments, {});
    if (!ended) return std::move(ended).error();
    if (ended->exit_code != 0) return failure("cannot be cloned", *ended);
  }
  auto there = step({"cat-file", "-e", commit + "^{commit}"}, directory);
  if (!there) return std::move(there).error();
  if (there->exit_code != 0) {
    auto alone = step({"fetch", "--quiet", "origin", commit}, directory);
    if (!alone) return std::move(alone).error();
    if (alone->exit_code != 0) return failure("cannot be cloned", *alone);
  }
  for (const auto& arguments : {std::vector<std::string>{"checkout", "--quiet", "--detach", commit},
                                {"submodule", "--quiet", "update", "--init", "--recursive"}}) {
    auto ended = step(arguments, directory);
    if (!ended) return std::move(ended).error();
    if (ended->exit_code != 0) return failure("cannot be checked out", *ended);
  }
  return pep::Done{};
}

}  // namespace plugin::direct
