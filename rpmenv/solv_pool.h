// libsolv's pool as an owner: solvables, what they provide, who provides what. No policy: what goes
// into it and what a miss means is for others (capabilities.h). One thread at a time. Knows nothing
// of files.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"

namespace rpmenv {

// RPM's own spelling of a dependency: "git", "git >= 2.30", "libc.so.6(GLIBC_2.28)(64bit)",
// "/usr/bin/git".
struct Dependency {
  std::string_view name;
  std::string_view version;  // [epoch:]version[-release]; empty: any
  std::uint32_t flags = 0;   // RPM's sense flags: less 2, greater 4, equal 8
};

class SolvPool {
 public:
  enum class Repository { kInstalled, kFacts };

  SolvPool();
  SolvPool(SolvPool&&) noexcept;
  SolvPool& operator=(SolvPool&&) noexcept;
  ~SolvPool();

  struct Item {
    std::string_view name;
    std::string version;  // [epoch:]version[-release]
    std::string_view arch;
    std::vector<Dependency> provides;  // itself need not be among them
    std::vector<Dependency> requirements;
    // Files as (directory with "/" at its end, name).
    std::vector<std::pair<std::string_view, std::string_view>> files;
  };
  void add(Repository repository, const Item& item);
  // Packages that could be installed: the rpm-md repository in `directory`, which has a
  // repodata/repomd.xml. io if a file of it cannot be read, malformed if one is damaged, integrity
  // if one is not what repomd.xml says.
  pep::Status add_available(const std::string& directory);
  // Packages of other architectures are then no choice.
  void set_architecture(const std::string& architecture);
  // After the last add and before the first question.
  void finish();

  // What to install so that all `capabilities` are there, what that pulls in besides, and which of
  // them no package that could be installed provides. Names, sorted. `problem` if there are
  // providers and none can be installed.
  struct Installation {
    std::vector<std::string> wanted, pulled, unprovided;
    std::string problem;
  };
  Installation install(std::span<const std::string> capabilities) const;

  // "name" or "name OP version"; the names of the solvables that provide it, sorted
  // ("git-2.39-1.fc37.x86_64").
  std::vector<std::string> providers(std::string_view capability) const;
  bool provides(std::string_view capability) const;
  // Those of `capabilities` that nothing provides, in their order.
  std::vector<std::string> missing(std::span<const std::string> capabilities) const;
  std::size_t size() const;  // solvables

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rpmenv
