// Whether the image has what the wheels of a stack need: downloads each wheel with libraries once,
// reads what they need and asks the image. What a wheel needs is remembered in the store, by its
// hash.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "pep/result.h"
#include "plugin/direct/process.h"
#include "plugin/options.h"
#include "resolver/index/client.h"
#include "resolver/lock/lock.h"
#include "rpmenv/inspect.h"
#include "rpmenv/root.h"
#include "rpmenv/target.h"
#include "rpmenv/wheel_libraries.h"

namespace plugin {

class WheelCheck {
 public:
  // Reads the image anew, its libraries too. environment if there is no image to ask.
  static pep::Result<std::unique_ptr<WheelCheck>> open(const TargetOptions& asked,
                                                       const rpmenv::Target& target,
                                                       resolver::index::Client& client);

  // Adds the wheels of `lock` that lack something in the image to `lacking`: file name and why.
  // True if there are new ones. environment if so many versions of one package lack something that
  // no other will do.
  pep::Result<bool> refuse(const resolver::lock::Lock& lock,
                           std::map<std::string, std::string, std::less<>>& lacking);

 private:
  WheelCheck(std::unique_ptr<rpmenv::Root> root, rpmenv::Facts facts, std::string interpreter,
             resolver::index::Client& client)
      : root_(std::move(root)),
        facts_(std::move(facts)),
        interpreter_(std::move(interpreter)),
        client_(client) {}

  const rpmenv::Interpreter* python() const;
  pep::Result<const rpmenv::WheelLibraries*> libraries(const resolver::lock::Artifact& artifact);
  pep::Result<rpmenv::WheelLibraries> read(const resolver::lock::Artifact& artifact);

  std::unique_ptr<rpmenv::Root> root_;
  rpmenv::Facts facts_;
  std::string interpreter_;  // path relative to the root
  resolver::index::Client& client_;
  std::unique_ptr<direct::Scratch> scratch_;
  std::map<std::string, rpmenv::WheelLibraries> known_;   // by file name
  std::map<std::string, std::set<std::string>> refused_;  // versions, by package
};

}  // namespace plugin
