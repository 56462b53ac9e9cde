// Runs one program of this machine and waits for it: captured output, a time limit, an environment
// that is said. Arguments can be seen by everybody on the machine, so secrets go into `variables`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pep/result.h"

namespace plugin::direct {

struct Process {
  std::vector<std::string> command;
  std::string directory;  // empty: ours
  // Set, or without a value taken away from what we were given.
  std::map<std::string, std::optional<std::string>> variables;
  std::vector<std::string> without_prefixes;  // variables that begin so are taken away too
  double seconds = 600;
};

struct Ended {
  int exit_code = 0;  // 128 and the signal if one ended it
  bool timed_out = false;
  std::string out;
  std::string err;  // its last 64 KiB
  // What a person should read of a failure: the last lines of both.
  std::string last_lines(std::size_t count) const;
};

// not_found if there is no such program. At the time limit it is killed with what it started.
pep::Result<Ended> run(const Process& process);

// A private directory (mode 0700), removed with everything in it at the end.
class Scratch {
 public:
  static pep::Result<Scratch> make();
  Scratch(Scratch&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch();
  const std::string& path() const { return path_; }
  // Makes the directory `name` in it.
  std::string directory(const std::string& name) const;

 private:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace plugin::direct
