// A directory with projects and repositories, and an index on loopback, for requirements that point
// at something.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {

// A backend (PEP 517) of one file, without requirements: it reads name and version of
// pyproject.toml and, if FAIL or SLOW is there, does not end well. Its metadata ask for "b".
extern const char* const kTinyBackend;

class DirectFixture : public testing::Test {
 protected:
  DirectFixture();
  ~DirectFixture() override;

  // What the JSON report says of the packages, by name; empty if there is no product.
  std::map<std::string, nlohmann::json> packages(std::vector<std::string> arguments);
  Ran advise(std::vector<std::string> arguments);
  std::string wheel_url(const std::string& name, const std::string& version) const;
  std::string read(const std::string& file) const;
  // A project with a [project] table; `optional` are lines of [project.optional-dependencies].
  void write_project(const std::string& directory, const std::string& name,
                     const std::string& version, const std::vector<std::string>& needs = {},
                     const std::string& optional = {});
  // Runs git in `directory` of ours; what it printed, without the line's end.
  std::string git(const std::string& directory, const std::string& arguments);
  // Makes it a repository with one commit, which is returned.
  std::string make_repository(const std::string& directory);

  support::LoopbackServer server_;
  support::TempDirectory directory_;
  std::map<std::string, std::string> variables_;
  bool keep_store_ = false;
  bool declared_ = true;  // the target: Python 3.11 on manylinux_2_28_x86_64, or this machine
  Ran ran_;
};

}  // namespace plugin::test
