// What is asked of repositories, by the git that this machine has. Nothing of a repository is ever
// run: no hooks, no checkout unless one is asked for. Credentials reach git through its environment
// only, and only for the host that they were given for.
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
#include "plugin/direct/process.h"
#include "resolver/index/client.h"
#include "resolver/index/url.h"

namespace plugin::direct {

class Git {
 public:
  // `url` may hold credentials. `scratch` outlives this.
  Git(const resolver::index::ClientOptions& options, const Scratch& scratch, std::string url);

  // The commit that a branch, a tag or nothing (the default branch) stands for. A whole commit is
  // itself. not_found if there is none, unreachable if the repository does not answer.
  pep::Result<std::string> resolve(const std::string& revision);
  // Fetches the commit; afterwards its files can be read.
  pep::Status fetch(const std::string& commit);
  // A file of the fetched commit; not_found if it has none.
  pep::Result<std::string> file(const std::string& commit, const std::string& path);
  // A clone with all its tags in `directory`, at `commit`: what a build needs to tell its version.
  pep::Status clone(const std::string& commit, const std::string& directory);
  // Whether `directory` is a clone at `commit` in which nothing was changed, added or removed. What
  // lies in its submodules is not looked at.
  bool holds(const std::string& commit, const std::string& directory);

 private:
  pep::Result<Ended> git(std::vector<std::string> arguments, const std::string& directory = {});
  pep::Error failure(const std::string& what, const Ended& ended) const;
  pep::Result<std::string> abbreviated(const std::string& revision);
  pep::Status write_askpass();

  const resolver::index::ClientOptions& options_;
  const Scratch& scratch_;
  std::string url_;  // without credentials
  resolver::index::Credentials credentials_;
  std::string askpass_;
  std::string repository_;  // bare
  bool whole_ = false;      // all of it was fetched
};

bool is_commit(const std::string& text);  // 40 or 64 hexadecimal digits

}  // namespace plugin::direct
