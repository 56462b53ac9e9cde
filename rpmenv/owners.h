// Which package owns a path. Only paths that were asked for are remembered, so that a database of
// 100,000 files costs no more memory than the few hundred files an inspection speaks of.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "rpmenv/root.h"

namespace rpmenv {

class Owners {
 public:
  explicit Owners(const Root& root) : root_(root) {}

  void want(std::string_view path);  // relative to the root
  bool empty() const { return wanted_.empty(); }

  // A database says that `package` owns `directory`/`name`; both as the database spells them
  // ("/lib64/", "libc.so.6").
  bool wants_directory(std::string_view directory) const;
  void add(std::string_view directory, std::string_view name, const std::string& package);

  std::optional<std::string> of(std::string_view path) const;
  // The owner of the path, else of the first of `others` that has one.
  std::optional<std::string> of(const std::string& path,
                                const std::vector<std::string>& others) const;

 private:
  std::string normal(std::string_view directory) const;

  const Root& root_;
  std::unordered_map<std::string, std::string> wanted_;  // path -> owner, empty while not known
  std::unordered_set<std::string> directories_;
  mutable std::map<std::string, std::string, std::less<>> merged_;  // "lib64" -> "usr/lib64"
};

}  // namespace rpmenv
