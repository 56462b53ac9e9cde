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
#include "resolver/pipeline/question.h"
#include "rpmenv/inspect.h"
#include "rpmenv/root.h"
#include "rpmenv/target.h"
#include "rpmenv/wheel_libraries.h"

namespace rpmenv {
struct MissingLibrary;
}

namespace plugin {

class WheelCheck {
 public:
  // Reads the image anew, its libraries too. environment if there is no image to ask.
  static pep::Result<std::unique_ptr<WheelCheck>> open(const TargetOptions& asked,
                                                       const rpmenv::Target& target,
                                                       resolver::index::Client& client);

  // Makes `policy` rule out what was seen to lack something: a wheel, where nothing that could be
  // in a stack has it; else the stacks without what has it. True if that rules out more than
  // before. environment if so many stacks with one package lack something that no other will do.
  pep::Result<bool> refuse(const resolver::lock::Lock& lock, resolver::pipeline::Policy& policy);
  // environment if the image was seen to lack something, whatever another version would need.
  pep::Status gate() const;

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
  using Member = std::pair<pep::Name, pep::Version>;
  // A package that lacks something in a stack.
  struct Refusal {
    std::string file, reason;
    Member package;
    std::set<std::string> absent;   // libraries that neither the image nor the stack has
    std::set<pep::Name> providers;  // of the stack, that have a library but no version of it
    std::map<pep::Name, pep::Version> stack;
    bool always = false;  // in any stack: it cannot be read, or the image has too little
  };
  void note(const resolver::lock::Lock& lock, const resolver::lock::Package& package,
            const std::vector<const rpmenv::MissingLibrary*>& all,
            const std::map<std::string, const resolver::lock::Package*>& owners);
  resolver::pipeline::Policy ruled_out() const;
  std::set<pep::Name> others_with(const Refusal& refusal) const;
  pep::Status keep_patience() const;

  std::map<std::string, rpmenv::WheelLibraries> known_;  // by file name
  std::map<std::string, std::set<pep::Name>> brought_;   // who has a library, by its stem
  std::vector<Refusal> refusals_;
};

}  // namespace plugin
